"""The list of who belongs to a farm and who is invited."""

from __future__ import annotations

import msgspec

from cloud.domain.members import member_id
from cloud.usecases.list_members import list_members
from cloud.usecases.remove_member import remove_member
from tests.fakes.people import member
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.seats import ANN, BOB, EVE, invited, secret_of
from wire.people import MemberList, MemberView, Role


def _list(world: World, farm: Farm) -> MemberList:
    return list_members(world.ports, farm.farm, farm.email)


def test_a_new_farm_has_its_owner(world: World, farm: Farm) -> None:
    owner = MemberView(member_id(OWNER), OWNER, Role.OWNER, None, NOW)
    assert _list(world, farm) == MemberList([owner], [])


def test_by_address_with_role_limit_and_since_when(world: World, farm: Farm) -> None:
    world.clock.advance(5)
    member(world, farm, BOB, Role.OPERATOR)
    member(world, farm, ANN, Role.VIEWER, ("Ann",))
    rows = [(row.email, row.role, row.clients, row.joined_at) for row in _list(world, farm).members]
    assert rows == [
        (ANN, Role.VIEWER, ("Ann",), NOW + 5),
        (BOB, Role.OPERATOR, None, NOW + 5),
        (OWNER, Role.OWNER, None, NOW),
    ]


def test_invitations_are_listed_without_their_secrets(world: World, farm: Farm) -> None:
    made = [invited(world, farm, Role.VIEWER, ("Ann",), email) for email in (BOB, ANN, None)]
    listed = _list(world, farm)
    assert [row.email for row in listed.invitations] == [None, ANN, BOB]
    assert listed.invitations == [each.invitation for each in reversed(made)]
    text = msgspec.json.encode(listed).decode()
    assert not any(secret_of(each) in text for each in made)


def test_expired_invitations_are_gone(world: World, farm: Farm) -> None:
    invited(world, farm)
    world.clock.advance(world.ports.policy.invitation_s - 1)
    assert len(_list(world, farm).invitations) == 1
    world.clock.advance(1)
    assert _list(world, farm).invitations == []


def test_invitations_of_a_removed_owner_are_gone(world: World, farm: Farm) -> None:
    invited(world, member(world, farm, EVE, Role.OWNER))
    remove_member(world.ports, farm.farm, OWNER, member_id(EVE))
    assert _list(world, farm).invitations == []


def test_other_farms_are_not_listed() -> None:
    world = World(page_max=2)
    north, south = world.farm(), world.farm("South", "south@example.test")
    for _ in range(5):
        invited(world, north)
    invited(world, south, email=ANN)
    member(world, south, BOB)
    assert [row.email for row in _list(world, south).members] == [BOB, "south@example.test"]
    assert [row.email for row in _list(world, south).invitations] == [ANN]
    assert len(_list(world, north).invitations) == 5
