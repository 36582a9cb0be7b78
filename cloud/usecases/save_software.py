"""Adds a program, or a version of one, for one system."""

from __future__ import annotations

import msgspec

from cloud.domain.audit import Act
from cloud.domain.software import checked_software, find_archive, software_list
from cloud.ports import Ports
from cloud.usecases.find_playbooks import find_book
from cloud.usecases.keep_book import check_room, commit_book
from wire.faults import Fault
from wire.templates import SoftwareList, SoftwareRequest


def add_software(ports: Ports, farm: str, added: SoftwareRequest) -> SoftwareList:
    """Raises Fault `bad_software` (422), `software_known`, `too_many_templates` or `try_again` (409)."""
    added = checked_software(added)
    book, revision = find_book(ports, farm)
    check_room(len(book.software), "programs of its own")
    if find_archive(book.software, added.program, added.version, added.system) is not None:
        message = "This version is there already for this system: give yours another version."
        raise Fault("software_known", message, "version", status=409)
    changed = msgspec.structs.replace(book, software=(*book.software, added))
    thing = f"software {added.program} {added.version} {added.system}"
    after = {"url": added.archive.url, "sha256": added.archive.sha256}
    commit_book(ports, farm, revision, changed, Act("add_software", thing, after=after))
    return software_list(changed.software)
