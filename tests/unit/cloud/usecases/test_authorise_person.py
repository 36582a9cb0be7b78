"""Who a cookie belongs to, and until when."""

from __future__ import annotations

import pytest

from cloud.domain import tokens
from cloud.domain.principals import PersonPrincipal
from cloud.usecases.authorise_person import authorise_person
from tests.fakes.world import OWNER, Farm, World
from wire.faults import Fault


def test_cookie_proves_the_person(world: World, farm: Farm) -> None:
    expected = PersonPrincipal(OWNER, farm.farm, tokens.sha256(farm.cookie))
    assert authorise_person(world.ports, farm.cookie) == expected


@pytest.mark.parametrize("cookie", [None, "", "unknown", "é" * 100])
def test_anything_else_is_not_signed_in(world: World, farm: Farm, cookie: str | None) -> None:
    with pytest.raises(Fault) as caught:
        authorise_person(world.ports, cookie)
    assert (caught.value.code, caught.value.status) == ("not_signed_in", 401)


def test_digest_of_a_session_is_no_cookie(world: World, farm: Farm) -> None:
    with pytest.raises(Fault, match="sign in"):
        authorise_person(world.ports, tokens.sha256(farm.cookie))


def test_session_expires(world: World, farm: Farm) -> None:
    world.clock.advance(world.ports.policy.session_s - 1)
    assert authorise_person(world.ports, farm.cookie).farm == farm.farm
    world.clock.advance(1)
    with pytest.raises(Fault, match="sign in"):
        authorise_person(world.ports, farm.cookie)


def test_store_is_not_asked_without_a_cookie(world: World) -> None:
    with pytest.raises(Fault):
        authorise_person(world.ports, None)
    assert world.store.calls == []
