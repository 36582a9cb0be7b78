"""Takes a program of the farm's own off the list, unless a playbook names it."""

from __future__ import annotations

import msgspec

from cloud.domain.audit import Act
from cloud.ports import Ports
from cloud.usecases.find_playbooks import find_book, in_words, uses_of
from cloud.usecases.keep_book import commit_book
from wire.faults import Fault


def delete_software(ports: Ports, farm: str, program: str, version: str) -> None:
    """For all systems. Raises Fault `software_unknown` (404), `software_in_use` or `try_again` (409)."""
    book, revision = find_book(ports, farm)
    left = tuple(each for each in book.software if (each.program, each.version) != (program, version))
    if len(left) == len(book.software):
        message = "The farm has added no such program; the catalogue's own stay."
        raise Fault("software_unknown", message, status=404)
    users = {
        playbook: head
        for playbook, head in book.playbooks.items()
        if (head.program, head.program_version) == (program, version)
    }
    if users:
        raise Fault("software_in_use", f"It is used by {in_words(uses_of(users, {}))}.", status=409)
    act = Act("delete_software", f"software {program} {version}")
    commit_book(ports, farm, revision, msgspec.structs.replace(book, software=left), act)
