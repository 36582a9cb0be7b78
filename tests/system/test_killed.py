"""kill -9 of the commander while a sentry runs: all is there afterwards, and the sentry goes on by itself."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from tests.system.processes import Commander, Program, wait_for


def _history(commander: Commander, machine: str) -> dict[str, Any]:
    with commander.signed_in() as client:
        found: dict[str, Any] = client.get(f"/v1/machines/{machine}/history").json()
    return found


def _count(commander: Commander, machine: str, least: int) -> list[float] | None:
    at: list[float] = _history(commander, machine)["at"]
    return at if len(at) >= least else None


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
