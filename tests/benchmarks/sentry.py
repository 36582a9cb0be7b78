"""The sentry on a rig with 8 simulated cards and 2 stand-in miners: memory, CPU, time to the first report."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from edge_sentry.__main__ import main
from edge_sentry.supervisor.playbook import Assignment, save_assignment
from tests.benchmarks.rows import Row, at_most
from tests.fakes.commander import TOKEN, FakeCommander, serving
from tests.system.mining_rig import SUMMARY
from tests.system.mining_site import end_all, write_playbook
from tests.system.processes import free_port, wait_for

GOAL_MB, GOAL_PCT, GOAL_S = 45.0, 0.5, 1.0
SETTLES_S, LASTS_S = 8.0, 40.0
STARTS = 5
_MB = 2**20
_BARE = "import requests, psutil, time; time.sleep(60)"


def rows() -> Iterator[Row]:
    """One agent for `LASTS_S`, at the cadence of a farm: a sample each 10 s, a report each 60 s."""
    with tempfile.TemporaryDirectory() as name, serving(FakeCommander()) as commander:
        place = Path(name)
        folder = _enrolled(place, commander)
        try:
            yield from _at_rest(folder, commander)
            _assign(place, folder)
            yield from _at_work(folder, commander)
        finally:
            end_all(place)
            end_all(folder)
    yield Row("sentry.bare_python_rss", _bare_mb(), "MB")


def _at_rest(folder: Path, commander: FakeCommander) -> Iterator[Row]:
    with _running(folder, commander) as (agent, _):
        cpu_pct = _cpu_pct(agent)
        yield Row("sentry.rss_without_mining", _rss_mb(agent), "MB")
        yield Row("sentry.cpu_without_mining", cpu_pct, "% of a core")


def _at_work(folder: Path, commander: FakeCommander) -> Iterator[Row]:
    starts_s = []
    for _ in range(STARTS):
        with _running(folder, commander, settles_s=1.0) as (_, start_s):
            starts_s.append(start_s)
    with _running(folder, commander) as (agent, _):
        cpu_pct = _cpu_pct(agent)
        (child,) = [each for each in agent.children() if any("child.py" in word for word in each.cmdline())]
        _check(commander)
        yield at_most("sentry.rss", _rss_mb(agent), "MB", GOAL_MB)
        yield Row("sentry.rss_of_nvml_child", _rss_mb(child), "MB")
        yield at_most("sentry.cpu", cpu_pct, "% of a core", GOAL_PCT)
    yield at_most("sentry.first_report", sorted(starts_s)[STARTS // 2], "s", GOAL_S)


def _check(commander: FakeCommander) -> None:
    """Raises where the agent did less than what is measured."""
    newest = commander.reports[-1].machines[0]
    names = set() if newest.open is None else {series.metric for series in newest.open.series}
    states = [program.state for program in newest.programs]
    if not {"gpu_temperature_c", "hashrate"} <= names or states != ["running", "running"]:
        raise RuntimeError(f"it told {sorted(names)} of programs that are {states}")


@contextmanager
def _running(
    folder: Path, commander: FakeCommander, settles_s: float = SETTLES_S
) -> Iterator[tuple[psutil.Process, float]]:
    """The agent once it has settled, and how long its first report took."""
    before, began = len(commander.reports), time.monotonic()
    command = [sys.executable, "-m", "tests.benchmarks.carded_sentry", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as agent:
        try:
            assert commander.wait_for(lambda: len(commander.reports) > before)
            start_s = time.monotonic() - began
            time.sleep(settles_s)
            yield psutil.Process(agent.pid), start_s
        finally:
            agent.terminate()


def _enrolled(place: Path, commander: FakeCommander) -> Path:
    folder = place / "sentry"
    assert main(["enrol", "--url", commander.url, "--token", TOKEN, "--data", str(folder)]) == 0
    return folder


def _assign(place: Path, folder: Path) -> None:
    playbooks = []
    for name in ("cpu", "gpu"):
        port = free_port()
        words = ("--port", str(port), "--summary", str(SUMMARY))
        playbooks.append(write_playbook(place, name, *words, program="xmrig", api_port=port))
    save_assignment(folder / "mining", Assignment(revision=1, playbooks=tuple(playbooks)))


def _rss_mb(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / _MB


def _cpu_pct(process: psutil.Process) -> float:
    """Of the agent itself, without its child and the mining programs."""
    before, began = process.cpu_times(), time.monotonic()
    time.sleep(LASTS_S)
    after = process.cpu_times()
    spent_s = sum(after[:2]) - sum(before[:2])
    return 100.0 * spent_s / (time.monotonic() - began)


def _bare_mb() -> float:
    with subprocess.Popen([sys.executable, "-c", _BARE]) as bare:
        try:
            process = psutil.Process(bare.pid)
            wait_for("the imports", lambda: process.memory_info().rss > 20 * _MB)
            time.sleep(1)
            return _rss_mb(process)
        finally:
            bare.terminate()
