"""Accounts of an older program, which knew one farm and no members."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.people import Members, Membership, Person
from cloud.ports import Item, Put
from cloud.usecases.write_out_farms import write_out_farms
from tests.fakes.world import OWNER, Farm, World
from wire.people import Role


@pytest.fixture
def old(world: World, farm: Farm) -> Item:
    person = world.store.items[keys.person(OWNER)].read(Person)
    item = Item.of(
        keys.person(OWNER),
        msgspec.structs.replace(person, farm=farm.farm, farms={}, verified=False),
        revision=7,
    )
    world.store.write(Put(item))
    del world.store.items[keys.members(farm.farm)]
    return item


def test_they_get_what_newer_ones_have(world: World, farm: Farm, old: Item) -> None:
    write_out_farms(world.ports, old)
    place = Membership(Role.OWNER, None, old.read(Person).created_at)
    written = world.store.items[old.key]
    assert written.revision == 8
    expected = msgspec.structs.replace(old.read(Person), farm="", farms={farm.farm: place}, verified=True)
    assert written.read(Person) == expected
    assert world.store.items[keys.members(farm.farm)].read(Members) == Members({OWNER: place})


def test_newer_ones_are_left_alone(world: World, farm: Farm, old: Item) -> None:
    write_out_farms(world.ports, old)
    before = dict(world.store.items)
    write_out_farms(world.ports, world.store.items[old.key])
    assert world.store.items == before


def test_members_that_are_listed_already_stay(world: World, farm: Farm, old: Item) -> None:
    listed = Members({OWNER: Membership(Role.OWNER), "ann@b.test": Membership(Role.VIEWER)})
    world.store.write(Put(Item.of(keys.members(farm.farm), listed)))
    write_out_farms(world.ports, old)
    assert world.store.items[keys.members(farm.farm)].read(Members) == listed
    assert world.store.items[old.key].read(Person).farm == ""


def test_another_change_at_that_moment_wins(world: World, farm: Farm, old: Item) -> None:
    world.store.interruptions = [lambda: world.store.write(Put(Item.of(old.key, Person("x", "", "", 1))))]
    write_out_farms(world.ports, old)
    assert world.store.items[old.key].read(Person).email == "x"
    assert keys.members(farm.farm) not in world.store.items
