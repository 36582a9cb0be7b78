"""Follows what a program writes into a file, keeps a bounded and redacted log of it, and cuts the file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from io import FileIO
from pathlib import Path

from edge_sentry.settings.files import open_plain, read_file
from edge_sentry.supervisor.places import LOG, LOG_AT, LOG_BEFORE, OUTPUT
from edge_sentry.supervisor.redaction import Redaction

CUT_AT_BYTES = 8 * 2**20
MOST_AT_ONCE_BYTES = 256 * 2**10
LOG_BYTES = 2**20
MOST_LINES = 1000
_LONGEST_RAW_BYTES = 16 * 2**10
_TAIL_BYTES = 512 * 2**10


class MinerLog:
    """`follow` does all the work, bounded however much was written; no program ever waits for it.

    The program opened its output for append, so that it goes on at the beginning once the file was
    cut to nothing. What a flood writes beyond `MOST_AT_ONCE_BYTES` between two calls is skipped.
    """

    def __init__(self, folder: Path, secrets: Iterable[str]) -> None:
        self._output, self._log = folder / OUTPUT, folder / LOG
        self._older, self._mark = folder / LOG_BEFORE, folder / LOG_AT
        self._redaction = Redaction(secrets)
        mark = _read_number(self._mark)
        self._at = self._line_at = max(mark, 0)
        self._part = b""
        self._skipping = mark < 0
        # How much the program wrote since we follow, what was skipped included: lines may repeat.
        self.grown_bytes = 0

    def hide(self, secrets: Iterable[str]) -> None:
        """From now on these are the secrets."""
        self._redaction = Redaction(secrets)

    def follow(self) -> None:
        """Takes over what is new; raises OSError, but cuts the file even then.

        Neither it nor the log may be a link or have another name: somebody's file would be cut or grow.
        """
        try:
            output = FileIO(open_plain(self._output, os.O_RDWR, alone=True), "r+")
        except FileNotFoundError:
            return
        with output:
            try:
                self._follow(output)
            finally:
                if self._at >= CUT_AT_BYTES:
                    output.truncate(0)
                    self._begin_anew()

    def mark(self, line: str) -> None:
        """Puts in a line of our own; raises OSError."""
        self._append([f"--- {line}"])

    def last_lines(self, count: int) -> list[str]:
        """At most `MOST_LINES` of them, oldest first."""
        count = min(count, MOST_LINES)
        lines = _tail(self._log)
        if len(lines) < count:
            lines = _tail(self._older) + lines
        return lines[-count:] if count > 0 else []

    def _follow(self, output: FileIO) -> None:
        size = output.seek(0, os.SEEK_END)
        if size < self._at:
            self._begin_anew()
        if size == self._at:
            return
        self.grown_bytes += size - self._at
        lines = []
        if size - self._at > MOST_AT_ONCE_BYTES:
            lines.append(f"--- {size - self._at - MOST_AT_ONCE_BYTES} bytes skipped")
            self._at = size - MOST_AT_ONCE_BYTES
            self._part, self._skipping = b"", True
        output.seek(self._at)
        chunk = output.read(size - self._at)
        self._at += len(chunk)
        self._append([*lines, *self._lines(chunk)])
        self._keep_mark()

    def _begin_anew(self) -> None:
        """The file was cut: its first line may be the rest of one, with half a secret in it."""
        self._at, self._part, self._skipping = 0, b"", True
        self._keep_mark()

    def _lines(self, chunk: bytes) -> list[str]:
        """The whole lines; what begins another waits. A progress bar ends each of its states by \r."""
        *whole, part = (self._part + chunk).replace(b"\r", b"\n").split(b"\n")
        self._part = part[:_LONGEST_RAW_BYTES]
        if whole:
            self._line_at = self._at - len(part)
        if self._skipping:
            self._skipping = not whole
            whole = whole[1:]
        lines = (self._redaction.line(self._without_half_a_secret(each)) for each in whole)
        return [line for line in lines if line.strip()]

    def _without_half_a_secret(self, raw: bytes) -> bytes:
        whole = len(raw) <= _LONGEST_RAW_BYTES
        return raw if whole else raw[: _LONGEST_RAW_BYTES - 4 * self._redaction.longest]

    def _append(self, lines: list[str]) -> None:
        if not lines:
            return
        with suppress(FileNotFoundError):
            if self._log.lstat().st_size >= LOG_BYTES:
                self._log.replace(self._older)
        with _private(self._log, os.O_APPEND) as file:
            file.write("".join(f"{line}\n" for line in lines).encode(errors="replace"))

    def _keep_mark(self) -> None:
        """Where a later agent goes on: at the beginning of a line, -1 for the next one after the first."""
        mark = -1 if self._skipping else self._line_at
        with _private(self._mark, 0) as file:
            file.write(b"%020d" % mark)


def _private(path: Path, flags: int) -> FileIO:
    """Opens a file for writing that, when new, only its owner may read; what is in it stays."""
    return FileIO(open_plain(path, os.O_WRONLY | os.O_CREAT | flags, alone=True), "wb")


def _read_number(path: Path) -> int:
    try:
        return int(read_file(path, most_bytes=64))
    except (OSError, ValueError):
        return 0


def _tail(path: Path) -> list[str]:
    try:
        with FileIO(open_plain(path, os.O_RDONLY), "rb") as file:
            skipped = max(file.seek(0, os.SEEK_END) - _TAIL_BYTES, 0)
            file.seek(skipped)
            lines = file.read(_TAIL_BYTES).decode(errors="replace").splitlines()
    except OSError:
        return []
    return lines[1:] if skipped else lines
