"""Finds a farm's address book, and versions of its playbooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cloud.domain import keys
from cloud.domain.playbooks import Book, Head, StoredVersion
from cloud.ports import Ports
from wire.faults import Fault
from wire.templates import Use

Wanted = Mapping[str, Mapping[str, int]]
"""Playbook to machine to wanted version."""


def find_book(ports: Ports, farm: str) -> tuple[Book, int]:
    """The book and its revision; an empty one of revision 0 where nothing was ever kept."""
    item = ports.store.get(keys.book(farm))
    return (item.read(Book), item.revision) if item else (Book(), 0)


def find_version(ports: Ports, farm: str, playbook: str, version: int | None = None) -> StoredVersion | None:
    """A version, or the newest one. A numbered one is found even when its playbook was deleted since."""
    if version is None:
        head = find_book(ports, farm)[0].playbooks.get(playbook)
        if head is None:
            return None
        version = head.version
    return find_versions(ports, farm, [(playbook, version)]).get((playbook, version))


def find_versions(
    ports: Ports, farm: str, wanted: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], StoredVersion]:
    """Those that there are, by playbook and number."""
    places = {keys.version(farm, *each): each for each in wanted}
    found = ports.store.get_many(list(places))
    return {places[key]: item.read(StoredVersion) for key, item in found.items()}


def newest_versions(ports: Ports, farm: str, heads: Mapping[str, Head]) -> list[StoredVersion]:
    """The newest version of each of these playbooks."""
    found = find_versions(ports, farm, [(playbook, head.version) for playbook, head in heads.items()])
    return list(found.values())


def uses_of(heads: Mapping[str, Head], wanted: Wanted) -> tuple[Use, ...]:
    """These playbooks by name, each with the number of rigs that are to run it."""
    uses = (Use(playbook, head.name, len(wanted.get(playbook, {}))) for playbook, head in heads.items())
    return tuple(sorted(uses, key=lambda use: (use.name.casefold(), use.playbook)))


def rigs_of(playbooks: Iterable[str], wanted: Wanted) -> list[str]:
    """The rigs that are to run one of these playbooks, by id."""
    return sorted({machine for playbook in playbooks for machine in wanted.get(playbook, {})})


def in_words(uses: Sequence[Use]) -> str:
    """The names of the first few."""
    names = ", ".join(use.name for use in uses[:5])
    return names if len(uses) <= 5 else f"{names} and {len(uses) - 5} more"


def playbook_unknown() -> Fault:
    """For whatever names a playbook that there is not."""
    return Fault("playbook_unknown", "There is no such playbook.", status=404)
