"""Gives an account a new password."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.records import Person
from cloud.ports import AtRevision, Item, Ports, Put
from cloud.usecases.close_socket import end_sockets
from wire.faults import Fault


def set_password(ports: Ports, email: str, password: str) -> None:
    """The old password and every session opened with it stop working.

    Raises Fault `account_unknown` (404) or `try_again` (409).
    """
    item = ports.store.get(keys.person(email))
    if item is None:
        raise Fault("account_unknown", f"There is no account for {email}.", status=404)
    old = item.read(Person)
    hashed = ports.passwords.hash(password)
    person = msgspec.structs.replace(old, password_hash=hashed, generation=old.generation + 1)
    renewed = Item.of(item.key, person, revision=item.revision + 1)
    if not ports.store.write(Put(renewed, AtRevision(item.revision))):
        raise Fault("try_again", "The account changed meanwhile; please try again.", status=409)
    end_sockets(ports, person.farm)
