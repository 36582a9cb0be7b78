"""A real agent that mines, killed, cut off and restarted: the programs do not notice, the figures arrive."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from tests.system.mining_rig import SUMMARY, MiningRig, output
from tests.system.mining_site import write_playbook
from tests.system.processes import Commander, Program, wait_for

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="these processes are Linux's"),
    pytest.mark.timeout(300),
]
FLOOD = ("--bytes-per-s", "1000000")
LIVES = int(os.environ.get("RIG_TEST_KILLS", "12"))
"""`make soak` takes 50."""
# Long enough for some samples, after a start that takes up to a second of it.
LONGEST_LIFE_S = 3.0
MOST_WITHIN_A_LIFE = 2


@pytest.fixture
def rig(tmp_path: Path, commander: Commander) -> Iterator[MiningRig]:
    rig = MiningRig(tmp_path, commander)
    yield rig
    rig.end()


def told(rig: MiningRig, name: str = "cpu") -> bool:
    """Whether the agent read the program."""
    found = rig.programs().get(name)
    return found is not None and found.accepted is not None


def test_figures_of_a_program_arrive(rig: MiningRig) -> None:
    rig.assign(rig.playbook("cpu"))
    rig.start()
    rig.running(1)
    wait_for("its figures", lambda: told(rig))
    found = rig.programs()["cpu"]
    assert (found.state, found.managed, found.miner) == ("running", True, "xmrig")
    wait_for("the commander to know", lambda: _hashrate(rig))
    (mined,) = rig.get("")["live"]["mining"][0]
    assert mined["algorithm"] == "rx/0"
    assert mined["hashrate"] == _hashrate(rig)
    wait_for("the events to be acknowledged", lambda: not rig.waiting())
    assert "started" in {event.get("kind") for event in rig.get("/events")["events"]}


def _hashrate(rig: MiningRig) -> float | None:
    found: float | None = rig.get("")["values"].get("hashrate@rx/0")
    return found


def test_a_program_without_an_api_is_read_by_its_log(rig: MiningRig) -> None:
    words = ("--say", "total speed 5.5 kH/s")
    rig.assign(write_playbook(rig.place, "cpu", *words, program="generic", hashrate_after="speed"))
    rig.start()
    rig.running(1)
    wait_for("its figures", lambda: rig.get("")["values"].get("hashrate@unknown") == 5500)
    assert rig.programs()["cpu"].accepted is None


def test_a_killed_agent_adopts_what_runs(rig: MiningRig) -> None:
    rig.assign(rig.playbook("cpu"), rig.playbook("gpu"))
    rig.start()
    before = rig.running(2)
    wait_for("figures of both", lambda: told(rig, "cpu") and told(rig, "gpu"))
    rig.kill()
    assert rig.miners() == before
    rig.start()
    wait_for("both adopted", lambda: output(rig).count(": adopted:") == 2)
    assert rig.miners() == before
    assert ": started:" not in output(rig)


def test_the_commander_away_changes_nothing(rig: MiningRig, commander: Commander) -> None:
    rig.assign(rig.playbook("cpu"))
    rig.start()
    before = rig.running(1)
    wait_for("its figures", lambda: told(rig))
    commander.program.kill()
    wait_for("the agent to notice", lambda: "refused" in output(rig).lower())
    time.sleep(3)
    assert rig.miners() == before
    commander.start()
    at = wait_for("samples", lambda: _times(rig, 5))
    wait_for("more", lambda: _times(rig, len(at) + 3))
    assert rig.miners() == before


def test_at_a_boot_without_network_the_last_assignment_starts(rig: MiningRig, commander: Commander) -> None:
    rig.assign(rig.playbook("cpu"))
    commander.program.kill()
    rig.start()
    rig.running(1)
    wait_for("its figures", lambda: told(rig))
    assert {event.kind for event in rig.waiting()} == {"started"}
    commander.start()
    wait_for("the events to arrive", lambda: not rig.waiting())


def test_a_stranger_on_the_port_is_not_believed(rig: MiningRig, tmp_path: Path) -> None:
    """The program that is assigned listens nowhere; another one of the same kind answers in its place."""
    playbook = rig.playbook("cpu", "--open-after", "1000")
    rig.assign(playbook)
    rig.start()
    rig.running(1)
    words = ("stranger", "--port", str(playbook.api_port), "--summary", str(SUMMARY))
    stranger = Program("tests.system.stand_in_miner", words, tmp_path / "stranger.log")
    try:
        said = f"another process (pid {stranger.process.pid}) answers on its port"
        wait_for("the reason", lambda: rig.programs().get("cpu") and said in rig.programs()["cpu"].reason)
        assert rig.programs()["cpu"].accepted is None
    finally:
        stranger.kill()


def test_kill_9_at_many_moments(rig: MiningRig) -> None:
    """While a stand-in writes 1 MB/s: it goes on, and each sample that was ever written arrives once."""
    rig.assign(rig.playbook("cpu", *FLOOD), rig.playbook("gpu"))
    rig.start()
    before = rig.running(2)
    wait_for("figures", lambda: told(rig))
    chance = Random("rig")
    lives: list[tuple[float, float]] = []
    written: set[int] = set()
    for _ in range(LIVES):
        time.sleep(chance.uniform(0.0, LONGEST_LIFE_S))
        killed_at = time.time()
        rig.kill()
        assert rig.miners() == before
        written |= rig.written()
        lives.append((killed_at, time.time()))
        rig.start()
    wait_for("the last one's figures", lambda: told(rig))
    assert rig.miners() == before
    wait_for("new samples", lambda: _times_after(rig, lives[-1][1] + 5))
    at = wait_for("every sample that was written", lambda: _times_with(rig, written))
    assert all(earlier < later for earlier, later in pairwise(at))
    assert len(written) > LIVES / 4
    unheard_of = {round(each * 1000) for each in at if each < lives[-1][0]} - written
    # A block that was closed and acknowledged within one life was in no spool when that life ended.
    assert len(unheard_of) <= MOST_WITHIN_A_LIFE
    away = [(earlier, later) for earlier, later in pairwise(at) if later - earlier > 4]
    unexplained = [gap for gap in away if not any(gap[0] <= killed <= gap[1] for killed, _ in lives)]
    assert unexplained == []
    assert rig.get("")["dropped"] == 0
    samples = rig.get("/history")["values"]["uptime_s"]
    assert None not in samples


def _times(rig: MiningRig, least: int) -> list[float] | None:
    at: list[float] = rig.get("/history")["at"]
    return at if len(at) >= least else None


def _times_with(rig: MiningRig, written: set[int]) -> list[float] | None:
    at: list[float] = rig.get("/history")["at"]
    return at if written <= {round(each * 1000) for each in at} else None


def _times_after(rig: MiningRig, moment: float) -> list[float] | None:
    at: list[float] = rig.get("/history")["at"]
    return at if at and at[-1] > moment else None
