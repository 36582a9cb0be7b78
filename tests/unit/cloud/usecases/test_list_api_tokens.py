"""Who sees which API tokens."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain.policy import DAY_S
from cloud.usecases.create_api_token import create_api_token
from cloud.usecases.list_api_tokens import list_api_tokens
from tests.fakes.people import member
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.seats import ANN, BOB
from wire.people import ApiTokenRequest, NewApiToken, Role


def _make(world: World, seat: Farm, name: str, days: int = 1) -> NewApiToken:
    return create_api_token(world.ports, world.person(seat), ApiTokenRequest(name, Role.VIEWER, days))


def _names(world: World, seat: Farm) -> list[str]:
    return [token.name for token in list_api_tokens(world.ports, world.person(seat)).tokens]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_members_see_their_own_and_owners_all(world: World, farm: Farm, role: Role) -> None:
    ann, bob = member(world, farm, ANN, role), member(world, farm, BOB, role, ("Bob",))
    for seat in (ann, bob, farm):
        _make(world, seat, seat.email)
    assert (_names(world, ann), _names(world, bob)) == ([ANN], [BOB])
    assert sorted(_names(world, farm)) == [ANN, BOB, OWNER]


def test_newest_first_and_expired_ones_not_at_all(world: World, farm: Farm) -> None:
    for name, days in (("short", 1), ("long", 3), ("middle", 2)):
        _make(world, farm, name, days)
        world.clock.advance(1)
    assert _names(world, farm) == ["middle", "long", "short"]
    world.clock.advance(DAY_S - 3)
    assert _names(world, farm) == ["middle", "long"]
    world.clock.advance(2 * DAY_S)
    assert _names(world, farm) == ["long"]
    world.clock.advance(1)
    assert _names(world, farm) == []


def test_no_secret_is_shown_and_no_other_farms_token() -> None:
    world = World(page_max=2)
    north, south = world.farm(), world.farm("South", "south@example.test")
    secrets = [_make(world, north, f"token {number}").secret for number in range(5)]
    listed = list_api_tokens(world.ports, world.person(north))
    text = msgspec.json.encode(listed).decode()
    assert len(listed.tokens) == 5
    assert not any(secret.rpartition(".")[2] in text for secret in secrets)
    assert _names(world, south) == []
