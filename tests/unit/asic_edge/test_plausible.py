"""Only what can be true is taken over."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asic_edge.plausible import (
    LONGEST_TEXT,
    POWER_W,
    RATE,
    TEMPERATURE_C,
    Sieve,
    number_of,
    pool_address,
    sum_of,
    text_of,
)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(anything)
def test_a_number_is_within_its_bounds_or_none_with_a_reason(told: Any) -> None:
    sieve = Sieve()
    value = sieve.number("power_w", told, POWER_W)
    if value is None:
        assert told is None or told == "" or sieve.unread[0].part == "power_w"
    else:
        assert 0 <= value <= 1e6
        assert sieve.unread == ()


@pytest.mark.parametrize("told", [math.nan, math.inf, -1, 1e25, "1e400", "nan"])
def test_what_cannot_be_true_is_listed(told: Any) -> None:
    sieve = Sieve()
    assert sieve.number("hashrate", told, RATE) is None
    assert "cannot be true" in sieve.unread[0].reason


def test_the_first_reason_of_a_part_stays() -> None:
    sieve = Sieve()
    sieve.lacks("boards", "first")
    sieve.lacks("boards", "second")
    assert [each.reason for each in sieve.unread] == ["first"]


def test_reasons_are_short() -> None:
    sieve = Sieve()
    sieve.number("temperature_c", "x" * 10_000, TEMPERATURE_C)
    assert len(sieve.unread[0].reason) < 100


def test_numbers_in_texts_count_and_truth_values_do_not() -> None:
    assert number_of("37603.30") == 37603.3
    assert number_of(True) is None
    assert number_of("12 apples") is None


def test_texts_lose_control_characters_and_are_cut() -> None:
    assert text_of("a\x00b\n") == "ab"
    assert text_of(" ") is None
    assert text_of(7) is None
    assert len(text_of("x" * 10_000) or "") == LONGEST_TEXT


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("stratum+tcp://pool.example.com:3333", "pool.example.com:3333"),
        ("stratum+ssl://pool.example.com:443/path", "pool.example.com:443"),
        ("pool.example.com:3333", "pool.example.com:3333"),
        ("", None),
        (None, None),
    ],
)
def test_pool_addresses(url: str | None, address: str | None) -> None:
    assert pool_address(url) == address


def test_a_sum_that_lacks_a_part_is_none() -> None:
    assert sum_of([1.0, 2.0]) == 3.0
    assert sum_of([1.0, None]) is None
    assert sum_of([]) is None
