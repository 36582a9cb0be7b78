"""A change of the machine is reported at once whatever the cadence, bounded, and never against a back-off."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.unit.wire.uplink.trips import NO_ANSWER, SPECS, UNREACHABLE, Trip
from wire.messages import Mining, Report, Specs, Unread
from wire.uplink.courier import NOT_ACCEPTED_PAUSE_S
from wire.uplink.failure import FailureKind, UplinkFailure

OTHER = Specs(hostname="other")
MINING = (Mining("kawpow", 120e6, coin="RVN"),)


@pytest.fixture
def trip() -> Trip:
    """In economy: a report each 360 s, the first one just sent."""
    trip = Trip()
    trip.uplink.sample_interval_s, trip.uplink.report_interval_s = 60, 360
    trip.live(1)
    return trip


def sent(reports: list[Report], trip: Trip) -> list[float]:
    """When, in seconds after the first one."""
    return [round(report.sent_at - trip.uplink.accepted[0].sent_at, 3) for report in reports]


def test_a_change_goes_at_once_and_the_next_report_keeps_its_time(trip: Trip) -> None:
    trip.live(99)
    trip.courier.describe(OTHER, ())
    trip.live(700)
    assert sent(trip.uplink.accepted, trip) == [0, 100, 360, 720]
    assert trip.uplink.accepted[1].machines[0].specs == OTHER
    assert trip.arrived() == trip.true_times[: len(trip.arrived())]


@pytest.mark.parametrize(
    "unread", [(Unread("uptime_s", "driver gone"),), (Unread("load_1min", "driver gone"),)]
)
def test_reasons_and_what_is_mined_count_too(trip: Trip, unread: tuple[Unread, ...]) -> None:
    trip.live(59)
    trip.courier.describe(SPECS, unread)
    trip.live(60)
    trip.courier.describe(SPECS, unread, MINING)
    trip.live(60)
    trip.courier.describe(SPECS, unread, (Mining("kawpow", 121e6, coin="RVN"),))
    trip.live(60)
    assert sent(trip.uplink.accepted, trip) == [0, 60, 120]
    assert trip.uplink.accepted[-1].machines[0].mining == MINING


def test_a_change_right_after_a_report_waits_10_s(trip: Trip) -> None:
    trip.courier.describe(OTHER, ())
    assert not trip.courier.newest_due()
    trip.live(20)
    assert sent(trip.uplink.accepted, trip) == [0, 10]


def test_a_change_right_before_a_report_spoils_no_distance(trip: Trip) -> None:
    trip.live(354)
    trip.courier.describe(OTHER, ())
    trip.live(400)
    assert sent(trip.uplink.accepted, trip) == [0, 355, 715]


def test_what_changed_back_in_time_is_no_change(trip: Trip) -> None:
    trip.courier.describe(OTHER, ())
    trip.courier.describe(SPECS, ())
    trip.live(300)
    assert len(trip.uplink.accepted) == 1


@pytest.mark.parametrize(("interval_s", "sample_s"), [(360, 60), (60, 10)])
def test_a_machine_that_flutters_for_a_day_costs_six_reports_an_hour_more(
    trip: Trip, interval_s: float, sample_s: float
) -> None:
    trip.uplink.sample_interval_s, trip.uplink.report_interval_s = sample_s, interval_s
    for second in range(0, 86400, 5):
        trip.courier.describe(Specs(hostname=f"rig-{second}"), ())
        trip.live(5)
    times = sent(trip.uplink.attempts, trip)
    assert min(later - earlier for earlier, later in pairwise(times)) >= 10
    for start in range(0, 86400 - 3600, 600):
        assert sum(start <= at < start + 3600 for at in times) <= 3600 / interval_s + 6 + 1
    assert len(times) > 86400 / interval_s + 6 * 20


@pytest.mark.parametrize(
    ("failure", "pause_s"),
    [
        (UplinkFailure(FailureKind.BUSY, "Busy.", retry_after_s=77), 77),
        (UplinkFailure(FailureKind.OTHER_MACHINE, "Another."), NOT_ACCEPTED_PAUSE_S),
        (UplinkFailure(FailureKind.TOKEN_REVOKED, "Deleted."), NOT_ACCEPTED_PAUSE_S),
    ],
)
def test_a_pause_after_a_failure_is_kept(trip: Trip, failure: UplinkFailure, pause_s: float) -> None:
    trip.live(359)
    trip.uplink.down = failure
    trip.live(1)
    assert sent(trip.uplink.attempts, trip) == [0, 360]
    trip.courier.describe(OTHER, ())
    trip.live(pause_s - 1)
    assert len(trip.uplink.attempts) == 2
    assert not trip.courier.hurry_at() < trip.moments.steady
    trip.uplink.down = None
    trip.live(2)
    assert trip.uplink.accepted[-1].machines[0].specs == OTHER


def test_a_pause_while_late_blocks_are_sent_is_kept_too(trip: Trip) -> None:
    trip.sample(30 * 450)
    trip.courier.deliver()
    assert not trip.courier.newest_due()
    trip.uplink.down = UplinkFailure(FailureKind.BUSY, "Busy.", retry_after_s=77)
    trip.moments.advance(30)
    assert trip.courier.deliver() == 77
    trip.courier.describe(OTHER, ())
    trip.moments.advance(76)
    assert not trip.courier.newest_due()
    trip.moments.advance(1)
    assert trip.courier.newest_due()


@pytest.mark.parametrize("failure", [UNREACHABLE, NO_ANSWER])
def test_a_change_that_did_not_arrive_is_tried_by_back_off_until_it_does(
    trip: Trip, failure: UplinkFailure
) -> None:
    trip.live(99)
    trip.uplink.down = failure
    trip.courier.describe(OTHER, ())
    trip.live(120)
    pauses = [later - earlier for earlier, later in pairwise(sent(trip.uplink.attempts, trip)[1:])]
    assert 5 <= len(pauses) <= 9
    assert pauses[-1] > 4 * pauses[0]
    trip.uplink.down = None
    trip.live(130)
    assert trip.uplink.accepted[-1].machines[0].specs == OTHER


def test_before_anything_was_told_there_is_no_change() -> None:
    trip = Trip()
    trip.courier.describe(OTHER, ())
    assert trip.courier.hurry_at() == float("inf")


def test_mining_goes_with_the_newest_state_alone(trip: Trip) -> None:
    trip.courier.describe(SPECS, (), MINING)
    trip.sample(30 * 450)
    trip.deliver_all()
    parts = [report.machines[0] for report in trip.uplink.accepted[1:]]
    assert [part.mining for part in parts if part.open] == [MINING]
    assert {part.mining for part in parts if not part.open} == {()}


def test_mining_that_is_refused_costs_no_sample(trip: Trip) -> None:
    trip.courier.describe(SPECS, (), MINING)
    failure = UplinkFailure(FailureKind.REFUSED, "No.", field="machines[0].mining[0].algorithm")
    trip.uplink.scripted.append(failure)
    trip.live(800)
    assert all(report.machines[0].mining == () for report in trip.uplink.accepted)
    assert (trip.backlog.refused, trip.backlog.dropped) == (1, 0)
    assert len(trip.uplink.attempts) <= 5
