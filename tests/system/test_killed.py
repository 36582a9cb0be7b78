"""kill -9 of the commander while a sentry runs: all is there afterwards, and the sentry goes on by itself."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.system.processes import Commander, Program, VisitedCommander, free_port, wait_for


def _history(commander: Commander, machine: str) -> dict[str, Any]:
    with commander.signed_in() as client:
        found: dict[str, Any] = client.get(f"/v1/machines/{machine}/history").json()
    return found


def _count(commander: Commander, machine: str, least: int) -> list[float] | None:
    at: list[float] = _history(commander, machine)["at"]
    return at if len(at) >= least else None


@pytest.fixture
def commander(tmp_path: Path) -> Iterator[Commander]:
    started = VisitedCommander(tmp_path / "commander", "--no-sentry")
    yield started
    started.program.end()


def test_nothing_is_lost_and_the_sentry_goes_on(commander: Commander, sentry: Callable[..., Program]) -> None:
    with commander.signed_in() as client:
        made = client.post("/v1/agents", json={"name": "rig", "kind": "cpu_gpu"}).json()
    machine = made["agent"]["machine"]
    enrolled = sentry("enrol", "--url", commander.url, "--token", made["token"])
    assert enrolled.process.wait(30) == 0, enrolled.output()
    running = sentry("run")
    before = wait_for("samples", lambda: _count(commander, machine, 5))

    commander.program.kill()
    wait_for("the sentry to notice", lambda: "refused" in running.output().lower())
    commander.start()

    after = wait_for("more samples", lambda: _count(commander, machine, len(before) + 8))
    assert after[: len(before)] == before
    assert running.process.poll() is None
    # Samples taken while the commander was down came later: no hole is left.
    gaps = [later - earlier for earlier, later in pairwise(after)]
    assert max(gaps) < 4


def test_killed_in_its_first_moments_it_starts_again(tmp_path: Path) -> None:
    """Nothing that the very first start makes may be left half made."""
    data, log = tmp_path / "commander", tmp_path / "killed.log"
    for tenths in (1, 2, 3, 4, 5, 6):
        arguments = ["up", "--no-sentry", "--data", str(data), "--port", str(free_port()), "--rigs", "40"]
        program = Program("cloud", arguments, log)
        time.sleep(tenths / 10)
        program.kill()
    commander = Commander(data, "--no-sentry", expect_password=False)
    output = log.read_text() + commander.program.output()
    passwords = re.findall(r"password (\S+)", output)
    assert len(passwords) <= 1
    commander.password = passwords[0] if passwords else _new_password(commander)
    with commander.signed_in() as client:
        assert client.get("/v1/machines").json()["name"] == []
    commander.program.end()


def _new_password(commander: Commander) -> str:
    """The account was made, but the commander was killed before it could tell the password."""
    commander.program.end()
    command = [sys.executable, "-m", "cloud", "new-password", "--data", str(commander.data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    commander.start()
    return done.stdout.split("password ")[1].split()[0]
