"""How often something may be done."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cloud.adapters import token_buckets
from cloud.adapters.token_buckets import TokenBuckets
from tests.fakes.time_and_chance import FakeClock


def test_a_burst_and_then_the_rate() -> None:
    clock = FakeClock()
    buckets = TokenBuckets(clock, per_s=2, burst=3)
    assert [buckets.take("a") for _ in range(5)] == [0, 0, 0, 0.5, 0.5]
    clock.advance(0.5)
    assert [buckets.take("a") for _ in range(2)] == [0, 0.5]
    clock.advance(3600)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_keys_do_not_share() -> None:
    buckets = TokenBuckets(FakeClock(), per_s=1, burst=1)
    assert [buckets.take(key) for key in "abab"] == [0, 0, 1, 1]


def test_a_clock_that_is_set_back_gives_nothing_and_takes_nothing() -> None:
    clock = FakeClock()
    buckets = TokenBuckets(clock, per_s=1, burst=1)
    buckets.take("a")
    clock.advance(-3600)
    assert buckets.take("a") == 1
    clock.advance(1)
    assert buckets.take("a") == 0


def test_memory_is_bounded() -> None:
    buckets = TokenBuckets(FakeClock(), per_s=1, burst=1)
    for number in range(token_buckets.KEYS_MAX + 10):
        buckets.take(str(number))
    assert len(buckets._buckets) == token_buckets.KEYS_MAX


@given(pauses=st.lists(st.floats(0, 5), max_size=60), burst=st.integers(1, 10))
def test_never_more_than_burst_and_rate_allow(pauses: list[float], burst: int) -> None:
    clock = FakeClock(0)
    buckets = TokenBuckets(clock, per_s=2, burst=burst)
    taken = 0
    for pause in pauses:
        clock.advance(pause)
        taken += buckets.take("a") == 0
        assert taken <= burst + 2 * clock.now + 1e-6
