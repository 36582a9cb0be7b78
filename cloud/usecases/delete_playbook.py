"""Takes a playbook off the list, unless a rig is to run it."""

from __future__ import annotations

import msgspec

from cloud.domain.audit import Act
from cloud.ports import Ports
from cloud.usecases.find_playbooks import find_book, playbook_unknown
from cloud.usecases.find_wanted import find_wanted
from cloud.usecases.keep_book import commit_book
from wire.faults import Fault


def delete_playbook(ports: Ports, farm: str, playbook: str) -> None:
    """Raises Fault `playbook_unknown` (404), `playbook_in_use` or `try_again` (409).

    Its versions are kept: a change of rigs that is taken back may need one.
    """
    book, revision = find_book(ports, farm)
    head = book.playbooks.get(playbook)
    if head is None:
        raise playbook_unknown()
    rigs = len(find_wanted(ports, farm).get(playbook, {}))
    if rigs:
        message = f"It is to run on {rigs} rig{'s' if rigs > 1 else ''}; take it from them first."
        raise Fault("playbook_in_use", message, status=409)
    left = {other: kept for other, kept in book.playbooks.items() if other != playbook}
    act = Act("delete_playbook", f"playbook {playbook}", before={"name": head.name, "version": head.version})
    commit_book(ports, farm, revision, msgspec.structs.replace(book, playbooks=left), act)
