"""Numbers reports so that no number is ever used twice, not even after a kill -9 or a power cut."""

from __future__ import annotations

from pathlib import Path

from edge_sentry.settings.files import overwrite, read_file, replace_file
from edge_sentry.settings.folder import SettingsError

STEP = 1000
_NAME = "sequence"
_WIDTH = 20


class Sequence:
    """Counts in memory and keeps on disk the first number that was never handed out.

    The disk is written once per `STEP` numbers, in place and at a fixed width, so that it works on
    a full disk too; a crash skips at most `STEP` numbers.
    """

    def __init__(self, folder: Path) -> None:
        """Raises SettingsError when the file is missing or damaged: guessing could repeat numbers."""
        self._path = folder / _NAME
        self._next = self._reserved = _read(self._path)

    @property
    def used(self) -> bool:
        """Whether a number may have been handed out since the epoch began."""
        return self._reserved > 0

    def next(self) -> int:
        """A number larger than all before; raises OSError when none could be reserved."""
        if self._next == self._reserved:
            overwrite(self._path, _text(self._reserved + STEP))
            self._reserved += STEP
        self._next += 1
        return self._next - 1


def start_sequence(folder: Path) -> None:
    """Begins at 0, for a new epoch; raises SettingsError."""
    path = folder / _NAME
    try:
        replace_file(path, _text(0), durable=True)
    except OSError as error:
        raise SettingsError(f"Cannot write {path}: {error.strerror}.") from error


def _read(path: Path) -> int:
    try:
        text = read_file(path)
    except PermissionError as error:
        raise SettingsError(
            f"Cannot read {path}: {error.strerror}. Run this as the user whom it belongs to, or as root."
        ) from error
    except OSError as error:
        raise SettingsError(
            f"Cannot read {path}: {error.strerror}. Enrol this machine again with: edge-sentry enrol"
        ) from error
    if len(text) != _WIDTH + 1 or not text.strip().isdigit():
        raise SettingsError(f"{path} is damaged. Enrol this machine again with: edge-sentry enrol")
    return int(text)


def _text(number: int) -> bytes:
    return b"%0*d\n" % (_WIDTH, number)
