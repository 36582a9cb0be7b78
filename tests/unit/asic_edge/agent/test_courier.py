"""What an edge knows reaches the commander, whatever fails on the way."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.edge_uplink import Bench, Clocks, EdgeUplink, newest, refusal, unreachable
from wire.uplink.failure import FailureKind, UplinkFailure


def test_the_roster_goes_first_and_then_whole_batches(bench: Bench, uplink: EdgeUplink) -> None:
    bench.round({1: 3000.0, 2: None, 51: 100.0})
    bench.settle()
    assert [batch.batch for batch in uplink.tellings[0].batches] == [0, 1]
    assert len(uplink.tellings) == 1
    told = newest(uplink)
    assert told.keys() == {"m1", "m2", "m51"}
    assert told["m1"].open is not None
    assert told["m1"].open.series[0].values == (3000.0,)
    assert (told["m2"].open, told["m2"].batch, told["m51"].batch) == (None, 0, 1)
    assert told["m2"].silence is not None


def test_an_edge_without_devices_says_how_it_is(bench: Bench, uplink: EdgeUplink) -> None:
    bench.roster()
    bench.round({})
    bench.settle()
    assert uplink.reports[-1].machines == ()
    assert uplink.reports[-1].edge is not None


def test_nothing_is_told_twice_between_two_rounds(bench: Bench, uplink: EdgeUplink) -> None:
    bench.round({1: 1.0})
    bench.settle()
    sent = len(uplink.reports)
    bench.clocks.advance(20)
    bench.settle()
    assert len(uplink.reports) == sent


def test_a_watched_edge_is_told_of_between_rounds(bench: Bench, uplink: EdgeUplink) -> None:
    uplink.report_interval_s = 5.0
    bench.round({1: 1.0})
    bench.deliver()
    bench.deliver()
    sent = len(uplink.reports)
    for _ in range(4):
        bench.clocks.advance(5.1)
        bench.deliver()
    assert [report.machines for report in uplink.reports[sent:]] == [()] * 4


def test_blocks_arrive_with_what_was_before_them(bench: Bench, uplink: EdgeUplink) -> None:
    for minute in range(11):
        bench.round({1: float(minute)})
        bench.settle()
        bench.clocks.advance(60)
    assert sorted(uplink.values("power_w")) == sorted({*uplink.values("power_w")})
    assert len(uplink.values("power_w")) >= 5
    parts = [part for report in uplink.reports for part in report.machines if part.blocks]
    assert parts[0].after is None
    assert parts[1].after == parts[0].blocks[-1].at[-1]


def test_who_is_read_elsewhere_is_told_again_each_minute_and_not_reported(
    bench: Bench, uplink: EdgeUplink
) -> None:
    uplink.elsewhere = {2}
    for _ in range(4):
        bench.round({1: 1.0})
        bench.settle()
        bench.clocks.advance(60)
    assert newest(uplink).keys() == {"m1"}
    assert [[batch.batch for batch in each.batches] for each in uplink.tellings[1:]] == [[0]] * 3
    uplink.elsewhere = set()
    bench.clocks.advance(60)
    bench.settle()
    assert bench.registry.is_read_here(2)


def test_released_machines_are_read_no_more(bench: Bench, uplink: EdgeUplink) -> None:
    bench.round({1: 1.0})
    bench.settle()
    bench.registry.released(("m1",))
    assert not bench.registry.is_read_here(1)
    assert bench.registry.is_read_here(2)


def test_samples_without_a_seat_wait_for_one(bench: Bench, uplink: EdgeUplink) -> None:
    uplink.refused = {1: "the farm is full"}
    for minute in range(12):
        bench.round({1: float(minute), 2: 100.0 + minute})
        bench.settle()
        bench.clocks.advance(60)
    assert min(uplink.values("power_w")) >= 100
    uplink.refused = {}
    bench.registry.forget_told()
    bench.round({})
    bench.settle()
    assert min(uplink.values("power_w")) == 0.0
    assert bench.backlog.dropped == 0


def test_what_was_dated_wrongly_gets_right_times(tmp_path: Path) -> None:
    """Nobody can be reached at first, and the clock is an hour behind; blocks are closed meanwhile."""
    clocks = Clocks(off_s=-3600)
    uplink = EdgeUplink(clocks, down=unreachable())
    bench = Bench(tmp_path, clocks, uplink)
    bench.roster(1)
    true_times = []
    for minute in range(20):
        true_times.append(clocks.true_at)
        bench.round({1: float(minute)})
        bench.deliver()
        clocks.advance(60)
    uplink.down = None
    clocks.advance(400)
    bench.round({})
    bench.settle()
    found = sorted(at for block in uplink.blocks.values() for at in block.at)
    assert found == pytest.approx(true_times[: len(found)], abs=0.01)
    assert len(found) == 20


def test_a_clock_that_is_set_before_the_first_exchange_moves_what_was_dated(tmp_path: Path) -> None:
    clocks = Clocks(off_s=-1e9)
    uplink = EdgeUplink(clocks, down=unreachable())
    bench = Bench(tmp_path, clocks, uplink)
    bench.roster(1)
    first = clocks.true_at
    bench.round({1: 1.0})
    clocks.off_s = 0
    clocks.advance(400)
    bench.round({1: 2.0})
    bench.close()
    again = Bench(tmp_path, clocks, uplink)
    again.roster(1)
    uplink.down = None
    clocks.advance(400)
    again.round({})
    again.settle()
    assert min(at for block in uplink.blocks.values() for at in block.at) == pytest.approx(first, abs=1)


def test_a_clock_that_is_ahead_is_set_by_the_refusal(tmp_path: Path) -> None:
    clocks = Clocks(off_s=7200)
    uplink = EdgeUplink(clocks)
    uplink.scripted.append(unreachable())  # the telling: seats are as of the last time
    bench = Bench(tmp_path, clocks, uplink)
    bench.roster(1)
    bench.round({1: 1.0})
    bench.settle()
    bench.round({1: 2.0})
    bench.settle()
    told = newest(uplink)["m1"].open
    assert told is not None
    assert told.at[0] <= clocks.true_at + 1


def test_an_unknown_machine_is_told_again_and_then_left_out(bench: Bench, uplink: EdgeUplink) -> None:
    uplink.unknown = {"m1"}
    for minute in range(12):
        bench.round({1: float(minute), 2: 50.0, 51: 60.0})
        bench.settle()
        bench.clocks.advance(60)
    assert newest(uplink).keys() == {"m2", "m51"}
    assert 50.0 in uplink.values("power_w")
    assert bench.backlog.dropped > 0


@pytest.mark.parametrize(
    "path",
    ["machines[0].specs", "machines[0].mining[0]", "machines[0].open.series[0].values[0]", "edge.slow"],
)
def test_what_is_refused_by_name_is_left_out_alone(bench: Bench, uplink: EdgeUplink, path: str) -> None:
    bench.round({1: 1.0, 2: 2.0})
    bench.deliver()
    uplink.scripted.append(refusal(path))
    bench.settle()
    told = newest(uplink)
    assert told.keys() == {"m1", "m2"}
    assert (told["m1"].specs is None) == ("specs" in path)
    assert bool(told["m1"].mining) == ("mining" not in path)
    assert bool(told["m1"].open and told["m1"].open.series) == ("series" not in path)
    assert told["m2"].specs is not None
    assert bench.backlog.dropped == 0


def test_a_report_that_is_too_large_goes_in_parts(bench: Bench, uplink: EdgeUplink) -> None:
    bench.round({1: 1.0, 2: 2.0, 51: 3.0})
    bench.deliver()
    uplink.scripted.extend([refusal(kind=FailureKind.TOO_LARGE)] * 2)
    bench.settle()
    assert newest(uplink).keys() == {"m1", "m2", "m51"}


def test_a_refused_token_rests_for_minutes(bench: Bench, uplink: EdgeUplink) -> None:
    uplink.scripted.append(UplinkFailure(FailureKind.TOKEN_REVOKED, "It was revoked."))
    assert bench.deliver().wait_s == pytest.approx(300)
    assert not bench.courier.wants().states


def test_2000_devices_go_in_reports_that_are_small_enough(tmp_path: Path) -> None:
    clocks = Clocks()
    uplink = EdgeUplink(clocks)
    bench = Bench(tmp_path, clocks, uplink)
    bench.roster(*range(1, 2001))
    bench.round({number: float(number) for number in range(1, 2001)})
    bench.settle()
    assert len(newest(uplink)) == 2000
    assert all(len(report.machines) <= 500 for report in uplink.reports)
    told = [(part.batch, index) for index, report in enumerate(uplink.reports) for part in report.machines]
    assert len({*told}) == 41  # no batch is in two reports


def test_goodbye_tells_the_newest_states_once_more(bench: Bench, uplink: EdgeUplink) -> None:
    bench.round({1: 1.0, 2: None})
    bench.settle()
    picture = bench.picture()
    assert bench.courier.goodbye(picture)
    assert uplink.reports[-1].goodbye
    assert {part.machine for part in uplink.reports[-1].machines} == {"m1", "m2"}
    uplink.down = unreachable()
    assert not bench.courier.goodbye(picture)


FAILURES = {
    "unreachable": unreachable(),
    "busy": UplinkFailure(FailureKind.BUSY, "Busy.", retry_after_s=2.0),
    "block": refusal("machines[0].blocks[0].series[0]"),
    "blocks": refusal("machines[0].blocks"),
    "part": refusal("machines[0].machine"),
    "open": refusal("machines[0].open.at"),
    "nobody knows": refusal(),
    "too large": refusal(kind=FailureKind.TOO_LARGE),
}
Cycle = tuple[frozenset[int], float, list[str | None], bool, str]
REFUSING = {"block", "blocks", "part", "nobody knows", "too large"}
CYCLES = st.tuples(
    st.frozensets(st.integers(1, 4), min_size=1),  # who is read
    st.sampled_from([60.0, 310.0]),  # closes the block in most batches
    st.lists(st.sampled_from([None, *sorted(FAILURES)]), max_size=3),  # what comes of the next attempts
    st.booleans(),  # whether the answers to the others are lost
    st.sampled_from(["", "", "before", "after"]),  # a kill
)


@settings(max_examples=80, deadline=None)
@given(st.lists(CYCLES, min_size=4, max_size=14))
def test_each_sample_arrives_once_or_is_counted_as_dropped(cycles: list[Cycle]) -> None:
    with TemporaryDirectory() as folder:
        run = _Run(Path(folder))
        for cycle in cycles:
            run.take(*cycle)
        run.end()


class _Run:
    """Each sample has a value of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clocks = folder, Clocks(off_s=-500)
        self.uplink = EdgeUplink(self.clocks)
        self.kept: list[float] = []
        self.refused = False
        self.bench = self._bench()

    def take(
        self, read: frozenset[int], seconds: float, failures: list[str | None], deaf: bool, kill: str
    ) -> None:
        """A round, attempts to tell of it, and perhaps a kill before or after them."""
        told = {number: float(len(self.kept) + place) for place, number in enumerate(sorted(read))}
        self.kept += told.values()
        self.bench.round({**told})
        if kill == "before":
            self._kill()
        for failure in failures:
            self.refused = self.refused or failure in REFUSING
            self.uplink.scripted.append(FAILURES[failure] if failure else None)
            self.clocks.advance(self.bench.deliver().wait_s)
        self.uplink.deaf = deaf
        for _ in range(2):
            self.clocks.advance(self.bench.deliver().wait_s)
        if kill == "after":
            self._kill()
        self.clocks.advance(seconds)

    def _kill(self) -> None:
        self.bench.close()
        self.bench = self._bench()

    def end(self) -> None:
        """Nothing fails any more."""
        self.uplink.deaf = False
        self.uplink.scripted.clear()
        self.clocks.advance(700)
        self.bench.round({})
        self.bench.settle()
        arrived = self.uplink.values("power_w")
        assert len(arrived) == len({*arrived})
        missing = {*self.kept} - {*arrived}
        assert len(missing) <= self.bench.backlog.dropped
        assert self.refused or not missing
        assert self.bench.backlog.blocks == 0
        self.bench.close()

    def _bench(self) -> Bench:
        bench = Bench(self.folder, self.clocks, self.uplink)
        bench.roster(1, 2, 3, 4)
        return bench
