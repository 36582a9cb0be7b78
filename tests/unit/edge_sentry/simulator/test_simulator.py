"""Simulated rigs speak the real protocol, give plausible figures and never come in a burst."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_sentry.__main__ import main
from edge_sentry.agent.moment import system_now
from edge_sentry.agent.sampler import believable, specs_of
from edge_sentry.settings.folder import SettingsError
from edge_sentry.simulator.figures import Figures
from edge_sentry.simulator.fleet import Fleet
from edge_sentry.simulator.plan import Plan, PlannedRig, load_plan
from edge_sentry.simulator.rig import SimulatedRig, hardware_of, rigs_of, summary
from tests.fakes.commander import TOKEN, Answer, FakeCommander, refusal, serving
from tests.fakes.moments import FakeMoments
from wire.asic_metrics import ASIC_METRICS
from wire.messages import Specs
from wire.metrics import METRICS, Of


@given(st.integers(0, 2000), st.floats(0, 1e7))
def test_figures_cover_every_metric_and_can_be_true(index: int, steady: float) -> None:
    reading = Figures(1, index).at(steady)
    own = {name for name in {*reading.values, *reading.unread} if "@" not in name}
    of_rigs = [metric for metric in METRICS if metric not in ASIC_METRICS]
    expected = {metric.name for metric in of_rigs if metric.of is Of.MACHINE}
    assert own == expected - (set() if reading.devices else {"gpu_hottest_c"})
    assert believable(reading).values == reading.values
    specs = specs_of(reading, "1")
    assert msgspec.json.decode(msgspec.json.encode(specs), type=Specs) == specs


def test_figures_repeat_for_a_seed_and_differ_between_rigs() -> None:
    assert Figures(1, 4).at(100.0) == Figures(1, 4).at(100.0)
    assert Figures(1, 4).at(100.0) != Figures(2, 4).at(100.0)
    assert Figures(1, 4).at(100.0).values != Figures(1, 6).at(100.0).values


def test_figures_vary_smoothly() -> None:
    loads = [Figures(1, 0).at(10.0 * step).values["cpu_load_pct"] for step in range(360)]
    assert max(loads) - min(loads) > 3
    assert max(abs(later - earlier) for earlier, later in pairwise(loads)) < 4


def test_there_are_a_hot_rig_and_one_without_a_sensor() -> None:
    readings = [Figures(1, index).at(0.0) for index in range(20)]
    assert any(reading.values.get("cpu_temperature_c", 0) > 78 for reading in readings)
    assert any("cpu_temperature_c" in reading.unread for reading in readings)


def plan_of(commander: FakeCommander, rigs: int) -> Plan:
    return Plan(url=commander.url, rigs=(PlannedRig(TOKEN),) * rigs)


def played(rig: SimulatedRig, moments: FakeMoments, seconds: float) -> None:
    until = moments.steady + seconds
    while (due := rig.turn()) < until:
        moments.steady = due
    moments.steady = until


def test_a_rig_enrols_reports_at_once_on_cadence_and_leaves() -> None:
    moments = FakeMoments()
    with serving(FakeCommander(clock=moments.true_time)) as commander:
        (rig,) = rigs_of(plan_of(commander, 1), moments, "1")
        start = moments.true_time()
        played(rig, moments, 125)
        assert rig.goodbye()
    assert [report.sent_at - start for report in commander.reports] == [0, 60, 120, 125]
    assert [report.sequence for report in commander.reports] == [0, 1, 2, 3]
    assert commander.reports[-1].goodbye
    assert len(commander.held.samples("machine1")) == 14
    assert commander.enrolments[0].hostname == "sim-001"
    first = commander.reports[0].machines[0]
    assert first.specs is not None
    assert commander.enrolments[0].hardware == first.specs.hardware == hardware_of(TOKEN)
    assert first.mining == Figures(1, 0).at(moments.steady - 125).mining


def test_hardware_is_the_tokens_own() -> None:
    assert hardware_of(TOKEN) == hardware_of(TOKEN) != hardware_of(f"{TOKEN}x")
    assert len(hardware_of(TOKEN)[0].split(":")) == 6
    assert TOKEN not in hardware_of(TOKEN)[0]


def test_a_rig_obeys_another_cadence_without_double_samples() -> None:
    moments = FakeMoments()
    with serving(FakeCommander(clock=moments.true_time)) as commander:
        (rig,) = rigs_of(plan_of(commander, 1), moments, "1")
        for sample_s, report_s, seconds in ((60, 360, 400), (5, 5, 600), (60, 360, 800)):
            commander.sample_interval_s, commander.report_interval_s = sample_s, report_s
            played(rig, moments, seconds)
    times = list(commander.held.samples("machine1"))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) >= 5
    assert gaps.count(5) > 50
    assert {60} == set(gaps[:10])
    assert {60} == set(gaps[-6:])


def test_a_report_soon_after_a_sample_takes_no_other() -> None:
    moments = FakeMoments()
    commander = FakeCommander(clock=moments.true_time, sample_interval_s=60, report_interval_s=360)
    with serving(commander):
        rig = rigs_of(plan_of(commander, 5), moments, "1")[2]
        played(rig, moments, 600)
    assert [report.sent_at - commander.reports[0].sent_at for report in commander.reports] == [0, 144, 504]
    gaps = [later - earlier for earlier, later in pairwise(commander.held.samples("machine1"))]
    assert set(gaps) == {60}


def test_a_rig_reports_a_change_at_once() -> None:
    moments = FakeMoments()
    with serving(FakeCommander(clock=moments.true_time, report_interval_s=360)) as commander:
        (rig,) = rigs_of(plan_of(commander, 1), moments, "1")
        played(rig, moments, 100)
        rig._figures = Figures(1, 1)
        played(rig, moments, 20)
    assert [report.sent_at - commander.reports[0].sent_at for report in commander.reports] == [0, 100]


def test_rigs_keep_apart_by_their_phase() -> None:
    moments = FakeMoments()
    with serving(FakeCommander(clock=moments.true_time)) as commander:
        rigs = rigs_of(plan_of(commander, 4), moments, "1")
        start = moments.steady
        first, later = [rig.turn() for rig in rigs], []
        for rig in rigs:
            moments.steady = start
            played(rig, moments, 59)
            later.append(commander.reports[-1].sent_at - moments.true_time() + 59)
    assert all(due - start == 10 for due in first)
    assert later == [0, 15, 30, 45]


def test_a_rig_that_is_refused_waits_and_tries_again() -> None:
    moments = FakeMoments()
    with serving(FakeCommander(clock=moments.true_time)) as commander:
        rigs = rigs_of(plan_of(commander, 1), moments, "1")
        commander.scripted += [refusal(401, "token_wrong"), Answer(503)]
        assert rigs[0].turn() == moments.steady + 300
        assert "does not know this token" in summary(rigs)
        assert rigs[0].turn() <= moments.steady + 1
        assert not rigs[0].goodbye()
        rigs[0].turn()
    assert summary(rigs) == "1 of 1 rigs had a report accepted"


class Counting:
    """A rig that counts its turns; the third turn of an odd one fails."""

    def __init__(self, number: int, done: threading.Semaphore) -> None:
        self.turns = 0
        self.number = number
        self._done = done

    def turn(self) -> float:
        self.turns += 1
        self._done.release()
        if self.number % 2 and self.turns == 3:
            raise ValueError("never foreseen")
        return 0.0 if self.turns < 3 else 1e12

    def goodbye(self) -> bool:
        return self.turns == 3


def test_the_fleet_gives_every_rig_its_turns_and_survives_mishaps() -> None:
    done = threading.Semaphore(0)
    rigs = [Counting(number, done) for number in range(40)]
    fleet = Fleet(rigs, system_now)
    fleet.start()
    for _ in range(120):
        assert done.acquire(timeout=30)
    assert fleet.stop() == 40
    assert [rig.turns for rig in rigs] == [3] * 40


@pytest.mark.parametrize("content", ["", "[]", '{"url": 1}', '{"url": "x", "rigs": [{}]}'])
def test_an_unusable_file_is_explained_without_quoting_it(tmp_path: Path, content: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(content)
    with pytest.raises(SettingsError, match="is not of the form"):
        load_plan(file)


def test_a_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--file", str(tmp_path / "none")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_program_simulates_until_its_parent_ends(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    with serving(FakeCommander()) as commander:
        file.write_text(json.dumps({"url": commander.url, "rigs": [{"token": TOKEN}] * 3}))
        command = [sys.executable, "-m", "edge_sentry", "simulate", "--file", str(file)]
        with subprocess.Popen(
            [*command, "--until-stdin-closes"], stdin=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert commander.wait_for(lambda: len(commander.reports) == 3)
            _, log = process.communicate()
    assert process.returncode == 0
    assert sum(report.goodbye for report in commander.reports) == 3
    assert TOKEN.encode() not in log
    assert b"3 rigs said goodbye" in log
