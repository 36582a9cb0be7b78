"""Makes the first account and its farm."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.labels import checked_name
from cloud.domain.records import Farm, FarmEntry, Person
from cloud.ports import Absent, Item, Ports, Put
from wire.faults import Fault


def create_owner(ports: Ports, email: str, password: str, farm_name: str) -> str:
    """Stores a person and a farm of theirs, and gives the farm's id.

    Raises Fault `bad_name` (422) or `account_exists` (409).
    """
    now, email, name = ports.clock(), email.strip().lower(), checked_name(farm_name)
    farm = Farm(ports.randomness.new_id("farm"), name, now)
    person = Person(email, farm.farm, ports.passwords.hash(password), now)
    made = ports.store.commit(
        [
            Put(Item.of(keys.farm(farm.farm), farm), Absent()),
            Put(Item.of(keys.farm_entry(farm.farm), FarmEntry(farm.farm))),
            Put(Item.of(keys.person(email), person), Absent()),
        ]
    )
    if not made:
        raise Fault("account_exists", f"There is an account for {email} already.", status=409)
    return farm.farm
