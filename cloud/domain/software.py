"""Which programs can be installed: those of the catalogue and those that a farm added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cloud.domain.catalogue.archives import catalogue
from cloud.domain.catalogue.scripts import script_templates
from wire.assignments import Archive, System
from wire.faults import Fault
from wire.templates import Software, SoftwareArchive, SoftwareList, SoftwareRequest

READABLE: Final = frozenset(
    {
        "bzminer",
        "ccminer",
        "claymore",
        "cpuminer-opt",
        "ethminer",
        "gminer",
        "lolminer",
        "miniz",
        "nanominer",
        "nbminer",
        "onezerominer",
        "phoenixminer",
        "rigel",
        "srbminer-multi",
        "t-rex",
        "teamblackminer",
        "teamredminer",
        "tt-miner",
        "wildrig-multi",
        "xmrig",
    }
)
"""Programs whose figures the sentry reads. Others run all the same."""


def software_list(own: Sequence[SoftwareRequest]) -> SoftwareList:
    """By program; of each the newest version of the catalogue first, then the farm's own."""
    found = [
        Software(program, version, archives, readable=program in READABLE)
        for (program, version), archives in catalogue().items()
    ]
    versions: dict[tuple[str, str], tuple[SoftwareArchive, ...]] = {}
    for each in own:
        key = (each.program, each.version)
        versions[key] = (
            *versions.get(key, ()),
            SoftwareArchive(each.system, each.archive, each.archive.url[:200]),
        )
    found += [
        Software(program, version, archives, own=True, readable=program in READABLE)
        for (program, version), archives in versions.items()
    ]
    return SoftwareList(tuple(sorted(found, key=lambda each: each.program)), script_templates())


def find_archive(
    own: Sequence[SoftwareRequest], program: str, version: str, system: System
) -> Archive | None:
    """What is downloaded to install it; None where nothing can be."""
    for each in own:
        if (each.program, each.version, each.system) == (program, version, system):
            return each.archive
    known = catalogue().get((program, version), ())
    return next((each.archive for each in known if each.system is system), None)


def checked_software(added: SoftwareRequest) -> SoftwareRequest:
    """Raises Fault `bad_software` (422) for a name or path that would lead out of the program's folder."""
    if not added.program[0].isalnum() or not added.version[0].isalnum():
        message = "A program and its version begin with a letter or a digit."
        raise Fault("bad_software", message, "program" if not added.program[0].isalnum() else "version")
    parts = added.archive.executable.split("/")
    if not all(part.strip(".") for part in parts):
        raise Fault("bad_software", "The executable lies within the archive.", "archive.executable")
    if added.archive.kind == "file" and len(parts) > 1:
        message = "A single file gets a name, and no folder."
        raise Fault("bad_software", message, "archive.executable")
    return added
