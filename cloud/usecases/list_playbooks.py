"""Lists a farm's playbooks, and the versions of one."""

from __future__ import annotations

from cloud.domain.playbooks import VERSIONS_SHOWN_MAX, StoredVersion
from cloud.ports import Ports
from cloud.usecases.find_playbooks import Wanted, find_book, find_versions, newest_versions, playbook_unknown
from cloud.usecases.find_wanted import find_wanted
from wire.templates import PlaybookHistory, PlaybookList, PlaybookView


def list_playbooks(ports: Ports, farm: str) -> PlaybookList:
    """By name, each with its newest version."""
    book, _ = find_book(ports, farm)
    wanted = find_wanted(ports, farm)
    views = [playbook_view(version, wanted) for version in newest_versions(ports, farm, book.playbooks)]
    return PlaybookList(tuple(sorted(views, key=lambda view: view.newest.draft.name.casefold())))


def show_playbook(ports: Ports, farm: str, playbook: str) -> PlaybookHistory:
    """Its newest 50 versions, the newest first. Raises Fault `playbook_unknown` (404)."""
    head = find_book(ports, farm)[0].playbooks.get(playbook)
    if head is None:
        raise playbook_unknown()
    numbers = range(head.version, max(0, head.version - VERSIONS_SHOWN_MAX), -1)
    found = find_versions(ports, farm, [(playbook, number) for number in numbers])
    versions = (found.get((playbook, number)) for number in numbers)
    return PlaybookHistory(playbook, tuple(version.told for version in versions if version is not None))


def playbook_view(newest: StoredVersion, wanted: Wanted) -> PlaybookView:
    """As the page is told of it; `changed` counts rigs that are to run an older version as yet."""
    rigs = wanted.get(newest.playbook, {})
    older = sum(version != newest.told.version for version in rigs.values())
    return PlaybookView(newest.playbook, newest.told, len(rigs), older)
