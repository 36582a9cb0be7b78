"""Watched, a rig reports each 5 s, and slowly again afterwards: at once, without doubles, without loss."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.domain.packing import pack
from edge_sentry.agent.loop import SLICE_S, Agent, _keep
from edge_sentry.agent.stop import Stop
from edge_sentry.simulator.figures import Figures
from tests.fakes.moments import FakeMoments
from tests.unit.edge_sentry.machines import FakeRig
from wire.messages import Block, Mining
from wire.uplink.blocks import VALUES_MAX
from wire.uplink.failure import FailureKind, UplinkFailure

BUSY = UplinkFailure(FailureKind.BUSY, "Busy.", retry_after_s=30)
CADENCES = [(10, 60), (60, 360), (5, 5), (30, 180)]


def rig_at(sample_s: float, report_s: float) -> FakeRig:
    """With ten metrics and what it mines."""
    rig = FakeRig(figures=Figures(1, 4))
    ask(rig, sample_s, report_s)
    rig.run(1)
    return rig


def ask(rig: FakeRig, sample_s: float, report_s: float) -> None:
    rig.uplink.sample_interval_s, rig.uplink.report_interval_s = sample_s, report_s


def since_start(rig: FakeRig, times: list[float]) -> list[float]:
    return [round(at - rig.uplink.attempts[0].sent_at, 3) for at in times]


def reports(rig: FakeRig) -> list[float]:
    return since_start(rig, [report.sent_at for report in rig.uplink.accepted])


def blocks(rig: FakeRig) -> list[Block]:
    """Every block as it was shown to the commander, under way or closed."""
    parts = [report.machines[0] for report in rig.uplink.accepted]
    return [block for part in parts for block in (*part.blocks, *((part.open,) if part.open else ()))]


@pytest.mark.parametrize(("sample_s", "report_s"), [(10, 60), (60, 360)])
def test_watched_and_left_again(sample_s: float, report_s: float) -> None:
    rig = rig_at(sample_s, report_s)
    rig.run(report_s - 1)
    ask(rig, 5, 5)
    rig.run(61)
    ask(rig, sample_s, report_s)
    rig.run(2 * report_s)
    quick = [report_s + 5 * number for number in range(14)]
    assert reports(rig)[1:] == [*quick, quick[-1] + report_s]
    sampled = since_start(rig, rig.arrived())
    assert sampled[: int(report_s / sample_s)] == [sample_s * n for n in range(int(report_s / sample_s))]
    gaps = [later - earlier for earlier, later in pairwise(sampled)]
    assert set(gaps) == {5, sample_s}
    assert gaps.count(5) == 13
    assert rig.uplink.accepted[-1].interval_s == report_s


def test_lengthening_loses_nothing_that_was_sampled_quickly() -> None:
    rig = rig_at(5, 5)
    rig.run(100)
    ask(rig, 60, 360)
    rig.run(1500)
    gaps = [later - earlier for earlier, later in pairwise(rig.arrived())]
    assert gaps[:20] == [5] * 20
    assert set(gaps[22:]) == {60}
    assert rig.agent.courier.backlog.dropped == 0


def test_a_late_report_that_is_answered_quickens_the_newest_state_too() -> None:
    rig = FakeRig()
    rig.uplink.down = BUSY
    rig.run(100_000)
    ask(rig, 60, 360)
    rig.uplink.down = None
    while not (rig.uplink.accepted and rig.uplink.accepted[-1].machines[0].open):
        rig.run(0.4)
    ask(rig, 5, 5)
    rig.run(7)
    newest = [report for report in rig.uplink.accepted if report.machines[0].open]
    assert [report.interval_s for report in newest] == [360, 5]
    assert len(rig.uplink.accepted) >= 4


def test_failures_while_watched_are_followed_by_back_off_and_no_burst() -> None:
    rig = rig_at(5, 5)
    rig.run(60)
    rig.uplink.down = BUSY
    tried = len(rig.uplink.attempts)
    rig.run(121)
    assert 4 <= len(rig.uplink.attempts) - tried <= 5
    rig.uplink.down = None
    rig.run(60)
    assert 0 < max(later - earlier for earlier, later in pairwise(rig.arrived())) <= 5


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(CADENCES), st.integers(1, 900)), max_size=8), st.booleans())
def test_whatever_is_asked_nothing_is_lost_doubled_or_too_large(
    wishes: list[tuple[tuple[int, int], int]], outage: bool
) -> None:
    rig = rig_at(10, 60)
    for (sample_s, report_s), seconds in wishes:
        rig.uplink.down = BUSY if outage and report_s == 180 else None
        ask(rig, sample_s, report_s)
        rig.run(seconds)
    rig.uplink.down = None
    rig.run(800)
    gaps = [later - earlier for earlier, later in pairwise(rig.arrived())]
    assert min(gaps) >= 2.5
    assert max(gaps) <= 60
    shown = blocks(rig)
    assert max(len(block.at) * len(block.series) for block in shown) <= VALUES_MAX
    assert max(len(pack(block)) for block in shown) < 900
    assert rig.agent.courier.backlog.dropped == 0


def test_a_change_is_reported_with_the_sample_that_showed_it() -> None:
    rig = FakeRig()
    ask(rig, 60, 360)
    rig.run(100)
    rig.unread["cpu_temperature_c"] = "driver gone"
    rig.run(100)
    rig.mining = (Mining("randomx", 9000.0, coin="XMR"),)
    rig.run(100)
    assert reports(rig) == [0, 120, 240]
    first, second, third = (report.machines[0] for report in rig.uplink.accepted)
    assert (first.mining, second.mining, third.mining) == ((), (), rig.mining)
    assert second.unread is not None
    assert second.open is not None
    assert since_start(rig, [second.open.at[-1]]) == [120]


class PlayedStop(Stop):
    """Lets time pass instead of waiting, and asks to stop after so many seconds."""

    def __init__(self, moments: FakeMoments, seconds: float) -> None:
        super().__init__()
        self.moments = moments
        self.until = moments.steady + seconds
        self.waits: list[float] = []

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        self.moments.advance(seconds)
        self.asked = self.asked or self.moments.steady >= self.until
        return self.asked


def played(agent: Agent, stop: PlayedStop, sooner: list[float]) -> list[float]:
    """When a step was taken that wants 360 s each time, while the first of `sooner` is due before that."""
    steps: list[float] = []

    def step() -> float:
        steps.append(stop.moments.steady)
        del sooner[: len(steps) - 1]
        return 360.0

    def sooner_at() -> float:
        return sooner[0] if sooner and stop.moments.steady >= sooner[0] - 7 else 1e12

    _keep(step, agent, stop, sooner_at=sooner_at)
    return steps


def test_a_thread_that_rests_notices_within_a_slice_what_cannot_wait() -> None:
    rig = FakeRig()
    start = rig.moments.steady
    stop = PlayedStop(rig.moments, 1000)
    steps = played(rig.agent, stop, [start + 101])
    assert steps[0] == start
    assert start + 101 <= steps[1] <= start + 101 + SLICE_S
    assert steps[2] == steps[1] + 360
    assert max(stop.waits) <= SLICE_S
    assert min(stop.waits) > 0


def test_a_mishap_while_something_cannot_wait_is_no_busy_loop() -> None:
    rig = rig_at(60, 360)
    rig.figures = Figures(2, 1)
    rig.run(60)
    rig.figures = Figures(3, 2)

    def broken(_agent: Agent) -> None:
        raise ZeroDivisionError("never foreseen")

    rig.agent._changed = broken
    stop = PlayedStop(rig.moments, 300)
    rig.agent.guarded(rig.agent.sample)
    _keep(rig.agent.report, rig.agent, stop, sooner_at=rig.agent.courier.hurry_at)
    assert 1 <= rig.agent.mishaps <= 31
    assert rig.uplink.accepted[-1].machines[0].specs is not None
