"""A ticket opens one socket, once, soon."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.people import Connection
from cloud.domain.records import Cadence
from cloud.ports import Item
from cloud.usecases.issue_ticket import issue_ticket
from cloud.usecases.open_socket import open_socket
from cloud.usecases.set_password import set_password
from cloud.usecases.sign_out import sign_out
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, Farm, World
from wire.faults import Fault


def _ticket(world: World, farm: Farm) -> str:
    return issue_ticket(world.ports, world.person(farm)).ticket


def _refused(world: World, connection: str, ticket: str) -> None:
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        open_socket(world.ports, connection, ticket)
    assert (caught.value.code, caught.value.status) == ("ticket_refused", 401)
    assert world.store.items == before


def test_connection_is_registered_and_the_farm_watched(world: World, farm: Farm) -> None:
    before = set(world.store.items)
    open_socket(world.ports, "c1", _ticket(world, farm))
    record, end = Connection(farm.farm, "c1", OWNER, world.person(farm).session), NOW + 90
    expected = [
        Item.of(keys.connection("c1"), record, expires_at=end),
        Item.of(keys.farm_connection(farm.farm, "c1"), record, expires_at=end),
        Item.of(keys.cadence(farm.farm), Cadence(watched_until=end)),
    ]
    added = {key: item for key, item in world.store.items.items() if key not in before}
    assert added == {item.key: item for item in expected}


def test_ticket_works_once(world: World, farm: Farm) -> None:
    ticket = _ticket(world, farm)
    open_socket(world.ports, "c1", ticket)
    _refused(world, "c2", ticket)


def test_ticket_taken_by_another_at_the_same_moment(world: World, farm: Farm) -> None:
    ticket = _ticket(world, farm)
    world.store.interruptions = [lambda: open_socket(world.ports, "thief", ticket)]
    with pytest.raises(Fault, match="used"):
        open_socket(world.ports, "c1", ticket)
    assert keys.connection("c1") not in world.store.items
    assert keys.connection("thief") in world.store.items


@pytest.mark.parametrize(("age_s", "works"), [(29, True), (30, False), (3600, False)])
def test_ticket_dies_after_half_a_minute(world: World, farm: Farm, age_s: float, works: bool) -> None:
    ticket = _ticket(world, farm)
    world.clock.advance(age_s)
    if works:
        open_socket(world.ports, "c1", ticket)
        assert keys.connection("c1") in world.store.items
    else:
        _refused(world, "c1", ticket)


@pytest.mark.parametrize("ticket", ["", "unknown", "0" * 10_000])
def test_made_up_ticket(world: World, farm: Farm, ticket: str) -> None:
    _ticket(world, farm)
    _refused(world, "c1", ticket)


def test_ticket_is_for_its_own_farm_only(world: World, farm: Farm) -> None:
    other = world.farm("South", "south@example.test")
    open_socket(world.ports, "c1", _ticket(world, other))
    assert world.store.items[keys.connection("c1")].read(Connection).farm == other.farm
    assert keys.farm_connection(farm.farm, "c1") not in world.store.items
    assert keys.cadence(farm.farm) not in world.store.items


def test_ticket_ends_with_its_session(world: World, farm: Farm) -> None:
    ticket = _ticket(world, farm)
    sign_out(world.ports, farm.email, world.person(farm).session)
    with pytest.raises(Fault, match="used"):
        open_socket(world.ports, "c1", ticket)
    assert keys.connection("c1") not in world.store.items


def test_ticket_ends_with_the_password(world: World, farm: Farm) -> None:
    ticket = _ticket(world, farm)
    set_password(world.ports, OWNER, "another password")
    with pytest.raises(Fault, match="used"):
        open_socket(world.ports, "c1", ticket)
    assert keys.connection("c1") not in world.store.items


def test_cookie_is_no_ticket(world: World, farm: Farm) -> None:
    _refused(world, "c1", farm.cookie)
