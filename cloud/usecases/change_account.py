"""Reads an account, and writes it back when nothing else changed it meanwhile."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.people import Person
from cloud.ports import AtRevision, Item, Ports, Put
from cloud.usecases.keep_audit import note_account
from wire.faults import Fault


def find_account(ports: Ports, email: str) -> Item:
    """The account of somebody who is signed in; raises Fault `not_signed_in` (401) when it has gone."""
    item = ports.store.get(keys.person(email))
    if item is None:
        raise Fault("not_signed_in", "Please sign in.", status=401)
    return item


def change_account(ports: Ports, item: Item, person: Person, act: Act | None = None) -> Item:
    """The account's new item, noted in the audit log as `act`.

    Raises Fault `try_again` (409) when it changed since `item` was read.
    """
    put = account_put(item, person)
    done = note_account(ports, act, [put], who=person.email) if act else ports.store.write(put)
    if not done:
        raise Fault("try_again", "The account changed meanwhile; please try again.", status=409)
    return put.item


def account_put(item: Item, person: Person) -> Put:
    """The write of it, for a commit of one's own."""
    return Put(Item.of(item.key, person, revision=item.revision + 1), AtRevision(item.revision))
