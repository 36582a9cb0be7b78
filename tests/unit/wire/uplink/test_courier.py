"""Samples reach the commander through outages, refusals and wrong clocks, the newest state first."""

from __future__ import annotations

import logging
from itertools import pairwise
from pathlib import Path

import pytest

from tests.fakes.moments import FakeMoments
from tests.fakes.uplink import FakeUplink
from tests.unit.wire.uplink.trips import NO_ANSWER, SPECS, UNREACHABLE, Trip
from wire.messages import Report, ReportReply, Specs, Unread
from wire.uplink.blocks import MANY_VALUES_MAX, length_s
from wire.uplink.courier import NOT_ACCEPTED_PAUSE_S, PACE_S, Cadence
from wire.uplink.failure import NOT_ACCEPTED, FailureKind, UplinkFailure
from wire.uplink.parcels import BLOCKS_MAX, STANDING_MAX

REFUSED = UplinkFailure(FailureKind.REFUSED, "No.")
TOO_LARGE = UplinkFailure(FailureKind.TOO_LARGE, "Too large.")


@pytest.fixture
def trip() -> Trip:
    return Trip()


def test_a_report_is_complete(trip: Trip) -> None:
    trip.courier.describe(SPECS, (Unread("cpu_temperature_c", "no sensor found"),))
    trip.sample(2)
    trip.moments.advance(5)
    trip.courier.keep(trip.moments(), {"uptime_s": 9.0})
    assert trip.courier.deliver() == 60
    (report,) = trip.uplink.accepted
    (machine,) = report.machines
    assert (report.epoch, report.sequence, report.interval_s) == (3, 0, 60)
    assert report.sent_at == trip.moments.true_time()
    assert machine.open is not None
    assert {each.metric: each.values for each in machine.open.series} == {
        "load_1min": (1.0, 2.0, None),
        "uptime_s": (None, None, 9.0),
    }
    assert machine.unread == (Unread("cpu_temperature_c", "no sensor found"),)
    assert (machine.specs, machine.blocks, machine.after) == (SPECS, (), None)


def test_the_open_block_comes_whole_until_it_is_closed_in_the_report_that_replaces_it(trip: Trip) -> None:
    trip.live(301)
    parts = [report.machines[0] for report in trip.uplink.accepted]
    lengths = [len(part.open.at) for part in parts if part.open]
    closing = next(part for part in parts if part.blocks)
    assert lengths == sorted(lengths[: len(lengths) - 1]) + lengths[-1:] or lengths[0] < 30
    assert closing.open is not None
    assert closing.blocks[0].at[-1] < closing.open.at[0]
    assert closing.blocks[0].at[: len(parts[0].open.at) if parts[0].open else 0] == (
        parts[0].open.at if parts[0].open else ()
    )
    assert trip.arrived() == trip.true_times


