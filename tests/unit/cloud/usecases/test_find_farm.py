"""Which farm an account owns."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.people import Membership, Person
from cloud.ports import Item, Put
from cloud.usecases.create_owner import create_owner
from cloud.usecases.find_farm import find_farm
from tests.fakes.ports import fake_ports
from tests.fakes.world import World
from wire.people import Role


def test_the_oldest_farm_of_an_account_that_it_owns(world: World) -> None:
    farm = world.farm("North", "one@example.org").farm
    item = world.store.items[keys.person("one@example.org")]
    places = {
        "farm_viewed": Membership(Role.VIEWER, None, 1.0),
        "farm_later": Membership(Role.OWNER, None, world.clock() + 1),
        **item.read(Person).memberships,
    }
    world.store.write(Put(Item.of(item.key, msgspec.structs.replace(item.read(Person), farms=places))))
    assert find_farm(world.ports, "one@example.org") == farm


def test_the_farm_of_an_account() -> None:
    ports = fake_ports()
    farm = create_owner(ports, "one@example.org", "a good password", "One")
    create_owner(ports, "two@example.org", "a good password", "Two")
    assert find_farm(ports, "one@example.org") == farm
    assert find_farm(ports, "nobody@example.org") is None
