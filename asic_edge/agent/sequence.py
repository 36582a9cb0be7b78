"""Numbers reports so that no number is used twice in an epoch, not even after a kill or a power cut."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from asic_edge.settings.folder import SettingsError

STEP: Final = 1000
_NAME = "sequence"
_WIDTH = 20


class Sequence:
    """Counts in memory; the disk holds the epoch and the first number that was never handed out.

    It is written once in `STEP` numbers, in place and at a fixed width, so that it works on a full disk too.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self.epoch, self._next = _read(self._path)
        self._reserved = self._next

    @property
    def used(self) -> bool:
        """Whether a number of the epoch may have been handed out."""
        return self._reserved > 0

    def begin(self, epoch: int) -> None:
        """From 0, in a new epoch; raises SettingsError."""
        self._write(epoch, 0)
        self.epoch, self._next, self._reserved = epoch, 0, 0

    def next(self) -> int:
        """Larger than all before; raises SettingsError when none could be reserved."""
        if self._next == self._reserved:
            self._write(self.epoch or 0, self._reserved + STEP)
            self._reserved += STEP
        self._next += 1
        return self._next - 1

    def _write(self, epoch: int, number: int) -> None:
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, b"%0*d %0*d\n" % (_WIDTH, epoch, _WIDTH, number))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise SettingsError(f"Cannot write {self._path}: {error.strerror or error}.") from error


def _read(path: Path) -> tuple[int | None, int]:
    """Epoch and number; None for a file that is missing or damaged: guessing could repeat numbers."""
    try:
        text = path.read_bytes()
    except OSError:
        return None, 0
    words = text.split()
    if len(text) != 2 * _WIDTH + 2 or len(words) != 2 or not all(each.isdigit() for each in words):
        return None, 0
    return int(words[0]), int(words[1])
