"""kill -9 of the agent at many moments, between fork and bookkeeping too: mining does not notice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from edge_sentry.supervisor.playbook import Assignment, Playbook, save_assignment
from edge_sentry.supervisor.proc import read_stat
from edge_sentry.supervisor.processes import Process
from tests.system.mining_site import Site, alive, end_all, token_of, write_playbook
from tests.system.processes import wait_for

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="these processes are Linux's"),
    pytest.mark.timeout(240),
]
POINTS = ("locked", "forked", "slow")
MOMENTS = int(os.environ.get("RIG_TEST_KILLS", "24"))
"""`make soak` takes 50."""
LONGEST_LIFE_S = 0.6
FLOOD = ("--bytes-per-s", "1000000")


class Victim:
    """Agents on one folder, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mining = folder / "mining"
        self.mining.mkdir()
        self.version = 0
        self.change()

    def change(self) -> None:
        """Another version of both playbooks is assigned; the next agent has to replace what runs."""
        self.version += 1
        self.playbooks: tuple[Playbook, ...] = tuple(
            write_playbook(self.folder, name, f"--say={name}-{self.version}", *FLOOD, version=self.version)
            for name in ("cpu", "gpu")
        )
        save_assignment(self.mining, Assignment(revision=self.version, playbooks=self.playbooks))

    def live_and_die(self, life_s: float) -> None:
        """An agent that is killed after so long, wherever it is then."""
        agent = self._agent("")
        time.sleep(life_s)
        _kill(agent)

    def die_at(self, point: str) -> None:
        """An agent that kills itself when it comes to start something."""
        assert self._agent(point).wait(60) == -signal.SIGKILL

    def live_until_both_run(self) -> None:
        """An agent that is killed as soon as both programs of the present version are there."""
        agent = self._agent("")
        try:
            wait_for("both programs", lambda: len(self.current()) == 2)
        finally:
            _kill(agent)

    def _agent(self, point: str) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "tests.system.supervising_agent", str(self.folder), point]
        return subprocess.Popen(words, stdin=subprocess.DEVNULL)

    def current(self) -> set[Process]:
        """The living stand-ins of the version that should run."""
        every = set().union(*self.miners().values())
        return {each for each in every if f"-{self.version}\0".encode() in _command(each.pid)}

    def miners(self) -> dict[str, set[Process]]:
        """By playbook: the living stand-ins with what is on their command line."""
        found: dict[str, set[Process]] = {"cpu": set(), "gpu": set()}
        for process in alive(token_of(self.folder)):
            for name, those in found.items():
                if f"--say={name}-".encode() in _command(process.pid):
                    those.add(process)
        return found

    def launchers(self) -> dict[Process, str]:
        """The launchers that live, each with its run's folder; one that only just begins included."""
        mark = f"EDGE_SENTRY_RUN={self.mining}/runs/"
        found: dict[Process, str] = {}
        for path in Path("/proc").glob("[0-9]*/environ"):
            stat = read_stat(int(path.parent.name))
            if stat is not None and stat.lives and stat.pid == stat.session:
                for word in _environment(path):
                    if word.startswith(mark):
                        found[stat.process] = word
        return found


def _kill(agent: subprocess.Popen[bytes]) -> None:
    agent.kill()
    agent.wait(30)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _environment(path: Path) -> list[str]:
    try:
        return path.read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[Victim]:
    yield Victim(tmp_path)
    end_all(tmp_path)


def none_doubled(victim: Victim) -> None:
    folders = list(victim.launchers().values())
    assert len(set(folders)) == len(folders), folders
    assert {name: len(those) for name, those in victim.miners().items() if len(those) > 1} == {}


def test_kill_9_at_many_moments(victim: Victim) -> None:
    """In turn: one that has to replace both programs, of which some die between fork and bookkeeping;
    one that finds whatever that left; one that is killed as soon as both run; one that finds both."""
    chance = Random(os.environ.get("SEED", "rig"))
    undisturbed = 0
    for moment in range(MOMENTS):
        turn, quarter = moment % 4, moment // 4
        if turn == 0:
            victim.change()
        before = victim.current()
        if turn == 0 and quarter % 2:
            victim.die_at(POINTS[quarter // 2 % len(POINTS)])
        elif turn == 2:
            victim.live_until_both_run()
        else:
            victim.live_and_die(chance.uniform(0.0, LONGEST_LIFE_S))
        none_doubled(victim)
        assert before <= victim.current(), moment
        undisturbed += len(before)
    assert undisturbed >= 2 * (MOMENTS // 4)
    whole(victim)


def whole(victim: Victim) -> None:
    """The next agent makes of it what is assigned; nothing is doubled, and in the end nothing is left."""
    site = Site(victim.folder, {})
    want = {"cpu": victim.version, "gpu": victim.version}
    site.until(
        "the assigned versions",
        lambda: {view.id: view.running_version for view in site.supervisor.views() if view.pid} == want,
    )
    wait_for("both programs", lambda: all(len(those) == 1 for those in victim.miners().values()))
    none_doubled(victim)
    assert site.supervisor.mishaps == 0
    site.end()
    assert victim.launchers() == {}


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_the_very_first_start(victim: Victim, point: str) -> None:
    """Nothing ran before: what the dead agent began is found, and begun once."""
    victim.die_at(point)
    begun = victim.launchers()
    assert len(begun) == (0 if point == "locked" else 1)
    victim.live_until_both_run()
    none_doubled(victim)
    assert len(victim.launchers()) == 2
    assert begun.items() <= victim.launchers().items()
    whole(victim)


def test_programs_go_on_writing_though_nobody_reads(victim: Victim) -> None:
    victim.live_until_both_run()
    before = victim.current()
    output = victim.mining / "runs" / "gpu" / "output"
    size = output.stat().st_size
    wait_for("2 MB more", lambda: output.stat().st_size > size + 2_000_000)
    assert victim.current() == before
    site = Site(victim.folder, {})
    site.until("its last lines", lambda: site.supervisor.last_lines("gpu", 3))
    assert victim.current() == before
    site.end()