def test_blocks_are_aligned_to_their_length(trip: Trip) -> None:
    trip.live(3000)
    firsts = [first for _, first in trip.uplink.held.blocks]
    assert len(firsts) >= 9
    assert all(later // 300 - earlier // 300 == 1 for earlier, later in pairwise(firsts))
    assert all(len(block.at) == 30 for block in list(trip.uplink.held.blocks.values())[1:])


@pytest.mark.parametrize(
    ("series", "seconds"), [(1, 300), (9, 300), (15, 240), (35, 120), (40, 300), (1000, 60)]
)
def test_many_series_make_short_blocks(series: int, seconds: int) -> None:
    assert length_s(series, 10, 60) == seconds
    assert seconds == 60 or seconds / 10 * series <= MANY_VALUES_MAX
    assert length_s(series, 10, 120) >= 120
    assert length_s(series, 10, 3600) == 300


def test_two_samples_of_one_moment_are_one(trip: Trip) -> None:
    trip.sample()
    trip.sample_now()
    assert trip.backlog.size().samples == 1


def test_specs_and_reasons_go_once_and_when_they_change(trip: Trip) -> None:
    for hostname in ("rig", "rig", "other", "other"):
        trip.courier.describe(Specs(hostname=hostname), (Unread("uptime_s", hostname),))
        trip.sample(6)
        trip.courier.deliver()
    parts = [report.machines[0] for report in trip.uplink.accepted if report.machines[0].open]
    assert [part.specs for part in parts] == [Specs(hostname="rig"), None, Specs(hostname="other"), None]
    assert [part.unread is None for part in parts] == [False, True, False, True]


def test_what_was_told_in_a_report_that_failed_is_told_again(trip: Trip) -> None:
    trip.uplink.scripted.append(UNREACHABLE)
    trip.sample()
    trip.courier.deliver()
    trip.courier.deliver()
    assert trip.uplink.accepted[0].machines[0].specs == SPECS


def test_after_an_outage_everything_arrives_newest_first(trip: Trip) -> None:
    trip.uplink.down = UNREACHABLE
    trip.live(2 * 86400)
    trip.uplink.down = None
    pauses = trip.deliver_all()
    assert trip.arrived() == trip.true_times
    first = trip.uplink.accepted[0].machines[0]
    assert first.open is not None
    assert first.open.at[-1] == trip.true_times[-1]
    assert first.blocks[0].at[0] == trip.true_times[0]
    assert min(pauses) >= PACE_S
    sequences = [report.sequence for report in trip.uplink.attempts]
    assert sequences == sorted(set(sequences))
    assert trip.backlog.size().blocks == 1
    assert trip.courier.tally.failure is None


def test_the_newest_state_goes_before_the_rest_of_a_backlog(trip: Trip) -> None:
    trip.uplink.down = UNREACHABLE
    trip.sample(60 * 30)
    trip.uplink.down = None
    trip.courier._most = 1  # so that the backlog takes longer than an interval
    trip.live(70)
    kinds = [report.machines[0].open is not None for report in trip.uplink.accepted]
    assert kinds[0]
    assert kinds.count(True) == 2


def test_reports_of_a_backlog_keep_to_the_limits(trip: Trip) -> None:
    trip.sample(30 * 450)
    trip.deliver_all()
    assert max(len(report.machines[0].blocks) for report in trip.uplink.accepted) == BLOCKS_MAX
    assert all(report.machines[0].open is None for report in trip.uplink.accepted[1:])
    assert trip.arrived() == trip.true_times


def test_after_is_the_last_sample_before_the_first_one_here(trip: Trip) -> None:
    trip.live(900)
    for before, report in pairwise(trip.uplink.accepted):
        (part,) = report.machines
        assert part.open is not None
        first = part.blocks[0].at[0] if part.blocks else part.open.at[0]
        earlier = [at for at in trip.true_times if at < first]
        assert part.after == (earlier[-1] if earlier else None)
        assert report.sequence > before.sequence


def test_lost_answers_lose_nothing(trip: Trip) -> None:
    trip.uplink.deaf = NO_ANSWER
    trip.live(4000)
    known = set(trip.arrived())
    trip.uplink.deaf = None
    trip.live(900)
    trip.sample(60)
    trip.deliver_all()
    assert known <= set(trip.arrived())
    assert trip.arrived() == trip.true_times


def test_blocks_that_may_stand_as_open_go_first_when_they_are_many(trip: Trip) -> None:
    """Any of them may be the commander's open block: all must be there before it is replaced."""
    trip.uplink.down = NO_ANSWER
    trip.live(86400)
    rows = trip.backlog.rows()
    assert sum(row.standing for row in rows) <= STANDING_MAX
    trip.uplink.down = None
    trip.deliver_all()
    assert trip.arrived() == trip.true_times


def test_pauses_grow_and_start_over(trip: Trip) -> None:
    trip.uplink.down = UNREACHABLE
    trip.sample()
    pauses = [trip.courier.deliver() for _ in range(12)]
    assert pauses[0] <= 1 < pauses[3] < pauses[6]
    assert max(pauses) <= 300
    trip.uplink.down = None
    trip.courier.deliver()
    trip.uplink.down = UNREACHABLE
    trip.sample(6)
    assert trip.courier.deliver() <= 1


def test_a_wish_to_be_left_alone_is_honoured_within_a_backlog_too(trip: Trip) -> None:
    trip.sample(30 * 450)
    trip.courier.deliver()
    trip.uplink.down = UplinkFailure(FailureKind.BUSY, "Busy.", retry_after_s=77)
    assert trip.courier.deliver() == 77


@pytest.mark.parametrize("kind", sorted(NOT_ACCEPTED))
def test_not_accepted_is_said_once_and_tried_slowly(
    trip: Trip, kind: FailureKind, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "wire.uplink.courier")  # a simulation in this process silences it
    trip.uplink.down = UplinkFailure(kind, "No such token.")
    for _ in range(3):
        trip.sample()
        assert trip.courier.deliver() == NOT_ACCEPTED_PAUSE_S
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert said == ["not accepted: No such token."]
    trip.uplink.down = None
    trip.deliver_all()
    assert trip.arrived() == trip.true_times


def test_a_refused_open_block_is_dropped_and_counted_and_the_next_goes_on(trip: Trip) -> None:
    trip.uplink.scripted.append(REFUSED)
    trip.sample()
    assert trip.courier.deliver() == 60
    trip.sample(6)
    trip.courier.deliver()
    assert (trip.backlog.refused, trip.backlog.dropped) == (1, 1)
    assert trip.uplink.accepted[0].dropped == 1
    assert trip.arrived() == trip.true_times[1:]
    assert trip.uplink.accepted[0].machines[0].specs == SPECS


def test_a_refused_open_block_keeps_what_was_acknowledged_of_it(trip: Trip) -> None:
    trip.sample(3)
    trip.courier.deliver()
    trip.sample(6)
    trip.uplink.scripted.append(REFUSED)
    trip.courier.deliver()
    trip.sample(6)
    trip.deliver_all()
    assert trip.arrived() == trip.true_times[:3] + trip.true_times[9:]
    assert trip.backlog.dropped == 6


def test_one_bad_block_loses_only_itself() -> None:
    class Picky(FakeUplink):
        def report(self, report: Report, *, timeout_s: float | None = None) -> ReportReply:
            if any(bad in block.at for block in report.machines[0].blocks):
                self.attempts.append(report)
                raise REFUSED
            return super().report(report, timeout_s=timeout_s)

    trip = Trip()
    trip.uplink = Picky(trip.moments.true_time)
    trip.courier = trip.started()
    trip.sample(400)
    bad = trip.true_times[100]
    trip.deliver_all()
    lost = set(trip.true_times) - set(trip.arrived())
    assert bad in lost
    assert len(lost) == trip.backlog.dropped == 30
    assert trip.backlog.refused == 1


def test_too_large_halves_the_report(trip: Trip) -> None:
    trip.sample(30 * 40)
    trip.uplink.scripted.extend([TOO_LARGE, TOO_LARGE])
    trip.deliver_all()
    sizes = [len(report.machines[0].blocks) for report in trip.uplink.attempts]
    assert sizes[1] == sizes[0] // 2
    assert sizes[2] == sizes[1] // 2
    assert trip.arrived() == trip.true_times
    assert trip.backlog.dropped == 0


def test_refused_specs_are_not_repeated_and_cost_no_sample(trip: Trip) -> None:
    failure = UplinkFailure(FailureKind.REFUSED, "No.", field="machines[0].specs.hostname")
    trip.uplink.scripted.append(failure)
    trip.sample()
    trip.deliver_all()
    assert trip.uplink.accepted[0].machines[0].specs is None
    assert trip.arrived() == trip.true_times


def test_the_commander_changes_the_cadence_within_reason(trip: Trip) -> None:
    trip.uplink.sample_interval_s, trip.uplink.report_interval_s = 5, 5
    trip.sample()
    assert trip.courier.deliver() == 5
    trip.uplink.sample_interval_s, trip.uplink.report_interval_s = 0, 1e9
    trip.sample()
    assert trip.courier.deliver() == 86400
    assert trip.courier.cadence == Cadence(sample_s=1, report_s=86400)
    assert trip.uplink.accepted[1].interval_s == 5


@pytest.mark.parametrize("wall_off_s", [-7200.0, 40.0])
def test_times_are_the_commanders_after_the_first_reply(wall_off_s: float) -> None:
    trip = Trip(FakeMoments(wall_off_s))
    trip.sample()
    trip.courier.deliver()
    trip.sample(6)
    trip.courier.deliver()
    assert trip.arrived()[0] == trip.true_times[0] + wall_off_s
    assert len(trip.arrived()) == 7
    assert trip.arrived()[-1] == pytest.approx(trip.true_times[-1], abs=0.01)
    assert trip.uplink.accepted[-1].clock_off_s == wall_off_s


def clock_ahead(trip: Trip) -> UplinkFailure:
    return UplinkFailure(FailureKind.CLOCK_AHEAD, "In the future.", server_at=trip.moments.true_time())


def test_a_clock_ahead_is_corrected_and_the_samples_arrive() -> None:
    trip = Trip(FakeMoments(wall_off_s=7200))
    trip.sample(100)
    trip.uplink.scripted.append(clock_ahead(trip))
    trip.deliver_all()
    assert trip.arrived() == pytest.approx(trip.true_times, abs=0.01)
    assert (trip.backlog.refused, trip.backlog.dropped) == (0, 0)


def test_what_an_earlier_process_dated_in_the_future_is_lost_and_counted(tmp_path: Path) -> None:
    trip = Trip(FakeMoments(wall_off_s=7200), folder=tmp_path)
    trip.sample(50)
    trip.restart()
    trip.sample(50)
    trip.uplink.scripted.append(clock_ahead(trip))
    trip.deliver_all()
    assert trip.arrived() == pytest.approx(trip.true_times[50:], abs=0.01)
    assert trip.backlog.dropped == 50


def test_a_clock_ahead_that_stays_so_is_a_refusal(trip: Trip) -> None:
    trip.sample()
    trip.uplink.scripted.extend([clock_ahead(trip), clock_ahead(trip)])
    trip.deliver_all()
    assert trip.backlog.refused == 1
    assert trip.backlog.dropped == 1


def test_a_known_clock_is_believed_after_a_restart(tmp_path: Path) -> None:
    trip = Trip(FakeMoments(wall_off_s=-7200), folder=tmp_path)
    trip.sample()
    trip.courier.deliver()
    trip.restart()
    trip.sample(6)
    trip.courier.deliver()
    assert trip.arrived()[1:] == pytest.approx(trip.true_times[1:], abs=0.01)


def test_goodbye_sends_the_open_block_as_it_is(trip: Trip) -> None:
    trip.sample(400)
    assert trip.courier.goodbye()
    (report,) = trip.uplink.accepted
    assert report.goodbye
    assert trip.arrived() == trip.true_times
    assert trip.backlog.open() is not None
    assert all(limit is not None and limit <= 3 for limit in trip.uplink.timeouts)


def test_goodbye_gives_up_at_once_when_nobody_hears_it(trip: Trip) -> None:
    trip.uplink.down = UNREACHABLE
    trip.sample()
    assert not trip.courier.goodbye()
    assert len(trip.uplink.attempts) == 1


class Slow(FakeUplink):
    """Every answer takes 2 s and is no."""

    moments: FakeMoments

    def report(self, report: Report, *, timeout_s: float | None = None) -> ReportReply:
        self.moments.advance(2)
        self.timeouts.append(timeout_s)
        self.attempts.append(report)
        raise TOO_LARGE


def test_goodbye_keeps_to_its_time() -> None:
    trip = Trip()
    slow = Slow(trip.moments.true_time)
    slow.moments = trip.moments
    trip.uplink = slow
    trip.courier = trip.started()
    trip.sample(1000)
    assert not trip.courier.goodbye(limit_s=3)
    assert slow.timeouts == [3, 1]
