"""Writes a changed address book with the versions of playbooks that follow from the change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.playbooks import TEMPLATES_MAX, Book, Head, ResolvedPool, StoredVersion
from cloud.ports import Absent, AtRevision, Item, Ports, Put, Write
from cloud.usecases.keep_audit import commit_audited
from wire.faults import Fault


def commit_book(
    ports: Ports, farm: str, revision: int, book: Book, act: Act, versions: Sequence[StoredVersion] = ()
) -> None:
    """All of it, if nobody changed the book since `revision` (0: there was none); else `try_again` (409).

    The heads of `versions` are written into the book here.
    """
    heads = {each.playbook: Head.of(each.told) for each in versions}
    book = msgspec.structs.replace(book, playbooks=book.playbooks | heads)
    kept = Item.of(keys.book(farm), book, revision=revision + 1)
    writes: list[Write] = [Put(kept, AtRevision(revision) if revision else Absent())]
    writes += [
        Put(Item.of(keys.version(farm, each.playbook, each.told.version), each), Absent())
        for each in versions
    ]
    if not commit_audited(ports, farm, act, writes):
        raise Fault("try_again", "Templates or playbooks changed meanwhile; please try again.", status=409)


def next_version(
    ports: Ports, before: StoredVersion, pools: Sequence[ResolvedPool], why: str
) -> StoredVersion:
    """The version after `before`, the same but for what its pools are now."""
    told = msgspec.structs.replace(
        before.told, version=before.told.version + 1, at=ports.clock(), by=ports.actor.name, why=why
    )
    return StoredVersion.made(before.playbook, told, pools, before.archives)


def check_room(kept: int, what: str) -> None:
    """Raises Fault `too_many_templates` (409) where one more of them is too many."""
    if kept >= TEMPLATES_MAX:
        message = f"A farm has at most {TEMPLATES_MAX} {what}."
        raise Fault("too_many_templates", message, status=409)


def check_free(name: str, others: Iterable[str], what: str) -> None:
    """Raises Fault `name_taken` (409) where another one has the name, be it in other letters."""
    if name.casefold() in {other.casefold() for other in others}:
        raise Fault("name_taken", f"There is a {what} with this name already.", "name", status=409)
