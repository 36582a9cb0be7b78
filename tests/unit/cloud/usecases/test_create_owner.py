"""The first account and its farm."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.people import Members, Membership, Person
from cloud.domain.records import Farm as FarmRecord
from cloud.domain.records import FarmEntry
from cloud.usecases.create_owner import create_owner
from cloud.usecases.sign_in import sign_in
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, PASSWORD, World
from wire.faults import Fault
from wire.people import Role


def test_person_and_farm_are_stored(world: World) -> None:
    farm = create_owner(world.ports, OWNER, PASSWORD, "North")
    assert world.store.items[keys.farm(farm)].read(FarmRecord) == FarmRecord(farm, "North", NOW)
    assert world.store.items[keys.farm_entry(farm)].read(FarmEntry) == FarmEntry(farm)
    hashed, place = world.passwords.hash(PASSWORD), Membership(Role.OWNER, None, NOW)
    person = Person(OWNER, "", hashed, NOW, farms={farm: place}, verified=True)
    assert world.store.items[keys.person(OWNER)].read(Person) == person
    assert world.store.items[keys.members(farm)].read(Members) == Members({OWNER: place})


def test_farm_and_account_stand_in_the_logs(world: World) -> None:
    farm = create_owner(world.ports, OWNER, PASSWORD, "North")
    assert [(line.by, line.action) for line in world.audit(farm)] == [("commander", "create_farm")]
    assert [(line.thing, line.action) for line in world.audit(None)] == [
        (f"account {OWNER}", "create_account")
    ]


def test_password_itself_is_not_stored(world: World) -> None:
    create_owner(world.ports, OWNER, PASSWORD, "North")
    assert all(PASSWORD.encode() not in item.body for item in world.store.items.values())


def test_second_account_of_one_address_is_refused_and_nothing_stored(world: World) -> None:
    create_owner(world.ports, OWNER, PASSWORD, "North")
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        create_owner(world.ports, OWNER, "another-word", "South")
    assert (caught.value.code, caught.value.status) == ("account_exists", 409)
    assert world.store.items == before


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\u202eback", "x" * 81])
def test_farm_has_a_name_that_can_be_seen(world: World, name: str) -> None:
    with pytest.raises(Fault) as caught:
        create_owner(world.ports, OWNER, PASSWORD, name)
    assert (caught.value.code, caught.value.status) == ("bad_name", 422)
    assert world.store.items == {}


@pytest.mark.parametrize("password", ["too short", OWNER])
def test_password_is_one_that_counts(world: World, password: str) -> None:
    with pytest.raises(Fault) as caught:
        create_owner(world.ports, OWNER, password, "North")
    assert (caught.value.code, caught.value.status) == ("bad_password", 422)
    assert world.store.items == {}


def test_owner_whose_address_has_capitals_can_sign_in(world: World) -> None:
    create_owner(world.ports, "Owner@Example.test", PASSWORD, "North")
    assert sign_in(world.ports, "Owner@Example.test", PASSWORD)
