"""Goes back to an earlier version of a playbook: it becomes the newest one, with its pools and wallets."""

from __future__ import annotations

import msgspec

from cloud.domain.playbooks import StoredVersion
from cloud.ports import Ports
from cloud.usecases.change_templates import check_users
from cloud.usecases.find_playbooks import find_book, find_version
from cloud.usecases.find_wanted import find_wanted
from cloud.usecases.keep_book import commit_book
from cloud.usecases.list_playbooks import playbook_view
from cloud.usecases.save_playbook import newest, version_act
from cloud.usecases.spread_versions import spread_versions
from wire.faults import Fault
from wire.templates import PlaybookView, VersionRequest


def restore_version(ports: Ports, farm: str, playbook: str, wish: VersionRequest) -> PlaybookView:
    """The addresses are those of that version, whatever the address book says now; its present name stays.

    Raises Fault `playbook_unknown` or `version_unknown` (404), `too_many_users` or `try_again` (409).
    """
    book, revision = find_book(ports, farm)
    before = newest(ports, farm, book, playbook)
    wanted = find_version(ports, farm, playbook, wish.version)
    if wanted is None or wish.version > before.told.version:
        raise Fault("version_unknown", "There is no such version.", "version", status=404)
    draft = msgspec.structs.replace(wanted.told.draft, name=before.told.draft.name)
    check_users(book, draft, playbook)
    told = msgspec.structs.replace(
        wanted.told,
        version=before.told.version + 1,
        draft=draft,
        at=ports.clock(),
        by=ports.actor.name,
        why=f"back to version {wish.version}",
    )
    made = StoredVersion.made(playbook, told, wanted.pools, wanted.archives)
    commit_book(ports, farm, revision, book, version_act("restore_version", before, made), [made])
    what = f"playbook {draft.name} back to version {wish.version}"
    spread_versions(ports, farm, what, {playbook: told.version}, wish.pace)
    return playbook_view(made, find_wanted(ports, farm))
