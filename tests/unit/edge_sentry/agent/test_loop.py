"""The agent's rounds: on cadence, through outages and errors of our own, until the goodbye."""

from __future__ import annotations

import threading
from itertools import pairwise
from pathlib import Path

import pytest

from edge_sentry.agent.loop import MISHAP_PAUSE_S, Agent, NoMining, run
from edge_sentry.agent.mining import Findings
from edge_sentry.agent.moment import system_now
from edge_sentry.agent.sampler import Sampler
from edge_sentry.agent.stop import Stop
from edge_sentry.reading import Reading
from tests.unit.edge_sentry.machines import FakeRig, source
from wire.messages import Mining, Program
from wire.uplink.clock import Moment
from wire.uplink.failure import FailureKind, UplinkFailure

UNREACHABLE = UplinkFailure(FailureKind.UNREACHABLE, "Cannot reach it.")


def test_the_first_report_goes_at_once_with_specs() -> None:
    rig = FakeRig()
    rig.run(1)
    (report,) = rig.uplink.accepted
    specs = report.machines[0].specs
    assert specs is not None
    assert specs.agent_version == "1"


def test_it_samples_and_reports_on_cadence() -> None:
    rig = FakeRig()
    start = rig.moments.true_time()
    rig.run(181)
    assert [report.sent_at - start for report in rig.uplink.accepted] == [0, 60, 120, 180]
    assert [at - start for at in rig.arrived()] == list(range(0, 181, 10))


def test_a_quicker_cadence_takes_effect_and_is_left_again() -> None:
    rig = FakeRig()
    rig.run(59)
    rig.uplink.sample_interval_s = rig.uplink.report_interval_s = 5
    rig.run(31)
    quick = [report.sent_at for report in rig.uplink.accepted][1:]
    assert [later - earlier for earlier, later in pairwise(quick)] == [5] * 5
    rig.uplink.sample_interval_s, rig.uplink.report_interval_s = 10, 60
    rig.run(300)
    assert rig.uplink.accepted[-1].interval_s == 60


def test_down_then_up_loses_nothing() -> None:
    rig = FakeRig()
    start = rig.moments.true_time()
    rig.run(65)
    rig.uplink.down = UNREACHABLE
    rig.run(5000)
    rig.uplink.down = None
    rig.run(400)
    times = [at - start for at in rig.arrived()]
    assert times[0] == 0
    assert times[-1] > 5400
    assert all(0 < later - earlier <= 10 for earlier, later in pairwise(times))
    assert rig.agent.courier.backlog.dropped == 0


def test_401_never_ends_it_and_is_tried_slowly() -> None:
    rig = FakeRig()
    rig.uplink.down = UplinkFailure(FailureKind.TOKEN_WRONG, "No.")
    rig.run(3600)
    assert len(rig.uplink.attempts) == 12
    rig.uplink.down = None
    rig.run(301)
    assert len(rig.uplink.accepted) >= 1


def test_422_drops_one_report_and_goes_on() -> None:
    rig = FakeRig()
    rig.uplink.scripted.append(UplinkFailure(FailureKind.REFUSED, "No."))
    rig.run(121)
    assert len(rig.uplink.accepted) == 2
    assert rig.agent.courier.backlog.refused == 1


def test_an_error_of_our_own_is_logged_counted_and_survived(caplog: pytest.LogCaptureFixture) -> None:
    rig = FakeRig()

    def broken() -> float:
        raise ZeroDivisionError("never foreseen")

    assert rig.agent.guarded(broken) == MISHAP_PAUSE_S
    assert rig.agent.mishaps == 1
    assert "never foreseen" in caplog.text


class FakeMining:
    """A mining part that says what a test wants, or fails."""

    mishaps = 2

    def __init__(self, *found: Findings) -> None:
        self.found = list(found)

    def learn(self, at: Moment, reading: Reading) -> None:
        """Nobody asks."""

    def findings(self) -> Findings:
        return self.found.pop(0)


MINES = Findings(
    {"hashrate@x": 5.0, "gpu_hashrate@gpu-1": 3.0},
    (Mining("x", 5.0),),
    (Program("gpu", "xmrig", "running"),),
)


def test_what_is_mined_goes_with_the_sample() -> None:
    rig = FakeRig(part=FakeMining(MINES, MINES))
    rig.run(1)
    part = rig.uplink.accepted[0].machines[0]
    assert part.open is not None
    assert {series.name for series in part.open.series} == {"load_1min", *MINES.values}
    assert (part.mining, part.programs) == (MINES.mining, MINES.programs)
    assert rig.agent.mishaps == 2


def test_a_mining_part_that_fails_hinders_no_sample_and_no_report() -> None:
    rig = FakeRig(part=FakeMining(MINES))
    rig.run(61)
    assert len(rig.arrived()) == 7
    last = rig.uplink.accepted[-1].machines[0]
    assert (last.mining, last.programs) == ((), ())
    assert last.unread is not None or any(report.machines[0].unread for report in rig.uplink.accepted)
    assert rig.agent.mishaps > 2


def test_why_there_is_no_mining_is_told() -> None:
    rig = FakeRig(part=NoMining("mining programs are not looked after: Permission denied"))
    rig.run(1)
    unread = rig.uplink.accepted[0].machines[0].unread
    assert unread is not None
    assert ("mining", True) in {(each.part, "Permission denied" in each.reason) for each in unread}


def test_the_status_is_told_after_each_round_even_a_failed_one() -> None:
    rig = FakeRig()
    rig.uplink.down = UNREACHABLE
    rig.run(1)
    assert rig.rounds >= 1


def test_goodbye_has_a_last_sample() -> None:
    rig = FakeRig()
    rig.run(63)
    rig.agent.goodbye()
    last = rig.uplink.accepted[-1]
    assert last.goodbye
    assert last.machines[0].open is not None
    assert last.machines[0].open.at[-1] == rig.moments.true_time()


def test_goodbye_right_after_a_report_still_says_so() -> None:
    rig = FakeRig()
    rig.agent.report()
    rig.agent.goodbye()
    assert [report.goodbye for report in rig.uplink.accepted] == [False, True]


def test_the_threads_report_and_say_goodbye_when_asked_to_stop() -> None:
    rig = FakeRig()
    reported, stop = threading.Event(), Stop()
    agent = Agent(
        Sampler((source(lambda: Reading(values={"load_1min": 1.0}), "load_1min"),), Path()),
        rig.agent.courier,
        now=system_now,
        agent_version="1",
        changed=lambda _agent: reported.set(),
    )
    runner = threading.Thread(target=run, args=(agent, stop))
    runner.start()
    assert reported.wait(30)
    stop.ask()
    runner.join(30)
    assert rig.uplink.accepted[-1].goodbye
