"""Reads and replaces small files of ours: whole or not at all, readable by their owner alone."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from asic_edge.settings.folder import SettingsError

MOST_BYTES: Final = 64 * 1024 * 1024
# O_NONBLOCK: opening a pipe would wait for its other end. O_BINARY: Windows would else change line ends.
_SAFELY = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))

T = TypeVar("T")


def load(path: Path, kind: type[T], advice: str) -> T | None:
    """What was once saved there, None when there is no such file.

    Raises SettingsError with `advice` for anything that is not what we wrote, and for links.
    """
    try:
        return msgspec.json.decode(_read(path), type=kind)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"Cannot read {path}: {error.strerror or error}.") from error
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise SettingsError(f"{path} is damaged. {advice}") from error


def save(path: Path, content: msgspec.Struct) -> None:
    """In place of what is there; survives a kill and a power cut. One writer at a time.

    Raises SettingsError; the former file is then as it was.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with suppress(FileNotFoundError):
            unfinished.unlink()  # of a process that was killed; it may be a link
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFELY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(content))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise SettingsError(f"Cannot write {path}: {error.strerror or error}.") from error


def _read(path: Path) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | _SAFELY), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("no plain file")
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError("too long")
    return content


def _sync_folder(folder: Path) -> None:
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
