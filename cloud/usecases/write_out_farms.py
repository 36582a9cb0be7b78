"""Brings an account of an older program up to date: it kept one farm, and the farm no members."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.people import Members, Person
from cloud.ports import Absent, AtRevision, Item, Ports, Put, Write


def write_out_farms(ports: Ports, item: Item) -> None:
    """Does nothing to a newer account. Where something else changes it now, the next time will do."""
    person = item.read(Person)
    if not person.farm:
        return
    places = person.memberships
    # The operator made it, and so vouched for the address.
    renewed = msgspec.structs.replace(person, farm="", farms=places, verified=True)
    members = keys.members(person.farm)
    writes: list[Write] = [
        Put(Item.of(item.key, renewed, revision=item.revision + 1), AtRevision(item.revision))
    ]
    if person.farm in places and ports.store.get(members) is None:
        writes.append(Put(Item.of(members, Members({person.email: places[person.farm]})), Absent()))
    ports.store.commit(writes)
