"""Keys for programs are never stronger than who makes them."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from cloud.domain import keys, tokens
from cloud.domain.members import member_id
from cloud.domain.permissions import OPERATE, VIEW, Seat
from cloud.domain.policy import DAY_S, Policy
from cloud.usecases.authorise_person import Proof, authorise_person
from cloud.usecases.change_member import change_member
from cloud.usecases.create_api_token import create_api_token
from tests.fakes.people import member
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.seats import ANN, acts, fault_of
from wire.faults import Fault
from wire.people import ApiTokenRequest, ApiTokenView, MemberChange, NewApiToken, Role

SCRIPT = ApiTokenRequest("a script", Role.VIEWER, 30)


def _make(world: World, seat: Farm, wanted: ApiTokenRequest = SCRIPT) -> NewApiToken:
    return create_api_token(world.ports, world.person(seat), wanted)


def _seat(world: World, made: NewApiToken) -> Seat:
    return authorise_person(world.ports, Proof(authorization=f"Bearer {made.secret}"), VIEW).seat


def test_it_works_until_it_expires(world: World, farm: Farm) -> None:
    made = _make(world, farm)
    expires_at = NOW + 30 * DAY_S
    assert made.token == ApiTokenView(made.token.token, "a script", OWNER, Role.VIEWER, None, NOW, expires_at)
    assert made.secret.startswith(f"{farm.farm}.apitoken_")
    assert _seat(world, made) == Seat(Role.VIEWER)
    world.clock.advance(30 * DAY_S - 1)
    assert _seat(world, made) == Seat(Role.VIEWER)
    world.clock.advance(1)
    with pytest.raises(Fault) as caught:
        _seat(world, made)
    assert fault_of(caught) == ("token_wrong", 401)


def test_only_a_digest_of_its_secret_is_kept_and_nothing_in_the_log(world: World, farm: Farm) -> None:
    made = _make(world, farm)
    secret = made.secret.rpartition(".")[2]
    assert not any(secret.encode() in item.body for item in world.store.items.values())
    kept = world.store.items[keys.api_token(farm.farm, made.token.token)]
    assert tokens.sha256(secret).encode() in kept.body
    assert kept.expires_at == made.token.expires_at
    (line,) = acts(world, farm.farm)
    assert (line.action, line.thing) == ("create_api_token", f"api_token {made.token.token}")
    assert tokens.sha256(secret).encode() not in bytes(line.after)
    assert msgspec.json.decode(line.after)["name"] == "a script"


@pytest.mark.parametrize("own", list(Role))
@pytest.mark.parametrize("wanted", list(Role))
def test_at_most_ones_own_role(world: World, farm: Farm, own: Role, wanted: Role) -> None:
    seat = member(world, farm, ANN, own)
    order = list(Role)
    request = ApiTokenRequest("a script", wanted, 1)
    if order.index(wanted) <= order.index(own):
        assert _seat(world, _make(world, seat, request)).role is wanted
        return
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        _make(world, seat, request)
    assert fault_of(caught) == ("not_allowed", 403)
    assert world.store.items == before


def test_who_sees_some_clients_makes_tokens_for_those_or_fewer(world: World, farm: Farm) -> None:
    seat = member(world, farm, ANN, Role.OPERATOR, ("Ann", "Bob"))
    fewer = _make(world, seat, ApiTokenRequest("a script", Role.VIEWER, 1, ("Bob",)))
    assert _seat(world, fewer) == Seat(Role.VIEWER, frozenset({"Bob"}))
    own = _make(world, seat)
    assert own.token.clients == ("Ann", "Bob")
    for clients in (("Eve",), ("Ann", "Eve")):
        with pytest.raises(Fault) as caught:
            _make(world, seat, ApiTokenRequest("a script", Role.VIEWER, 1, clients))
        assert fault_of(caught) == ("not_allowed", 403)
        assert caught.value.field == "clients"


def test_a_limit_that_is_lifted_later_stays_on_the_token(world: World, farm: Farm) -> None:
    made = _make(world, member(world, farm, ANN, Role.VIEWER, ("Ann",)))
    change_member(world.ports, farm.farm, OWNER, member_id(ANN), MemberChange(Role.OPERATOR, None))
    assert _seat(world, made) == Seat(Role.VIEWER, frozenset({"Ann"}))
    with pytest.raises(Fault, match="takes the role operator"):
        authorise_person(world.ports, Proof(authorization=f"Bearer {made.secret}"), OPERATE)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (ApiTokenRequest(" ", Role.VIEWER, 1), "bad_name"),
        (ApiTokenRequest("x" * 81, Role.VIEWER, 1), "bad_name"),
        (ApiTokenRequest("a\u202eb", Role.VIEWER, 1), "bad_name"),
        (ApiTokenRequest("a", Role.OWNER, 1, ("Ann",)), "owner_sees_all"),
        (ApiTokenRequest("a", Role.VIEWER, 1, ()), "bad_clients"),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, farm: Farm, wanted: ApiTokenRequest, code: str) -> None:
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        _make(world, farm, wanted)
    assert fault_of(caught) == (code, 422)
    assert world.store.items == before


def test_a_farm_has_so_many_and_no_more(world: World, farm: Farm) -> None:
    world.ports = replace(world.ports, policy=Policy(api_tokens_per_farm_max=2))
    _make(world, farm)
    _make(world, farm, ApiTokenRequest("another", Role.VIEWER, 1))
    with pytest.raises(Fault) as caught:
        _make(world, farm)
    assert fault_of(caught) == ("too_many_api_tokens", 409)
    world.clock.advance(DAY_S)
    assert _make(world, farm).token.name == "a script"


def test_a_member_has_so_many_and_takes_up_nobodys_room(world: World, farm: Farm) -> None:
    world.ports = replace(world.ports, policy=Policy(api_tokens_per_member_max=1))
    _make(world, member(world, farm, ANN, Role.VIEWER, ("Ann",)))
    with pytest.raises(Fault, match="You have 1 API tokens") as caught:
        _make(world, member(world, farm, ANN, Role.VIEWER, ("Ann",)))
    assert fault_of(caught) == ("too_many_api_tokens", 409)
    assert _make(world, farm).token.email == OWNER
