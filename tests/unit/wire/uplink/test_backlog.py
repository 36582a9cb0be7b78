"""Samples are kept in frozen blocks within bounds, and whatever happens in whatever order none vanishes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.moments import FakeMoments, seeded
from tests.unit.wire.uplink.trips import NO_ANSWER, UNREACHABLE, Trip
from wire.uplink.backlog import Backlog, Limits
from wire.uplink.blocks import Room, block_of, freeze, samples_of, thaw, thinned
from wire.uplink.failure import FailureKind, UplinkFailure
from wire.uplink.spool import Spool

DAY = 8640  # samples at 10 s
START_MS = 1_800_000_000_000


def filled(samples: int, limits: Limits = Limits(), folder: Path | None = None) -> Backlog:  # noqa: B008
    backlog = Backlog(Spool(folder), limits)
    for number in range(samples):
        backlog.add(START_MS + number * 10_000, {"load_1min": number / 7}, Room(300))
    return backlog


def test_a_block_comes_back_as_it_was_frozen() -> None:
    block = block_of([(1000, {"load_1min": 1.0}), (2000, {"uptime_s": 2.0})])
    assert thaw(freeze(block)) == block
    assert block_of(samples_of(block)) == block


def test_a_thinned_block_has_the_same_key_and_a_sample_per_5_min() -> None:
    block = block_of([(second * 1000, {"load_1min": 1.0}) for second in range(0, 700, 10)])
    assert thinned(block).at == (0, 300, 600)


def test_times_ascend() -> None:
    backlog = Backlog(Spool(None))
    kept = [backlog.add(at_ms, {"load_1min": 1.0}, Room(300)) for at_ms in (5000, 5004, 4000, 9000)]
    assert kept == [5000, 5004, 5005, 9000]


def test_beyond_a_week_blocks_are_thinned_and_beyond_a_month_dropped() -> None:
    backlog = filled(3 * 30, Limits(thin_after_days=300 / 86400, drop_after_days=700 / 86400))
    assert [row.samples for row in backlog.rows()] == [30, 30]
    backlog = filled(6 * 30, Limits(thin_after_days=300 / 86400, drop_after_days=900 / 86400))
    assert [row.samples for row in backlog.rows()] == [1, 1, 30, 30]
    assert backlog.dropped + backlog.size().samples == 6 * 30


@pytest.mark.parametrize("most_bytes", [1, 3000, 6000, 12000])
def test_too_many_bytes_thin_the_oldest_then_drop_them(most_bytes: int) -> None:
    backlog = filled(DAY // 8, Limits(bytes=most_bytes))
    samples = [row.samples for row in backlog.rows()]
    assert samples == sorted(samples)
    assert backlog.size().bytes <= max(most_bytes, 2000)
    assert backlog.dropped + backlog.size().samples == DAY // 8


def test_a_block_that_may_stand_at_the_commander_is_never_thinned() -> None:
    trip = Trip(limits=Limits(bytes=1000))
    trip.sample(20)
    trip.courier.deliver()
    trip.uplink.down = UNREACHABLE
    trip.sample(600)
    (standing,) = [row for row in trip.backlog.rows() if row.standing]
    assert standing.samples >= 20
    trip.uplink.down = None
    trip.deliver_all()
    assert set(trip.true_times[:20]) <= set(trip.arrived())
    assert len(trip.arrived()) + trip.backlog.dropped == 620


def test_another_machines_samples_go_and_the_same_ones_stay() -> None:
    backlog = filled(45)
    backlog.begin("m1", 1)
    assert backlog.open() is None
    assert backlog.size().samples == 45
    backlog.begin("m1", 2)
    assert backlog.size().samples == 45
    backlog.begin("m2", 1)
    assert backlog.size().samples == 0


class Schedule:
    """Plays random events on a trip and checks after each that nothing frozen changed."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.random = random
        self.trip = Trip(FakeMoments(wall_off_s=random.choice((0.0, 0.0, -3600.0, 7200.0))), folder)
        self.frozen: dict[int, bytes] = {}
        self.taken = 0
        self.epoch = 3

    def play(self, events: list[str]) -> None:
        for event in events:
            getattr(self, event)()
            self.check_frozen()

    def few(self) -> None:
        self.sample(self.random.randint(1, 7))

    def many(self) -> None:
        self.sample(self.random.randint(20, 120))

    def sample(self, times: int) -> None:
        self.trip.sample(times)
        self.taken += times

    def deliver(self) -> None:
        before = self.trip.courier.newest_due()
        self.answer_truly()
        self.trip.courier.deliver()
        if not before:
            self.trip.moments.advance(7)

    def answer_truly(self) -> None:
        """A commander refuses what lies in the future."""
        open_, now = self.trip.backlog.open(), self.trip.moments.true_time()
        if open_ is not None and open_.to_ms / 1000 > now + 60:
            failure = UplinkFailure(FailureKind.CLOCK_AHEAD, "In the future.", server_at=now)
            self.trip.uplink.scripted.append(failure)
            self.frozen.clear()

    def lose_answer(self) -> None:
        self.trip.uplink.deaf = NO_ANSWER
        self.deliver()
        self.trip.uplink.deaf = None

    def fail(self) -> None:
        self.trip.uplink.down = UNREACHABLE
        self.trip.courier.deliver()
        self.trip.uplink.down = None

    def kill(self) -> None:
        self.trip.restart(self.epoch)

    def enrol(self) -> None:
        self.epoch += 1
        self.trip.uplink.held.begin_epoch("m1")
        self.trip.restart(self.epoch)

    def set_clock(self) -> None:
        self.trip.moments.wall_off_s = self.random.choice((0.0, 30.0, -30.0, -3600.0))

    def check_frozen(self) -> None:
        backlog = self.trip.backlog
        for row in backlog.rows():
            body = backlog.frozen(row.key)
            assert body is not None
            assert self.frozen.setdefault(row.key, body) == body

    def known_values(self) -> list[float]:
        """The number of each sample, held by the commander or waiting; a sample is known by its value."""
        held = {values["load_1min"] for values in self.trip.uplink.held.samples("m1").values()}
        backlog = self.trip.backlog
        blocks = [block for row in backlog.rows() if (block := backlog.block(row.key))]
        open_ = backlog.open()
        blocks += [open_.block] if open_ else []
        return sorted(
            held | {value for each in blocks for _, values in samples_of(each) for value in values.values()}
        )


EVENTS = ("few", "few", "many", "deliver", "deliver", "lose_answer", "fail", "kill", "enrol", "set_clock")


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=40), st.integers(0, 2**16))
def test_every_sample_is_held_or_waits_or_was_counted(events: list[str], seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        schedule = Schedule(Path(folder), seeded(seed))
        dropped = 0
        for event in events:
            before = schedule.trip.backlog.dropped
            schedule.play([event])
            dropped += max(0, schedule.trip.backlog.dropped - before)
        missing = schedule.taken - len(schedule.known_values())
        assert missing <= dropped
        numbers = [report.sequence for report in schedule.trip.uplink.attempts]
        assert numbers == sorted(set(numbers))
        schedule.trip.backlog.spool.close()
