"""Tries are counted before they are made, and apart for whom they concern."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from cloud.domain.tries import FORGET_S, Tries
from cloud.ports import StoreBusy
from cloud.usecases.limit_tries import (
    ACCOUNT_FREE,
    ADDRESS_FREE,
    CODES_FREE,
    Limit,
    forget_tries,
    give_back_try,
    is_tried,
    of_account,
    of_address,
    of_codes,
    of_letters,
    reserve_try,
)
from tests.fakes.world import World
from wire.faults import Fault

LIMIT = of_account("a@b.test", "192.0.2.1")


def _made(world: World, *limits: Limit, tries: int = 100) -> int:
    """How many of so many tries get through now."""
    return sum(is_tried(world.ports, limits) for _ in range(tries))


def test_refusal_says_how_long_to_wait(world: World) -> None:
    assert _made(world, LIMIT) == ACCOUNT_FREE
    with pytest.raises(Fault, match="please wait 1 s") as caught:
        reserve_try(world.ports, [LIMIT])
    assert (caught.value.code, caught.value.status) == ("too_many_sign_ins", 429)
    assert caught.value.retry_after_s == 1
    world.clock.advance(0.75)
    with pytest.raises(Fault) as caught:
        reserve_try(world.ports, [LIMIT])
    assert caught.value.retry_after_s == 0.25
    world.clock.advance(0.25)
    reserve_try(world.ports, [LIMIT])


def test_accounts_and_addresses_are_counted_apart(world: World) -> None:
    limits = [
        LIMIT,
        of_account("a@b.test", "192.0.2.2"),
        of_account("b@b.test", "192.0.2.1"),
        of_codes("a@b.test"),
        of_codes("b@b.test"),
        of_letters("a@b.test"),
        *of_address("192.0.2.1"),
        *of_address(""),
    ]
    assert len({limit.key for limit in limits}) == len(limits)
    assert _made(world, LIMIT) == ACCOUNT_FREE
    assert [_made(world, limit) for limit in limits[1:4]] == [ACCOUNT_FREE, ACCOUNT_FREE, CODES_FREE]
    assert _made(world, limits[-1]) == ADDRESS_FREE


def test_no_address_can_be_made_of_two_others() -> None:
    assert of_account("a", "b\nc") != of_account("a\nb", "c")


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
        ("2001:DB8:1:2::1", "2001:db8:1:2::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_addresses_of_one_household_count_as_one(address: str, same: str) -> None:
    assert of_address(address) == of_address(same)


@pytest.mark.parametrize(
    ("address", "other"),
    [("2001:db8:1:2::1", "2001:db8:1:3::1"), ("192.0.2.1", "192.0.2.2"), ("", "::"), ("x", "y")],
)
def test_addresses_of_two_count_as_two(address: str, other: str) -> None:
    assert of_address(address) != of_address(other)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_this_computers_own_address_tells_nobody_apart(world: World, address: str) -> None:
    assert of_address(address) == ()
    reserve_try(world.ports, of_address(address))
    assert world.store.items == {}
    assert _made(world, of_account("a@b.test", address)) == ACCOUNT_FREE


@pytest.mark.parametrize(
    ("limit", "words"),
    [(LIMIT, "Too many tries from here; "), (of_codes("a@b.test"), "Too many codes for this account; ")],
)
def test_refusal_says_what_was_too_much(world: World, limit: Limit, words: str) -> None:
    _made(world, limit)
    with pytest.raises(Fault, match=words):
        reserve_try(world.ports, [limit])


def test_a_refused_try_is_counted_by_none(world: World) -> None:
    (other,) = of_address("192.0.2.1")
    _made(world, LIMIT)
    before = dict(world.store.items)
    assert _made(world, LIMIT, other) == 0
    assert world.store.items == before


def test_what_succeeded_is_forgotten_and_what_was_right_is_given_back(world: World) -> None:
    _made(world, LIMIT)
    forget_tries(world.ports, LIMIT)
    assert _made(world, LIMIT) == ACCOUNT_FREE
    (address,) = of_address("")
    for _ in range(50):
        reserve_try(world.ports, [address])
        give_back_try(world.ports, address)
    assert address.key not in world.store.items
    give_back_try(world.ports, address)


def test_giving_back_beside_another_try_loses_none(world: World) -> None:
    reserve_try(world.ports, [LIMIT])
    world.store.interruptions = [lambda: reserve_try(world.ports, [LIMIT])]
    give_back_try(world.ports, LIMIT)
    assert world.store.items[LIMIT.key].read(Tries).count == 2


def test_counts_vanish_by_themselves_and_hold_no_address(world: World) -> None:
    _made(world, LIMIT)
    item = world.store.items[LIMIT.key]
    assert item.expires_at == int(world.clock() + ACCOUNT_FREE * FORGET_S + 1)
    assert "a@b.test" not in f"{item}"
    assert "192.0.2.1" not in f"{item}"


def test_of_many_at_once_only_so_many_get_through(world: World) -> None:
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _: is_tried(world.ports, [LIMIT]), range(200)))
    assert sum(made) == ACCOUNT_FREE


def test_a_try_that_another_one_overtakes_is_looked_at_again(world: World) -> None:
    pauses: list[float] = []
    rival = [lambda: _made(world, LIMIT, tries=ACCOUNT_FREE)]
    world.store.interruptions = [*rival]
    with pytest.raises(Fault):
        reserve_try(world.ports, [LIMIT], pauses.append)
    assert len(pauses) == 1


def test_a_crowd_is_told_to_come_again(world: World) -> None:
    world.store.failures = [failure for _ in range(100) for failure in (None, StoreBusy())]
    pauses: list[float] = []
    with pytest.raises(Fault, match="please wait 2 s"):
        reserve_try(world.ports, [LIMIT], pauses.append)
    assert len(pauses) == 19
