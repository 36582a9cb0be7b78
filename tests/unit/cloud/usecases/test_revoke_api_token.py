"""API tokens that end before they expire."""

from __future__ import annotations

import pytest

from cloud.domain.permissions import VIEW
from cloud.usecases.authorise_person import Proof, authorise_person
from cloud.usecases.list_api_tokens import find_api_tokens
from cloud.usecases.revoke_api_token import forget_api_tokens, revoke_api_token
from tests.fakes.people import bearer_of, member
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.seats import ANN, BOB, acts, fault_of
from wire.faults import Fault
from wire.people import Role


def _token(world: World, farm: Farm, email: str) -> tuple[str, str]:
    """Its id, and the header that shows it."""
    bearer = bearer_of(world, farm.farm, email)
    return bearer.split(".")[1], bearer


def _works(world: World, bearer: str) -> bool:
    try:
        return bool(authorise_person(world.ports, Proof(authorization=bearer), VIEW))
    except Fault:
        return False


@pytest.mark.parametrize("asking", [ANN, OWNER])
def test_ones_own_and_by_owners_anybodys(world: World, farm: Farm, asking: str) -> None:
    seat = member(world, farm, ANN)
    token, bearer = _token(world, farm, ANN)
    assert _works(world, bearer)
    revoke_api_token(world.ports, world.person(seat if asking == ANN else farm), token)
    assert not _works(world, bearer)
    (line,) = acts(world, farm.farm)
    assert (line.action, line.thing) == ("revoke_api_token", f"api_token {token}")


@pytest.mark.parametrize("whose", ["unknown", "another's", "another farm's"])
def test_the_rest_looks_unknown(world: World, farm: Farm, whose: str) -> None:
    bob, south = member(world, farm, BOB, Role.OPERATOR), world.farm("South", ANN)
    token = {
        "unknown": "apitoken_x",
        "another's": _token(world, farm, OWNER)[0],
        "another farm's": _token(world, south, ANN)[0],
    }[whose]
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        revoke_api_token(world.ports, world.person(bob), token)
    assert fault_of(caught) == ("token_unknown", 404)
    assert world.store.items == before


def test_revoked_twice_at_once_is_one_line(world: World, farm: Farm) -> None:
    token, _ = _token(world, farm, OWNER)
    owner = world.person(farm)
    world.store.interruptions = [lambda: revoke_api_token(world.ports, owner, token)]
    with pytest.raises(Fault) as caught:
        revoke_api_token(world.ports, owner, token)
    assert fault_of(caught) == ("token_unknown", 404)
    assert len(acts(world, farm.farm)) == 1


def test_all_of_one_person_are_forgotten_and_no_others() -> None:
    world = World(page_max=2)
    farm = world.farm()
    for email in (ANN, OWNER, ANN, BOB, ANN):
        _token(world, farm, email)
    forget_api_tokens(world.ports, farm.farm, ANN)
    assert sorted(token.email for token in find_api_tokens(world.ports, farm.farm)) == [BOB, OWNER]
