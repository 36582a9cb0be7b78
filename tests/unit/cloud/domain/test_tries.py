"""How long one must wait before the next try."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.domain.tries import DELAY_MAX_S, FORGET_S, SKEW_S, Tries, forgotten_at, one_less, one_more, wait_s

NOW = 1_800_000_000.0
DAY_S = 86_400


@pytest.mark.parametrize(
    ("count", "expected_s"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (14, 512), (15, 900), (16, 900), (10_000, 900)],
)
def test_some_tries_are_free_then_delays_double_to_a_quarter_of_an_hour(
    count: int, expected_s: float
) -> None:
    tries = Tries(count, NOW)
    assert wait_s(tries, 5, NOW) == expected_s
    assert wait_s(tries, 5, NOW + expected_s) == 0


def test_a_delay_runs_down() -> None:
    assert wait_s(Tries(8, NOW), 5, NOW + 3) == 5


def test_one_try_is_forgotten_each_quarter_of_an_hour() -> None:
    tries = Tries(10, NOW)
    assert one_more(tries, NOW + FORGET_S - 1).count == 11
    assert one_more(tries, NOW + FORGET_S).count == 10
    assert one_more(tries, NOW + 100 * FORGET_S) == Tries(1, NOW + 100 * FORGET_S)
    assert forgotten_at(tries) == NOW + 10 * FORGET_S
    assert one_more(tries, forgotten_at(tries)).count == 1


def test_a_try_can_be_given_back() -> None:
    assert one_less(one_more(Tries(3, NOW), NOW)).count == 3
    assert one_less(Tries()).count == 0


def test_a_clock_that_is_set_back_keeps_nobody_out_and_begins_the_delays_anew() -> None:
    assert wait_s(Tries(8, NOW), 5, NOW - DAY_S) == 0
    counted = one_more(Tries(8, NOW), NOW - DAY_S)
    assert counted == Tries(9, NOW - DAY_S)
    assert wait_s(counted, 5, NOW - DAY_S) == 16


@pytest.mark.parametrize("ahead_s", [0.001, SKEW_S])
def test_an_instance_whose_clock_is_behind_gives_no_free_try(ahead_s: float) -> None:
    assert wait_s(Tries(8, NOW + ahead_s), 5, NOW) == 8


@given(
    free=st.integers(1, 30),
    pauses_s=st.lists(st.floats(0, 7200), max_size=300),
)
def test_no_rhythm_gains_tries(free: int, pauses_s: list[float]) -> None:
    """Whoever knocks as they like gets the free ones, those of the doubling, and four an hour."""
    tries, now, made = Tries(), NOW, 0
    for pause_s in pauses_s:
        now += pause_s
        waits_s = wait_s(tries, free, now)
        assert 0 <= waits_s <= DELAY_MAX_S
        if waits_s == 0:
            tries, made = one_more(tries, now), made + 1
    assert made <= free + 11 + (now - NOW) / FORGET_S


@given(free=st.integers(1, 30), patience=st.integers(1, 400))
def test_waiting_as_told_is_always_enough(free: int, patience: int) -> None:
    tries, now = Tries(), NOW
    for _ in range(patience):
        now += wait_s(tries, free, now)
        assert wait_s(tries, free, now) == 0
        tries = one_more(tries, now)
    assert patience <= free + 11 + (now - NOW) / FORGET_S
