"""The programs that come with the commander: where their archives are, and the SHA-256 of each."""

from __future__ import annotations

from typing import Final, Literal

from cloud.domain.catalogue.rows import ROWS, Row
from wire.assignments import Archive, System
from wire.templates import SoftwareArchive

_GITHUB: Final = "https://github.com/"
Kind = Literal["tar.gz", "tar.xz", "tar.bz2", "zip", "file"]
_KINDS: Final[tuple[tuple[str, Kind], ...]] = (
    (".tar.gz", "tar.gz"),
    (".tgz", "tar.gz"),
    (".tar.xz", "tar.xz"),
    (".zip", "zip"),
)


def catalogue() -> dict[tuple[str, str], tuple[SoftwareArchive, ...]]:
    """The archives of each program and version."""
    found: dict[tuple[str, str], tuple[SoftwareArchive, ...]] = {}
    for row in ROWS:
        program, version, system = row.name.split()
        found[program, version] = (*found.get((program, version), ()), _archive(row, System(system)))
    return found


def _archive(row: Row, system: System) -> SoftwareArchive:
    """Without a SHA-256, or of a kind that cannot be unpacked, there is nothing to install."""
    url = row.address if not row.address or "://" in row.address else _GITHUB + row.address
    kind = next((kind for ending, kind in _KINDS if url.endswith(ending)), None)
    whole = Archive(url, row.sha256, kind, row.executable) if row.sha256 and kind else None
    return SoftwareArchive(system, whole, url, row.note)
