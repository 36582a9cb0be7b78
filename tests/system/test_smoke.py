"""`commander admin smoke` against the commander of one machine, both as real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

from tests.system.processes import Commander

LIMIT_S = 120


def _smoke(commander: Commander, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    account = ["--email", "owner@localhost", "--timeout", "30"]
    return subprocess.run(
        [sys.executable, "-m", "cloud", "admin", "smoke", "--url", commander.url, *account],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def test_a_running_commander_passes_and_is_left_as_it_was(commander: Commander) -> None:
    done = _smoke(commander, {"RIG_PASSWORD": commander.password})
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 10
    assert all(line.startswith("ok ") for line in lines)
    assert commander.password not in done.stdout + done.stderr
    with commander.signed_in() as client:
        assert client.get("/v1/agents").json()["agents"] == []
        assert client.get("/v1/machines").json()["name"] == []


def test_a_wrong_password_is_told_and_ends_in_failure(commander: Commander) -> None:
    done = _smoke(commander, {"RIG_PASSWORD": "not the password"})
    assert done.returncode == 1
    assert "FAILED  the right password signs in: It answered 401 sign_in_refused" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
