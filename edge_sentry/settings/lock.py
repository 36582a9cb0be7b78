"""Lets only one agent run on a data folder, and tells which one does."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from edge_sentry.settings.files import open_plain, read_file
from edge_sentry.settings.folder import SettingsError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_NAME = "lock"
_TRIES = 5
_PAUSE_S = 0.05
_WINDOWS_OFFSET = 1 << 30  # locked bytes cannot be read there: lock one far behind the pid


class FolderLock:
    """Held until `release` or the end of the process, however it ends."""

    def __init__(self, folder: Path) -> None:
        """Raises SettingsError naming the pid that holds the lock."""
        self._path = folder / _NAME
        self._descriptor = _open(self._path)
        if not _taken_patiently(self._descriptor):
            os.close(self._descriptor)
            raise SettingsError(
                f"edge-sentry already runs on {folder} (pid {_pid(self._path) or 'unknown'})."
            )
        with suppress(OSError):  # a full disk is no reason not to run
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, b"%d\n" % os.getpid())

    def release(self) -> None:
        """Lets another agent run."""
        os.close(self._descriptor)


def running_pid(folder: Path) -> int | None:
    """The pid of the agent that runs on the folder, 0 if that is unreadable, None when none runs."""
    path = folder / _NAME
    if not path.exists():
        return None
    descriptor = _open(path)
    try:
        return None if _take(descriptor) else _pid(path)
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    try:
        return open_plain(path, os.O_RDWR | os.O_CREAT, alone=True)
    except OSError as error:
        raise SettingsError(f"Cannot open {path}: {error.strerror}.") from error


def _taken_patiently(descriptor: int) -> bool:
    """Tries for a moment, since `status` holds the lock while it looks."""
    for _ in range(_TRIES):
        if _take(descriptor):
            return True
        time.sleep(_PAUSE_S)
    return False


def _take(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _WINDOWS_OFFSET, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _pid(path: Path) -> int:
    try:
        return int(read_file(path, most_bytes=64))
    except (OSError, ValueError):
        return 0
