"""The commander's time is known although this machine's clock is wrong, jumps or is set right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.moments import FakeMoments
from wire.uplink.clock import ServerClock, clock_warning


def learnt(moments: FakeMoments, round_trip_s: float = 0.2) -> ServerClock:
    clock = ServerClock()
    sent = moments()
    moments.advance(round_trip_s / 2)
    server_at = moments.true_time()
    moments.advance(round_trip_s / 2)
    clock.learn(sent, moments(), server_at)
    return clock


def test_before_any_exchange_the_wall_clock_counts() -> None:
    now = FakeMoments(wall_off_s=-500)()
    clock = ServerClock()
    assert clock.corrected(now) == now.wall
    assert clock.offset_s(now) is None
    assert not clock.is_off(now)


@given(st.floats(-1e8, 1e8), st.floats(0, 60), st.floats(0, 86400))
def test_corrected_time_is_right_within_what_is_negligible(
    wall_off_s: float, round_trip_s: float, later_s: float
) -> None:
    moments = FakeMoments(wall_off_s)
    clock = learnt(moments, round_trip_s)
    moments.advance(later_s)
    assert clock.corrected(moments()) == pytest.approx(moments.true_time(), abs=2.001)


@pytest.mark.parametrize(("wall_off_s", "offset_s"), [(1.9, 0), (-1.9, 0), (2.1, -2.1), (-31, 31)])
def test_a_small_offset_is_none(wall_off_s: float, offset_s: float) -> None:
    moments = FakeMoments(wall_off_s)
    assert learnt(moments).offset_s(moments()) == pytest.approx(offset_s, abs=1e-6)


@pytest.mark.parametrize(("wall_off_s", "is_off"), [(29, False), (31, True), (-29, False), (-31, True)])
def test_over_half_a_minute_people_should_know(wall_off_s: float, is_off: bool) -> None:
    moments = FakeMoments(wall_off_s)
    assert learnt(moments).is_off(moments()) is is_off


def test_once_set_right_the_wall_clock_is_right_at_once() -> None:
    moments = FakeMoments(wall_off_s=-3600)
    clock = learnt(moments)
    moments.wall_off_s = 0.5
    assert clock.offset_s(moments()) == 0
    assert clock.corrected(moments()) == moments().wall


def test_the_warning_says_direction_and_size() -> None:
    assert "3,600 s behind the commander's" in clock_warning(3600.2)
    assert "90 s ahead of the commander's" in clock_warning(-90)
