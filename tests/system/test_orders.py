"""What an owner asks on the page reaches the rig, is done once, and shows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.system.mining_rig import SUMMARY, MiningRig
from tests.system.mining_site import token_of
from tests.system.processes import Commander, Program, free_port, wait_for

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these processes are Linux's")


@pytest.fixture
def rig(tmp_path: Path, commander: Commander) -> Iterator[MiningRig]:
    rig = MiningRig(tmp_path, commander)
    yield rig
    rig.end()


def shown(rig: MiningRig, name: str = "cpu") -> dict[str, Any]:
    """The program as the machine's page shows it; empty where it does not."""
    programs: list[dict[str, Any]] = rig.get("").get("programs", [])
    return next((each for each in programs if each["program"] == name), {})


def order(rig: MiningRig, action: str, **more: Any) -> None:
    with rig.signed_in() as client:
        wish = {"action": action, "program": "cpu", **more}
        origin = {"Origin": rig.commander.url}
        answer = client.post(f"/v1/machines/{rig.machine}/orders", json=wish, headers=origin)
    assert answer.status_code in (200, 201, 202), answer.text


def test_stop_start_and_log(rig: MiningRig) -> None:
    rig.assign(rig.playbook("cpu", "--say", "hello from the stand-in"))
    rig.start()
    first = rig.running(1)
    wait_for("it to show", lambda: shown(rig).get("state") == "running")
    order(rig, "stop")
    wait_for("its end", lambda: not rig.miners())
    wait_for("that to show", lambda: shown(rig).get("state") == "stopped")
    rig.kill()
    rig.start()
    order(rig, "log", lines=50)
    wait_for("the log", lambda: "hello from the stand-in" in log(rig))
    assert not rig.miners()
    order(rig, "start")
    assert rig.running(1) != first
    wait_for("that to show", lambda: shown(rig).get("state") == "running")
    wait_for("no order to wait", lambda: not rig.get("").get("orders"))


def log(rig: MiningRig) -> list[str]:
    with rig.signed_in() as client:
        answer = client.get(f"/v1/machines/{rig.machine}/log", params={"program": "cpu"})
    return answer.json().get("lines", []) if answer.status_code == 200 else []


def test_a_program_that_somebody_else_runs_is_only_read(rig: MiningRig, tmp_path: Path) -> None:
    port = free_port()
    words = (token_of(tmp_path), "--port", str(port), "--summary", str(SUMMARY))
    theirs = Program("tests.system.stand_in_miner", words, tmp_path / "theirs.log")
    try:
        rig.start()
        watched = [
            {"program": "mine", "miner": "xmrig", "port": port},
            {"program": "odd", "miner": "nonsense", "port": free_port()},
        ]
        with rig.signed_in() as client:
            origin = {"Origin": rig.commander.url}
            answer = client.put(
                f"/v1/machines/{rig.machine}/watched", json={"watched": watched}, headers=origin
            )
        assert answer.status_code < 300, answer.text
        wait_for("it to show", lambda: shown(rig, "mine").get("state") == "mining")
        assert shown(rig, "mine")["managed"] is False
        assert shown(rig, "odd")["state"] == "refused"
        assert rig.get("")["values"]["hashrate@rx/0"] > 0
        assert rig.agent is not None
        rig.agent.end()
        rig.start()
        wait_for("it to be read again", lambda: rig.programs()["mine"].state == "mining")
        assert theirs.process.poll() is None
    finally:
        theirs.kill()
