"""Signing in: the right password opens a session; whatever is wrong looks and costs the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloud.adapters.token_buckets import TokenBuckets
from cloud.domain import keys, tokens
from cloud.domain.policy import DAY_S
from cloud.domain.records import Session
from cloud.ports import Item, PasswordsBusy, Ports
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


class Busy:
    """Passwords of which as many are being verified as may be."""

    def hash(self, password: str) -> str:
        return password

    def verify(self, password: str, password_hash: str | None) -> bool:
        raise PasswordsBusy


def test_busy_verifier_is_told_as_too_many(world: World, farm: Farm) -> None:
    busy = replace(world.ports, passwords=Busy())
    with pytest.raises(Fault) as caught:
        sign_in(busy, OWNER, PASSWORD)
    assert (caught.value.code, caught.value.status) == (MANY, 429)
    assert caught.value.retry_after_s == 2


def _limited(world: World, *, by_email: int = 1000, by_address: int = 1000) -> Ports:
    return replace(
        world.ports,
        sign_ins_by_email=TokenBuckets(world.clock, 0.5, by_email),
        sign_ins_by_address=TokenBuckets(world.clock, 0.5, by_address),
    )


def _codes(ports: Ports, *tries: tuple[str, str]) -> list[str]:
    """What becomes of each wrong sign-in: (e-mail, address)."""
    codes = []
    for email, address in tries:
        with pytest.raises(Fault) as caught:
            sign_in(ports, email, "wrong", address)
        codes.append(caught.value.code)
    return codes


WRONG, MANY = "sign_in_refused", "too_many_sign_ins"


@pytest.mark.parametrize("email", [OWNER, "nobody@example.test"])
def test_one_account_is_tried_a_few_times_and_known_and_unknown_ones_answer_alike(
    world: World, farm: Farm, email: str
) -> None:
    ports = _limited(world, by_email=2)
    world.passwords.verified.clear()
    tries = [(email, "10.0.0.1"), (email.upper(), "10.0.0.2"), (f" {email}", ""), (email, "10.0.0.3")]
    assert _codes(ports, *tries) == [WRONG, WRONG, MANY, MANY]
    assert len(world.passwords.verified) == 2
    assert _codes(ports, ("somebody@example.test", "10.0.0.1")) == [WRONG]


def test_refusal_says_when_to_come_again_and_then_lets_in(world: World, farm: Farm) -> None:
    ports = _limited(world, by_email=1)
    sign_in(ports, OWNER, PASSWORD)
    with pytest.raises(Fault) as caught:
        sign_in(ports, OWNER, PASSWORD)
    assert (caught.value.status, caught.value.retry_after_s) == (429, 2)
    world.clock.advance(2)
    assert sign_in(ports, OWNER, PASSWORD)


def test_one_caller_is_limited_whomever_it_names_and_blocks_nobodys_account(world: World, farm: Farm) -> None:
    ports = _limited(world, by_email=1, by_address=2)
    tries = [(f"{number}@example.test", "10.0.0.1") for number in range(4)]
    assert _codes(ports, *tries, (OWNER, "10.0.0.1")) == [WRONG, WRONG, MANY, MANY, MANY]
    assert sign_in(ports, OWNER, PASSWORD, "10.0.0.2")


def test_caller_whose_address_is_not_known_is_limited_by_account_alone(world: World, farm: Farm) -> None:
    ports = _limited(world, by_address=1)
    assert _codes(ports, *[(f"{number}@example.test", "") for number in range(5)]) == [WRONG] * 5
