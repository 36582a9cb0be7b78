"""How often agents are asked to report, and what silence means then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.__main__ import LOCAL_POLICY
from cloud.domain.pace import WATCHED_INTERVAL_S, asked_of, pace_of
from cloud.domain.policy import Policy
from wire.live import FarmSettings, Pace


def test_default_is_a_report_a_minute_with_a_sample_each_ten_seconds() -> None:
    assert pace_of(Policy(), FarmSettings()) == Pace(10, 60, 90, 150)


def test_own_settings_take_the_place_of_each_default() -> None:
    policy = Policy()
    assert pace_of(policy, FarmSettings(report_interval_s=120)) == Pace(20, 120, 180, 300)
    assert pace_of(policy, FarmSettings(late_after_s=100)) == Pace(10, 60, 100, 150)
    assert pace_of(policy, FarmSettings(offline_after_s=1000)) == Pace(10, 60, 90, 1000)
    assert pace_of(policy, FarmSettings(120, 150, 200)) == Pace(20, 120, 150, 200)


def test_own_limits_that_a_longer_default_interval_has_outgrown_are_lifted() -> None:
    settings = FarmSettings(late_after_s=90, offline_after_s=150)
    assert pace_of(Policy(), settings) == Pace(10, 60, 90, 150)
    assert pace_of(Policy(report_interval_s=100), settings) == Pace(100 / 6, 100, 120, 150)
    assert pace_of(Policy(report_interval_s=300), settings) == Pace(50, 300, 360, 360)


def test_economy_is_a_report_of_six_samples_each_six_minutes() -> None:
    assert pace_of(Policy(), FarmSettings(report_interval_s=360)) == Pace(60, 360, 540, 900)


def test_one_machines_commander_is_quick() -> None:
    assert pace_of(LOCAL_POLICY, FarmSettings()) == Pace(5, 10, 15, 30)
    assert pace_of(Policy(sample_interval_s=5, report_interval_s=5), FarmSettings()) == Pace(5, 5, 7.5, 30)
    assert pace_of(LOCAL_POLICY, FarmSettings(report_interval_s=60)) == Pace(10, 60, 90, 150)


@pytest.mark.parametrize(
    ("report_s", "asked"),
    [(10, (5, 5)), (60, (5, 5)), (360, (5, 5)), (3600, (5, 5)), (5, (5, 5)), (2, (2, 2))],
)
def test_a_visible_machine_is_asked_for_five_seconds_and_never_for_less_than_any_other(
    report_s: float, asked: tuple[float, float]
) -> None:
    policy = Policy(sample_interval_s=min(report_s, 10), report_interval_s=report_s)
    pace = pace_of(policy, FarmSettings())
    assert asked_of(pace, visible=True) == asked
    assert asked_of(pace, visible=False) == (pace.sample_interval_s, pace.report_interval_s)


@given(st.floats(1, 3600), st.floats(1, 3600), st.floats(10, 3600) | st.none())
def test_samples_are_never_further_apart_than_reports(
    sample_s: float, report_s: float, own_s: float | None
) -> None:
    policy = Policy(sample_interval_s=min(sample_s, report_s), report_interval_s=report_s)
    pace = pace_of(policy, FarmSettings(report_interval_s=own_s))
    for visible in (True, False):
        sample, report = asked_of(pace, visible=visible)
        assert 0 < sample <= report <= pace.report_interval_s
        assert not visible or report <= WATCHED_INTERVAL_S
    assert pace.report_interval_s == (report_s if own_s is None else own_s)
    assert pace.report_interval_s < pace.late_after_s < pace.offline_after_s


@given(st.floats(10, 3600))
def test_a_slow_report_has_no_more_than_six_samples_to_an_interval(report_s: float) -> None:
    pace = pace_of(Policy(), FarmSettings(report_interval_s=report_s))
    assert pace.report_interval_s / pace.sample_interval_s <= 6 + 1e-9
