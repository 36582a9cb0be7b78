"""The folder of one machine's commander: who holds it, and the small files in it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

import filelock
import msgspec
import platformdirs

T = TypeVar("T")
STORE_FILE = "commander.sqlite"


class FolderError(Exception):
    """The folder cannot be used; the message says why, in a sentence for the operator."""


def default_path() -> Path:
    """The user's own, as the system lays such folders."""
    return Path(platformdirs.user_data_dir("rig-commander", appauthor=False))


class Folder:
    """Held by one commander at a time; raises FolderError."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self._make()
        self._lock = filelock.FileLock(self.path / "lock")
        try:
            self._lock.acquire(timeout=0)
        except filelock.Timeout as error:
            raise FolderError(f"{self.path} is in use by another commander.") from error
        except OSError as error:
            raise FolderError(f"{self.path} cannot be written: {error.strerror}.") from error

    @property
    def store_file(self) -> Path:
        return self.path / STORE_FILE

    @property
    def sentry(self) -> Path:
        """The folder of this computer's own sentry."""
        return self.path / "sentry"

    @property
    def asic_edge(self) -> Path:
        """The folder of the edge that reads simulated ASICs."""
        return self.path / "asic-edge"

    def release(self) -> None:
        """Another commander may take the folder."""
        self._lock.release()

    def read(self, name: str, kind: type[T]) -> T | None:
        """A file written by `write`; None where there is none. Raises FolderError when damaged."""
        path = self.path / name
        try:
            return msgspec.json.decode(path.read_bytes(), type=kind)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            raise FolderError(f"{path} cannot be read: {error}.") from error

    def write(self, name: str, content: object) -> Path:
        """Replaces a file as a whole; only its owner may read it. Raises FolderError."""
        path = self.path / name
        try:
            _replace(path, msgspec.json.encode(content))
        except OSError as error:
            raise FolderError(f"{path} cannot be written: {error.strerror}.") from error
        return path

    def _make(self) -> None:
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise FolderError(f"{self.path} cannot be made: {error.strerror}.") from error
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise FolderError(f"{self.path} cannot be written by this user.")


def _replace(path: Path, content: bytes) -> None:
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
