"""The package as one zip file whose bytes depend on the content alone."""

from __future__ import annotations

import hashlib
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

_FILE_MODE, _FOLDER_MODE = 0o644, 0o755
_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip file can say."""
_EPOCH_S = 315_532_800
"""The same as seconds since 1970 in UTC."""
_UNIX = 3


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip file as it lies on disk."""

    path: Path
    size_bytes: int
    sha256: str


def normalise(folder: Path) -> None:
    """Gives every file and folder the same owner's rights and time wherever it was built."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(_FOLDER_MODE if path.is_dir() else _FILE_MODE)
        os.utime(path, (_EPOCH_S, _EPOCH_S))


def files_of(folder: Path) -> list[str]:
    """Names below `folder`, with slashes, sorted."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def write_archive(folder: Path, path: Path) -> Archive:
    """Zips `folder` to `path`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in files_of(folder):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system, entry.external_attr = _UNIX, (0o100000 | _FILE_MODE) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (folder / name).read_bytes())
    content = path.read_bytes()
    return Archive(path, len(content), hashlib.sha256(content).hexdigest())
