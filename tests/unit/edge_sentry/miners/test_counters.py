"""Counters that begin anew lose nothing and never count backwards."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_sentry.miners.counters import Tally, folded


@pytest.mark.parametrize(
    ("told", "total"),
    [
        ([5], 5),
        ([5, 5, 9], 9),
        ([5, 9, 2, 4], 13),
        ([5, 0, 0, 3], 8),
        ([5, None, 7], 7),
        ([None], 0),
        ([], 0),
        ([9, None, 2], 11),
    ],
)
def test_folding(told: list[int | None], total: int) -> None:
    assert reduce(folded, told, Tally()).total == total


@given(st.lists(st.lists(st.integers(0, 50), min_size=1, max_size=5), max_size=5))
def test_it_counts_what_each_start_counted(starts: list[list[int]]) -> None:
    """Where each start is seen at least once at its end, and the next one begins lower than that."""
    ascending = [sorted(start) for start in starts]
    told = [count for start in ascending for count in [*start, 0]]
    assert reduce(folded, told, Tally()).total == sum(start[-1] for start in ascending)


@given(st.lists(st.one_of(st.none(), st.integers(0, 2**53 - 1)), max_size=30))
def test_a_tally_never_falls(told: list[int | None]) -> None:
    tally = Tally()
    for count in told:
        after = folded(tally, count)
        assert after.total >= tally.total
        tally = after
