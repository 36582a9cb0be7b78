"""Members who are taken out of a farm."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.members import member_id
from cloud.usecases.remove_member import remove_member
from tests.fakes.people import bearer_of, member
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.seats import ANN, BOB, acts, fault_of, roles
from wire.faults import Fault
from wire.people import Role


def _api_tokens(world: World) -> list[str]:
    return [item.body.decode() for item in world.store.items.values() if item.kind == "apitoken"]


def test_the_member_is_gone_and_the_others_stay(world: World, farm: Farm) -> None:
    member(world, farm, ANN)
    member(world, farm, BOB, Role.OPERATOR)
    remove_member(world.ports, farm.farm, OWNER, member_id(ANN))
    assert roles(world, farm.farm) == {OWNER: Role.OWNER, BOB: Role.OPERATOR}
    assert keys.person(ANN) in world.store.items
    (line,) = acts(world, farm.farm)
    assert (line.action, line.thing, bytes(line.after)) == ("remove_member", f"member {ANN}", b"null")


def test_pages_end_and_api_tokens_are_deleted(world: World, farm: Farm) -> None:
    south = world.farm("South", "south@example.test")
    world.watch(member(world, farm, ANN), "ann's")
    member(world, south, ANN)
    for where, whose in ((farm, ANN), (farm, ANN), (farm, OWNER), (south, ANN)):
        bearer_of(world, where.farm, whose)
    remove_member(world.ports, farm.farm, OWNER, member_id(ANN))
    assert world.sockets.closed == ["ann's"]
    assert len(_api_tokens(world)) == 2
    assert [ANN in body for body in _api_tokens(world)] == [False, True]


def test_the_last_owner_stays_and_loses_nothing(world: World, farm: Farm) -> None:
    member(world, farm, ANN, Role.OPERATOR)
    bearer_of(world, farm.farm, OWNER)
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        remove_member(world.ports, farm.farm, OWNER, member_id(OWNER))
    assert fault_of(caught) == ("last_owner", 409)
    assert world.store.items == before


@pytest.mark.parametrize("member", ["0" * 32, member_id(ANN)])
def test_nobody_else_is_removed(world: World, farm: Farm, member: str) -> None:
    world.farm("South", ANN)
    with pytest.raises(Fault) as caught:
        remove_member(world.ports, farm.farm, OWNER, member)
    assert fault_of(caught) == ("member_unknown", 404)


def test_a_member_without_an_account_is_removed_all_the_same(world: World, farm: Farm) -> None:
    member(world, farm, ANN)
    del world.store.items[keys.person(ANN)]
    remove_member(world.ports, farm.farm, OWNER, member_id(ANN))
    assert roles(world, farm.farm) == {OWNER: Role.OWNER}
