"""A secret is offered until one is proved."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.ports import Item, Put
from cloud.usecases.limit_tries import ACCOUNT_FREE, of_account
from cloud.usecases.offer_second_factor import offer_second_factor
from cloud.usecases.prove_second_factor import prove_second_factor
from cloud.usecases.sign_in import sign_in
from tests.fakes.second_factor import Telephone, with_second_factor
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.faults import Fault


def _refusal(world: World, password: str = PASSWORD) -> tuple[str, int]:
    with pytest.raises(Fault) as caught:
        offer_second_factor(world.ports, OWNER, password)
    return caught.value.code, caught.value.status


def test_offer_changes_nothing_about_signing_in(world: World, farm: Farm) -> None:
    offer = offer_second_factor(world.ports, OWNER, PASSWORD)
    assert f"secret={offer.secret}" in offer.uri
    assert len(offer.rows) == len(offer.rows[0])
    assert sign_in(world.ports, OWNER, PASSWORD)


def test_a_stolen_session_without_the_password_turns_nothing_on(world: World, farm: Farm) -> None:
    before = world.store.items[keys.person(OWNER)]
    codes = [_refusal(world, "wrong") for _ in range(ACCOUNT_FREE + 1)]
    assert codes == [("password_wrong", 403)] * ACCOUNT_FREE + [("too_many_sign_ins", 429)]
    assert world.store.items[keys.person(OWNER)] == before


def test_right_password_forgets_the_wrong_ones(world: World, farm: Farm) -> None:
    _refusal(world, "wrong")
    offer_second_factor(world.ports, OWNER, PASSWORD)
    assert of_account(OWNER, "").key not in world.store.items


def test_only_the_last_offer_can_be_proved(world: World, farm: Farm) -> None:
    first, last = (offer_second_factor(world.ports, OWNER, PASSWORD) for _ in range(2))
    assert first.secret != last.secret
    with pytest.raises(Fault):
        prove_second_factor(world.ports, OWNER, Telephone(first.secret, []).code(world.clock()))
    prove_second_factor(world.ports, OWNER, Telephone(last.secret, []).code(world.clock()))
    with pytest.raises(Fault, match="code"):
        sign_in(world.ports, OWNER, PASSWORD)


def test_one_that_is_on_is_ended_first(world: World, farm: Farm) -> None:
    with_second_factor(world)
    assert _refusal(world) == ("second_factor_on", 409)


def test_account_without_a_password_has_nothing_to_guard(world: World, farm: Farm) -> None:
    item = world.store.items[keys.person(OWNER)]
    bare = msgspec.structs.replace(item.read(Person), password_hash="")
    world.store.write(Put(Item.of(item.key, bare, revision=9)))
    assert _refusal(world) == ("no_password", 409)
