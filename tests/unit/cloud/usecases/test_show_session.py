"""Who is signed in, and where they belong."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.ports import Item
from cloud.usecases.show_session import show_session
from tests.fakes.people import member, remove_member
from tests.fakes.provider import FakeProvider
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, Farm, World
from wire.faults import Fault
from wire.people import FarmSeat, Role, SessionView


def _change(world: World, **changes: object) -> None:
    item = world.store.items[keys.person(OWNER)]
    person = msgspec.structs.replace(item.read(Person), **changes)
    world.store.items[item.key] = Item.of(item.key, person, revision=item.revision + 1)


def test_owner_of_one_farm(world: World, farm: Farm) -> None:
    expected = SessionView(OWNER, [FarmSeat(farm.farm, "North", Role.OWNER)])
    assert show_session(world.ports, OWNER) == expected


def test_every_farm_with_its_own_role_and_clients_by_name_and_no_other(world: World, farm: Farm) -> None:
    south, east = world.farm("South", "south@example.test"), world.farm("East", "east@example.test")
    member(world, south, OWNER, Role.VIEWER, ("Ann",))
    assert show_session(world.ports, OWNER).farms == [
        FarmSeat(farm.farm, "North", Role.OWNER),
        FarmSeat(south.farm, "South", Role.VIEWER, ("Ann",)),
    ]
    assert [seat.farm for seat in show_session(world.ports, "east@example.test").farms] == [east.farm]


def test_whoever_belongs_nowhere_is_shown_no_farm(world: World, farm: Farm) -> None:
    remove_member(world, farm.farm, OWNER)
    assert show_session(world.ports, OWNER) == SessionView(OWNER, [])


def test_person_of_an_older_program_owns_their_farm(world: World, farm: Farm) -> None:
    older = Person(OWNER, farm.farm, "hash", NOW)
    world.store.items[keys.person(OWNER)] = Item.of(keys.person(OWNER), older)
    assert show_session(world.ports, OWNER).farms == [FarmSeat(farm.farm, "North", Role.OWNER)]


def test_farm_that_has_gone_is_not_shown(world: World, farm: Farm) -> None:
    del world.store.items[keys.farm(farm.farm)]
    assert show_session(world.ports, OWNER).farms == []


def test_how_they_sign_in(world: World, farm: Farm) -> None:
    _change(world, totp_offered="SECRET")
    assert not show_session(world.ports, OWNER).second_factor
    _change(world, totp_secret="SECRET", password_hash="", identity=("https://id.test", "7"))
    ports = replace(world.ports, provider=FakeProvider())
    view = show_session(ports, OWNER)
    assert (view.second_factor, view.has_password, view.provider) == (True, False, "Example")


def test_account_that_has_gone_is_not_signed_in(world: World) -> None:
    with pytest.raises(Fault) as caught:
        show_session(world.ports, OWNER)
    assert (caught.value.code, caught.value.status) == ("not_signed_in", 401)
