"""Makes a playbook, or a new version of one, and brings it to the rigs that are to run it."""

from __future__ import annotations

from cloud.domain.audit import Act
from cloud.domain.playbooks import Book, StoredVersion
from cloud.ports import Ports
from cloud.usecases.change_templates import check_users
from cloud.usecases.find_playbooks import find_book, find_versions, playbook_unknown
from cloud.usecases.find_wanted import find_wanted
from cloud.usecases.keep_book import check_free, check_room, commit_book
from cloud.usecases.list_playbooks import playbook_view
from cloud.usecases.resolve_draft import Resolved, resolve_draft
from cloud.usecases.spread_versions import spread_missed, spread_versions
from wire.templates import PlaybookDraft, PlaybookVersion, PlaybookView, Speed


def add_playbook(ports: Ports, farm: str, draft: PlaybookDraft) -> PlaybookView:
    """Raises the Faults of `resolve_draft`.

    Besides (409): `name_taken`, `too_many_templates`, `too_many_users` or `try_again`.
    """
    book, revision = find_book(ports, farm)
    check_room(len(book.playbooks), "playbooks")
    playbook = ports.randomness.new_id("playbook")
    made = _version(ports, book, playbook, resolve_draft(book, draft), "made")
    after = {"name": made.told.draft.name, "version": 1}
    commit_book(ports, farm, revision, book, Act("add_playbook", f"playbook {playbook}", after=after), [made])
    return playbook_view(made, {})


def change_playbook(
    ports: Ports, farm: str, playbook: str, draft: PlaybookDraft, pace: Speed
) -> PlaybookView:
    """A new version, unless nothing changed. Also raises `playbook_unknown` (404)."""
    book, revision = find_book(ports, farm)
    before = newest(ports, farm, book, playbook)
    resolved = resolve_draft(book, draft)
    made = _version(ports, book, playbook, resolved, "changed")
    what = f"playbook {made.told.draft.name} changed"
    if (made.told.draft, made.pools, made.archives) == (before.told.draft, before.pools, before.archives):
        spread_missed(ports, farm, what, {playbook: before.told.version}, pace)
        return playbook_view(before, find_wanted(ports, farm))
    act = version_act("change_playbook", before, made)
    commit_book(ports, farm, revision, book, act, [made])
    spread_versions(ports, farm, what, {playbook: made.told.version}, pace)
    return playbook_view(made, find_wanted(ports, farm))


def newest(ports: Ports, farm: str, book: Book, playbook: str) -> StoredVersion:
    """Raises Fault `playbook_unknown` (404)."""
    head = book.playbooks.get(playbook)
    if head is None:
        raise playbook_unknown()
    return find_versions(ports, farm, [(playbook, head.version)])[playbook, head.version]


def version_act(action: str, before: StoredVersion, made: StoredVersion) -> Act:
    """For the audit log: which version follows which, and where the money goes."""
    sides = [
        {"name": each.told.draft.name, "version": each.told.version, "wallets": each.told.wallets}
        for each in (before, made)
    ]
    return Act(action, f"playbook {made.playbook}", *sides)


def _version(ports: Ports, book: Book, playbook: str, resolved: Resolved, why: str) -> StoredVersion:
    """The next one of the playbook, once it is sure that it may be."""
    draft, head = resolved.draft, book.playbooks.get(playbook)
    others = (other.name for key, other in book.playbooks.items() if key != playbook)
    check_free(draft.name, others, "playbook")
    check_users(book, draft, playbook)
    number = head.version + 1 if head else 1
    told = PlaybookVersion(number, draft, (), (), ports.clock(), ports.actor.name, why)
    return StoredVersion.made(playbook, told, resolved.pools, resolved.archives)
