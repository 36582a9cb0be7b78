"""Unpacks a downloaded archive into an empty folder: nothing gets out of it, and nothing fills the disk."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import re
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from typing import IO, Final, NamedTuple, cast

from wire.assignments import Archive

ENTRIES_MAX: Final = 5000
UNPACKED_MAX_BYTES: Final = 2 * 1024**3
PATH_MAX_LETTERS: Final = 240
_CHUNK_BYTES: Final = 256 * 1024
_TABLE_MAX_BYTES: Final = 1024 * 1024
_DAMAGE = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
    NotImplementedError,
)
# What Windows takes for a device or another stream, and a name that means another folder anywhere.
_NAME = re.compile(r"[A-Za-z0-9._+@~(), -]+")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


_Inflated = gzip.GzipFile | lzma.LZMAFile | bz2.BZ2File


class UnpackError(Exception):
    """Why an archive is not installed, in a sentence."""


class Room(NamedTuple):
    """How much an archive may become."""

    bytes: int = UNPACKED_MAX_BYTES
    entries: int = ENTRIES_MAX


class _Bounded:
    """What tarfile needs of a file. It reads an archive's tables whole, however long they say they are."""

    def __init__(self, stream: _Inflated) -> None:
        self._stream = stream
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _TABLE_MAX_BYTES:
            raise UnpackError(
                "The archive's own table is larger than that of any program; such is not installed."
            )
        try:
            return self._stream.read(size)
        except OSError as error:  # what gzip and bz2 raise for damage
            raise tarfile.ReadError(str(error)) from error


class _Entry(NamedTuple):
    """A file of an archive: where it goes, and how its content is read."""

    path: PurePosixPath
    content: AbstractContextManager[IO[bytes]]
    executable: bool


def unpack(archive: Archive, downloaded: Path, folder: Path, room: Room = Room()) -> Path:  # noqa: B008 - immutable
    """Unpacks into `folder`, which must be empty; gives the path of the executable.

    Raises UnpackError; what was unpacked until then stays, so give it a folder to throw away. Raises OSError
    where the disk is full.
    """
    try:
        if archive.kind == "file":
            _write(folder / archive.executable, downloaded.open("rb"), [room.bytes], executable=True)
        elif archive.kind == "zip":
            _unpack_zip(downloaded, folder, room)
        else:
            _unpack_tar(archive.kind.removeprefix("tar."), downloaded, folder, room)
    except _DAMAGE as error:
        raise UnpackError(f"The archive is damaged: {str(error) or type(error).__name__}.") from error
    return _executable(archive, folder)


def _executable(archive: Archive, folder: Path) -> Path:
    path = folder / archive.executable
    try:
        there = stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        there = False
    if not there:
        raise UnpackError(f"The archive has no {archive.executable}, which is to be run.")
    path.chmod(0o755)
    return path


def _unpack_tar(packing: str, downloaded: Path, folder: Path, room: Room) -> None:
    with _inflated(packing, downloaded) as stream, _tar_of(stream) as tar:
        _unpack(_entries_of_tar(tar), folder, room)


def _inflated(packing: str, downloaded: Path) -> _Inflated:
    match packing:
        case "gz":
            return gzip.open(downloaded)
        case "xz":
            return lzma.open(downloaded)
        case _:
            return bz2.open(downloaded)


def _tar_of(stream: _Inflated) -> tarfile.TarFile:
    return tarfile.open(fileobj=cast("IO[bytes]", _Bounded(stream)), mode="r:")


def _entries_of_tar(tar: tarfile.TarFile) -> Iterator[_Entry | None]:
    for member in tar:
        if member.isdir():
            yield None
            continue
        if not member.isreg():
            raise UnpackError(
                f"The archive holds a link or a device, {member.name[:100]!r}; such is not installed."
            )
        content = tar.extractfile(member)
        if content is not None:
            yield _Entry(_checked(member.name), content, bool(member.mode & stat.S_IXUSR))


def _unpack_zip(downloaded: Path, folder: Path, room: Room) -> None:
    with zipfile.ZipFile(downloaded) as packed:
        _unpack(_entries_of_zip(packed), folder, room)


def _entries_of_zip(packed: zipfile.ZipFile) -> Iterator[_Entry | None]:
    for member in packed.infolist():
        mode = member.external_attr >> 16
        if member.is_dir():
            yield None
            continue
        if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
            raise UnpackError(
                f"The archive holds a link or a device, {member.filename[:100]!r}; such is not installed."
            )
        if member.flag_bits & 1:
            raise UnpackError("The archive asks for a password; such is not installed.")
        # Its own word for what its name was: zipfile cuts a name at a NUL.
        yield _Entry(_checked(member.orig_filename), packed.open(member), bool(mode & stat.S_IXUSR))


def _unpack(entries: Iterator[_Entry | None], folder: Path, room: Room) -> None:
    left, written = [room.bytes], set[str]()
    for count, entry in enumerate(entries, 1):
        if count > room.entries:
            raise UnpackError(f"The archive holds more than {room.entries:,} files; such is not installed.")
        if entry is None:
            continue
        known_as = str(entry.path).casefold()
        if known_as in written:
            raise UnpackError(f"The archive holds {str(entry.path)[:100]!r} twice; such is not installed.")
        written.add(known_as)
        _write(folder / entry.path, entry.content, left, executable=entry.executable)


def _write(
    path: Path, content: AbstractContextManager[IO[bytes]], left: list[int], *, executable: bool
) -> None:
    """Counts what is written, and not what the archive says of itself."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    except (FileExistsError, NotADirectoryError) as error:
        raise UnpackError(f"The archive holds {path.name[:100]!r} as a file and as a folder.") from error
    with content as source, os.fdopen(descriptor, "wb") as target:
        while chunk := source.read(_CHUNK_BYTES):
            left[0] -= len(chunk)
            if left[0] < 0:
                raise UnpackError("The archive becomes larger than any program is; such is not installed.")
            target.write(chunk)
    if executable:
        path.chmod(0o755)


def _checked(name: str) -> PurePosixPath:
    """A path that stays within the folder on every system; raises UnpackError."""
    path = PurePosixPath(name)
    parts = [part for part in name.split("/") if part not in ("", ".")]
    good = all(_NAME.fullmatch(part) and not part.endswith((".", " ")) for part in parts)
    devices = any(_DEVICES.fullmatch(part) for part in parts)
    if (
        not parts
        or path.is_absolute()
        or ".." in parts
        or not good
        or devices
        or len(name) > PATH_MAX_LETTERS
    ):
        raise UnpackError(f"The archive holds a file named {name[:100]!r}, which is not installed.")
    return PurePosixPath(*parts)


def remove_folder(folder: Path) -> None:
    """Removes what was unpacked, if it is there; raises OSError. Links are removed, not followed."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
