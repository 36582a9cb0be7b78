"""Samples reach the commander once and in order through outages, refusals and wrong clocks."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from itertools import count

import pytest

from tests.fakes.moments import FakeMoments, seeded
from tests.fakes.uplink import FakeUplink
from wire.messages import Report, ReportReply, Specs, Unread
from wire.uplink.backoff import Backoff
from wire.uplink.courier import NOT_ACCEPTED_PAUSE_S, Cadence, Courier, Origin
from wire.uplink.failure import FailureKind, UplinkFailure
from wire.uplink.outbox import Outbox, Sample

UNREACHABLE = UplinkFailure(FailureKind.UNREACHABLE, "Cannot reach it.")
SPECS = Specs(hostname="rig")


@dataclass
class Trip:
    """A courier with everything around it faked."""

    moments: FakeMoments = field(default_factory=FakeMoments)

    def __post_init__(self) -> None:
        self.uplink = FakeUplink(self.moments.true_time)
        self.courier = Courier(
            self.uplink,
            Origin("m1", 3, count().__next__),
            Outbox(),
            now=self.moments,
            backoff=Backoff(seeded()),
            cadence=Cadence(),
        )
        self.courier.describe(SPECS, ())
        self.true_times: list[float] = []

    def sample(self, times: int = 1) -> None:
        for _ in range(times):
            self.moments.advance(10)
            self.true_times.append(self.moments.true_time())
            self.courier.outbox.add(Sample(self.moments.steady, {"load_1min": 1.0}))

    def arrived(self) -> list[float]:
        return [at for report in self.uplink.accepted for at in report.machines[0].at]


@pytest.fixture
def trip() -> Trip:
    return Trip()


def test_a_report_is_complete(trip: Trip) -> None:
    trip.courier.describe(SPECS, (Unread("cpu_temperature_c", "no sensor found"),))
    trip.sample(2)
    trip.courier.outbox.add(Sample(trip.moments.steady + 5, {"uptime_s": 9.0}))
    trip.moments.advance(6)
    assert trip.courier.deliver() == 60
    (report,) = trip.uplink.accepted
    machine = report.machines[0]
    assert (report.epoch, report.sequence, report.interval_s) == (3, 0, 60)
    assert report.sent_at == trip.moments.true_time()
    assert {each.metric: each.values for each in machine.series} == {
        "load_1min": (1.0, 1.0, None),
        "uptime_s": (None, None, 9.0),
    }
    assert machine.unread == (Unread("cpu_temperature_c", "no sensor found"),)
    assert machine.specs == SPECS


def test_specs_go_once_and_when_they_change(trip: Trip) -> None:
    for hostname in ("rig", "rig", "other", "other"):
        trip.courier.describe(Specs(hostname=hostname), ())
        trip.sample()
        trip.courier.deliver()
    told = [report.machines[0].specs for report in trip.uplink.accepted]
    assert told == [Specs(hostname="rig"), None, Specs(hostname="other"), None]


def test_after_an_outage_everything_arrives_in_order(trip: Trip) -> None:
    trip.uplink.down = UNREACHABLE
    for _ in range(500):
        trip.sample()
        trip.courier.deliver()
    assert len(trip.courier.outbox) == 500
    assert trip.courier.tally.failure is UNREACHABLE
    trip.uplink.down = None
    assert trip.courier.deliver() == 60
    assert trip.arrived() == trip.true_times
    sequences = [report.sequence for report in trip.uplink.accepted]
    assert sequences == sorted(set(sequences))
    assert len(trip.courier.outbox) == 0
    assert trip.courier.tally.failure is None


def test_a_report_that_may_have_arrived_is_sent_again_unchanged(trip: Trip) -> None:
    trip.uplink.scripted.append(UNREACHABLE)
    trip.sample()
    trip.courier.deliver()
    trip.sample(3)
    trip.courier.deliver()
    first, again = trip.uplink.attempts[:2]
    assert (again.sequence, again.machines) == (first.sequence, first.machines)
    assert again.sent_at > first.sent_at


def test_pauses_grow_and_start_over(trip: Trip) -> None:
    trip.uplink.down = UNREACHABLE
    trip.sample()
    pauses = [trip.courier.deliver() for _ in range(12)]
    assert pauses[0] <= 1 < pauses[3] < pauses[6]
    assert max(pauses) <= 300
    trip.uplink.down = None
    trip.courier.deliver()
    trip.uplink.down = UNREACHABLE
    trip.sample()
    assert trip.courier.deliver() <= 1


def test_a_wish_to_be_left_alone_is_honoured(trip: Trip) -> None:
    trip.uplink.down = UplinkFailure(FailureKind.BUSY, "Busy.", retry_after_s=77)
    trip.sample()
    assert trip.courier.deliver() == 77


@pytest.mark.parametrize("kind", [FailureKind.TOKEN_WRONG, FailureKind.TOKEN_REVOKED, FailureKind.WRONG_KIND])
def test_not_accepted_is_said_once_and_tried_slowly(
    trip: Trip, kind: FailureKind, caplog: pytest.LogCaptureFixture
) -> None:
    trip.uplink.down = UplinkFailure(kind, "No such token.")
    for _ in range(3):
        trip.sample()
        assert trip.courier.deliver() == NOT_ACCEPTED_PAUSE_S
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert said == ["not accepted: No such token."]
    trip.uplink.down = None
    trip.courier.deliver()
    assert trip.arrived() == trip.true_times


def test_a_refused_report_is_dropped_and_counted_and_the_next_goes_on(trip: Trip) -> None:
    trip.uplink.scripted.append(UplinkFailure(FailureKind.REFUSED, "No."))
    trip.sample()
    assert trip.courier.deliver() == 60
    trip.sample()
    trip.courier.deliver()
    assert trip.courier.tally.refused == 1
    assert trip.arrived() == trip.true_times[1:]
    assert trip.uplink.accepted[0].machines[0].specs == SPECS


def test_refused_specs_are_not_repeated(trip: Trip) -> None:
    field_path = "machines[0].specs.hostname"
    trip.uplink.scripted.append(UplinkFailure(FailureKind.REFUSED, "No.", field=field_path))
    for _ in range(2):
        trip.sample()
        trip.courier.deliver()
    assert trip.uplink.accepted[0].machines[0].specs is None


def test_the_commander_changes_the_cadence_within_reason(trip: Trip) -> None:
    trip.uplink.sample_interval_s, trip.uplink.report_interval_s = 5, 5
    trip.sample()
    assert trip.courier.deliver() == 5
    trip.uplink.sample_interval_s, trip.uplink.report_interval_s = 0, 1e9
    trip.sample()
    assert trip.courier.deliver() == 86400
    assert trip.courier.cadence == Cadence(sample_s=1, report_s=86400)
    assert trip.uplink.accepted[1].interval_s == 5


@pytest.mark.parametrize("wall_off_s", [-7200.0, 7200.0])
def test_times_are_the_commanders_after_the_first_reply(wall_off_s: float) -> None:
    trip = Trip(FakeMoments(wall_off_s))
    trip.sample()
    trip.courier.deliver()
    trip.sample(5)
    trip.courier.deliver()
    assert trip.arrived()[0] == trip.true_times[0] + wall_off_s
    assert trip.arrived()[1:] == pytest.approx(trip.true_times[1:], abs=0.01)


def test_samples_of_an_outage_are_right_although_the_clock_was_set_during_it() -> None:
    trip = Trip(FakeMoments(wall_off_s=-7200))
    trip.uplink.down = UNREACHABLE
    trip.sample()
    trip.moments.wall_off_s = 0
    trip.sample(4)
    trip.uplink.down = None
    trip.courier.deliver()
    assert trip.arrived() == trip.true_times


def clock_ahead(trip: Trip) -> UplinkFailure:
    return UplinkFailure(FailureKind.CLOCK_AHEAD, "In the future.", server_at=trip.moments.true_time())


def test_a_clock_ahead_is_corrected_and_the_samples_arrive() -> None:
    trip = Trip(FakeMoments(wall_off_s=7200))
    trip.sample(3)
    trip.uplink.scripted.append(clock_ahead(trip))
    assert trip.courier.deliver() == 60
    assert trip.arrived() == pytest.approx(trip.true_times, abs=0.01)
    assert trip.courier.tally.refused == 0


def test_a_clock_ahead_that_stays_so_is_a_refusal(trip: Trip) -> None:
    trip.sample()
    trip.uplink.scripted.extend([clock_ahead(trip), clock_ahead(trip)])
    assert trip.courier.deliver() == 60
    assert trip.courier.tally.refused == 1
    assert len(trip.courier.outbox) == 0


def test_goodbye_sends_what_waits_and_marks_the_last(trip: Trip) -> None:
    trip.sample(400)
    assert trip.courier.goodbye()
    assert [report.goodbye for report in trip.uplink.accepted] == [False, True]
    assert trip.arrived() == trip.true_times
    assert all(limit is not None and limit <= 3 for limit in trip.uplink.timeouts)


def test_goodbye_follows_a_report_under_way_instead_of_changing_it(trip: Trip) -> None:
    trip.uplink.scripted.append(UNREACHABLE)
    trip.sample()
    trip.courier.deliver()
    trip.sample()
    assert trip.courier.goodbye()
    assert [report.goodbye for report in trip.uplink.accepted] == [False, True]


def test_goodbye_gives_up_at_once_when_nobody_hears_it(trip: Trip) -> None:
    trip.uplink.down = UNREACHABLE
    trip.sample()
    assert not trip.courier.goodbye()
    assert len(trip.uplink.attempts) == 1


def test_goodbye_keeps_to_its_time(trip: Trip) -> None:
    class SlowUplink(FakeUplink):
        def report(self, report: Report, *, timeout_s: float | None = None) -> ReportReply:
            trip.moments.advance(2)
            return super().report(report, timeout_s=timeout_s)

    trip.sample(1000)
    slow = SlowUplink(trip.moments.true_time)
    courier = Courier(
        slow,
        Origin("m1", 3, count().__next__),
        trip.courier.outbox,
        now=trip.moments,
        backoff=Backoff(seeded()),
        cadence=Cadence(),
    )
    assert not courier.goodbye(limit_s=3)
    assert slow.timeouts == [3, 1]
