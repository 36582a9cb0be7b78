"""Another farm for somebody who has an account."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.people import AuditEntry, Membership, Person
from cloud.domain.policy import Policy
from cloud.domain.records import Farm as FarmRecord
from cloud.domain.records import FarmEntry
from cloud.ports import Item, Put
from cloud.usecases.create_farm import create_farm
from cloud.usecases.show_session import show_session
from tests.fakes.people import member
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.seats import ANN, fault_of, places, roles
from wire.faults import Fault
from wire.people import FarmSeat, Role


def test_its_maker_owns_it_beside_the_other_farms(world: World, farm: Farm) -> None:
    member(world, farm, ANN, Role.VIEWER, ("Ann",))
    made = create_farm(world.ports, ANN, " East ")
    assert made == FarmSeat(made.farm, "East", Role.OWNER)
    assert places(world, made.farm) == {ANN: Membership(Role.OWNER, None, NOW)}
    assert world.store.items[keys.farm(made.farm)].read(FarmRecord) == FarmRecord(made.farm, "East", NOW)
    assert world.store.items[keys.farm_entry(made.farm)].read(FarmEntry) == FarmEntry(made.farm)
    assert [seat.name for seat in show_session(world.ports, ANN).farms] == ["East", "North"]
    assert roles(world, farm.farm)[ANN] is Role.VIEWER
    line = world.store.items[keys.audit_line(made.farm, 1)].read(AuditEntry)
    assert (line.action, line.thing) == ("create_farm", f"farm {made.farm}")
    assert msgspec.json.decode(line.after) == {"name": "East", "owner": ANN}


def test_the_farm_of_an_older_store_is_not_lost(world: World, farm: Farm) -> None:
    key = keys.person(OWNER)
    old = world.store.items[key].read(Person)
    world.store.write(Put(Item.of(key, msgspec.structs.replace(old, farm=farm.farm, farms={}), revision=2)))
    made = create_farm(world.ports, OWNER, "East")
    assert {seat.farm for seat in show_session(world.ports, OWNER).farms} == {farm.farm, made.farm}


def test_a_person_has_so_many_and_no_more(world: World, farm: Farm) -> None:
    world.ports = replace(world.ports, policy=Policy(farms_per_person_max=2))
    create_farm(world.ports, OWNER, "East")
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        create_farm(world.ports, OWNER, "West")
    assert fault_of(caught) == ("too_many_farms", 409)
    assert world.store.items == before


def test_two_at_once_are_not_one_too_many(world: World, farm: Farm) -> None:
    world.ports = replace(world.ports, policy=Policy(farms_per_person_max=2))
    world.store.interruptions = [lambda: create_farm(world.ports, OWNER, "West")]
    with pytest.raises(Fault, match="as many as one person may"):
        create_farm(world.ports, OWNER, "East")
    assert [seat.name for seat in show_session(world.ports, OWNER).farms] == ["North", "West"]


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\nb", "\u202eback"])
def test_it_has_a_name_that_can_be_seen(world: World, farm: Farm, name: str) -> None:
    with pytest.raises(Fault) as caught:
        create_farm(world.ports, OWNER, name)
    assert fault_of(caught) == ("bad_name", 422)


def test_an_account_that_has_gone_makes_none(world: World) -> None:
    with pytest.raises(Fault) as caught:
        create_farm(world.ports, ANN, "East")
    assert fault_of(caught) == ("not_signed_in", 401)
