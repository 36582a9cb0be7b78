"""Writes small files so that a reader sees the old content or the new, never a part."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import FileIO
from pathlib import Path


def replace_file(path: Path, content: bytes, *, durable: bool) -> None:
    """Puts `content`, readable by the owner alone, in place of the file; raises OSError.

    `durable` also survives a power cut, at the price of waiting for the disk.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
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
