"""When silence means something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.domain import state
from cloud.domain.pace import pace_of
from cloud.domain.policy import Policy
from cloud.domain.records import Latest, Outage
from wire.edge import NoReply
from wire.live import FarmSettings, Pace
from wire.uplink.backoff import LONGEST_S

MINUTE = pace_of(Policy(), FarmSettings())


@pytest.mark.parametrize(
    ("interval_s", "late_s", "offline_s"),
    [(5, 7.5, 30), (10, 15, 30), (12, 18, 30), (60, 90, 150), (360, 540, 900)],
)
def test_late_after_one_and_a_half_intervals_offline_after_two_and_a_half(
    interval_s: float, late_s: float, offline_s: float
) -> None:
    pace = pace_of(Policy(sample_interval_s=5, report_interval_s=interval_s), FarmSettings())
    assert state.late_at(1000, interval_s, pace) == 1000 + late_s
    assert state.offline_at(1000, interval_s, pace) == 1000 + offline_s
    assert state.gap_s(interval_s) == offline_s


@pytest.mark.parametrize("interval_s", [1, 5, 10, 59.9, 60])
def test_a_quickened_machine_is_judged_by_its_farms_pace(interval_s: float) -> None:
    """It may go back to that pace at any time, when nobody looks any more."""
    assert state.late_at(1000, interval_s, MINUTE) == 1090
    assert state.offline_at(1000, interval_s, MINUTE) == 1150


@pytest.mark.parametrize(("interval_s", "late_s", "offline_s"), [(120, 180, 300), (3600, 5400, 9000)])
def test_an_agent_that_is_slower_than_a_new_pace_is_given_time_by_its_own(
    interval_s: float, late_s: float, offline_s: float
) -> None:
    assert state.late_at(1000, interval_s, MINUTE) == 1000 + late_s
    assert state.offline_at(1000, interval_s, MINUTE) == 1000 + offline_s


def test_own_limits_of_a_farm_count() -> None:
    pace = Pace(10, 60, 75, 600)
    assert (state.late_at(0, 60, pace), state.offline_at(0, 60, pace)) == (75, 600)
    assert (state.late_at(0, 120, pace), state.offline_at(0, 120, pace)) == (150, 1200)


@given(st.floats(1, 86_400), st.floats(10, 3600))
def test_no_agent_is_late_within_its_own_interval(interval_s: float, report_s: float) -> None:
    pace = pace_of(Policy(), FarmSettings(report_interval_s=report_s))
    late_at, offline_at = state.late_at(0, interval_s, pace), state.offline_at(0, interval_s, pace)
    assert interval_s * 1.19 < late_at < offline_at


def test_an_agent_notices_the_commanders_return_within_the_time_that_it_is_given() -> None:
    assert state.RETURN_S >= LONGEST_S


@given(
    st.floats(0, 10_000),
    st.lists(st.tuples(st.floats(0, 9000), st.floats(45, 5000)), max_size=5),
)
def test_outages_only_ever_give_more_time(received_at: float, spans: list[tuple[float, float]]) -> None:
    outages = [Outage(from_at, from_at + length_s) for from_at, length_s in sorted(spans)]
    alone = state.offline_at(received_at, 60, MINUTE)
    deadline = state.offline_at(received_at, 60, MINUTE, outages)
    ends = [outage.to_at + state.RETURN_S + 150 for outage in outages]
    assert deadline in {alone, *ends}
    assert deadline >= alone


@pytest.mark.parametrize(
    ("rounds", "expected"), [(None, (1090, 1150)), (1, (1000, 1150)), (2, (1000, 1000)), (9, (1000, 1000))]
)
def test_an_asic_that_gave_no_answer_is_late_at_once_and_offline_from_the_second_round_on(
    rounds: int | None, expected: tuple[float, float]
) -> None:
    silence = None if rounds is None else NoReply("refuses connections", 900.0, rounds)
    latest = Latest("m1", 900.0, 1000.0, 60, {}, b"", silence=silence)
    assert state.deadlines(latest, MINUTE) == expected
