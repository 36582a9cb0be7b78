"""Gives an account a new password."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.records import Person
from cloud.ports import AtRevision, Item, Ports, Put
from wire.faults import Fault


def set_password(ports: Ports, email: str, password: str) -> None:
    """The old password stops working; raises Fault `account_unknown` (404)."""
    item = ports.store.get(keys.person(email))
    if item is None:
        raise Fault("account_unknown", f"There is no account for {email}.", status=404)
    person = msgspec.structs.replace(item.read(Person), password_hash=ports.passwords.hash(password))
    renewed = Item.of(item.key, person, revision=item.revision + 1)
    if not ports.store.write(Put(renewed, AtRevision(item.revision))):
        raise Fault("try_again", "The account changed meanwhile; please try again.", status=409)
