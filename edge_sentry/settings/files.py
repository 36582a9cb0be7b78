"""Reads and writes small files of ours: never through a link, never a pipe, never more than is sane."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from io import FileIO
from pathlib import Path

MOST_BYTES = 4 * 2**20
# O_NONBLOCK: opening a pipe would wait for its other end. O_BINARY: Windows would else write two bytes
# for a line's end.
_SAFELY = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))


def read_file(path: Path, most_bytes: int = MOST_BYTES) -> bytes:
    """All of it; raises OSError, also for a link, for what is no plain file and for too much."""
    with FileIO(open_plain(path, os.O_RDONLY), "rb") as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise OSError(errno.EFBIG, f"holds more than {most_bytes} bytes", str(path))
    return content


def open_plain(path: Path, flags: int, *, alone: bool = False) -> int:
    """A descriptor of a plain file, readable by its owner alone when it is new; raises OSError.

    `alone`: it must have no other name either, since somebody else's file may be behind it.
    """
    try:
        descriptor = os.open(path, flags | _SAFELY, 0o600)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "is a link, which is not followed", str(path)) from error
        raise
    found = os.fstat(descriptor)
    if stat.S_ISREG(found.st_mode) and (found.st_nlink == 1 or not alone):
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, "is no plain file, or has another name too", str(path))


def overwrite(path: Path, content: bytes) -> None:
    """Puts `content` over the beginning of a file that is there; raises OSError.

    Needs no room, so it works on a full disk. Only for what is so short that the disk takes it at once.
    """
    descriptor = open_plain(path, os.O_WRONLY, alone=True)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes, *, durable: bool) -> None:
    """Puts `content`, readable by the owner alone, in place of the file; raises OSError.

    `durable` also survives a power cut, at the price of waiting for the disk.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.unlink(missing_ok=True)  # it may be a link
        with open_private(temporary) as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
    if durable:
        _sync_folder(path.parent)


def open_private(path: Path) -> FileIO:
    """Opens a new or emptied file that only its owner may read."""
    return FileIO(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _sync_folder(folder: Path) -> None:
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
