"""Pauses grow, stay within bounds, differ between agents and start over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.moments import seeded
from wire.uplink.backoff import Backoff


@given(st.integers())
def test_each_pause_is_between_half_and_whole_of_its_step(seed: int) -> None:
    backoff = Backoff(seeded(seed))
    for failures in range(40):
        whole_s = min(300.0, 2.0**failures)
        assert whole_s / 2 <= backoff.next_s() <= whole_s


def test_a_thousand_failures_are_no_overflow() -> None:
    backoff = Backoff(seeded(1))
    assert max(backoff.next_s() for _ in range(3000)) <= 300


def test_success_starts_over() -> None:
    backoff = Backoff(seeded(1))
    for _ in range(10):
        backoff.next_s()
    backoff.reset()
    assert backoff.next_s() <= 1.0


def test_agents_do_not_march_in_step() -> None:
    assert len({Backoff(seeded(seed)).next_s() for seed in range(50)}) == 50
