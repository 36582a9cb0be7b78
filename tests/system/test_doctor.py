"""`edge-sentry doctor` beside a real sentry and a real commander."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.system.processes import Commander, Program, wait_for


def _rows(doctor: Program) -> dict[str, Any]:
    doctor.process.wait(60)
    return {row["check"]: row for row in json.loads(doctor.output().splitlines()[-1])["rows"]}


def test_of_a_sentry_that_reports(commander: Commander, sentry: Callable[..., Program]) -> None:
    with commander.signed_in() as client:
        made = client.post("/v1/agents", json={"name": "rig", "kind": "cpu_gpu"}).json()
    enrolled = sentry("enrol", "--url", commander.url, "--token", made["token"])
    assert enrolled.process.wait(30) == 0, enrolled.output()

    before = _rows(sentry("doctor", "--json"))
    assert before["sentry"]["level"] == "bad"
    assert before["token"]["level"] == "skipped"

    running = sentry("run")
    wait_for("a report", lambda: sentry("status").process.wait(30) == 0)
    after = _rows(sentry("doctor", "--json"))
    checked = (
        "enrolment",
        "sentry",
        "address",
        "TLS",
        "commander",
        "token",
        "clock",
        "unsent samples",
        "data folder",
    )
    assert {name: after[name]["level"] for name in checked} == dict.fromkeys(checked, "ok"), after
    assert made["token"] not in json.dumps(after)
    assert running.process.poll() is None

    commander.program.kill()
    without = _rows(sentry("doctor", "--json"))
    assert without["commander"]["level"] == "bad"
    assert "refused" in without["commander"]["text"]
