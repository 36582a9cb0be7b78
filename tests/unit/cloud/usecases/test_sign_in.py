"""Signing in: the right password opens a session; whatever is wrong looks and costs the same."""

from __future__ import annotations

import pytest

from cloud.domain import keys, tokens
from cloud.domain.policy import DAY_S
from cloud.domain.records import Session
from cloud.ports import Item
from cloud.usecases.sign_in import sign_in
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.faults import Fault


def _refused(world: World, email: str, password: str) -> Fault:
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        sign_in(world.ports, email, password)
    assert world.store.items == before
    return caught.value


def test_session_is_kept_by_the_digest_of_its_cookie(world: World, farm: Farm) -> None:
    cookie = sign_in(world.ports, OWNER, PASSWORD)
    key = keys.session(tokens.sha256(cookie))
    expected = Item.of(key, Session(OWNER, farm.farm, NOW), expires_at=NOW + 30 * DAY_S)
    assert world.store.items[key] == expected
    assert all(cookie.encode() not in item.body for item in world.store.items.values())


@pytest.mark.parametrize("email", [f"  {OWNER} ", OWNER.upper()])
def test_address_is_read_loosely(world: World, farm: Farm, email: str) -> None:
    assert sign_in(world.ports, email, PASSWORD) != farm.cookie


@pytest.mark.parametrize("email", [OWNER, "nobody@example.test", "", "x" * 320, "a#b", "é@ü.test"])
def test_each_refusal_costs_one_verification_and_says_the_same(world: World, farm: Farm, email: str) -> None:
    world.passwords.verified.clear()
    fault = _refused(world, email, "wrong")
    assert len(world.passwords.verified) == 1
    assert (fault.code, fault.status, fault.message) == (
        "sign_in_refused",
        401,
        "E-mail or password is wrong.",
    )
    assert fault.field == ""


def test_nobody_is_verified_against_nobodys_hash(world: World, farm: Farm) -> None:
    world.passwords.verified.clear()
    _refused(world, "nobody@example.test", PASSWORD)
    assert world.passwords.verified == [None]


@pytest.mark.parametrize("password", ["", PASSWORD + " ", PASSWORD.upper(), PASSWORD[:-1]])
def test_password_is_read_exactly(world: World, farm: Farm, password: str) -> None:
    assert _refused(world, OWNER, password).code == "sign_in_refused"


def test_hash_is_no_password(world: World, farm: Farm) -> None:
    assert _refused(world, OWNER, world.passwords.hash(PASSWORD)).code == "sign_in_refused"
