"""Two farms' requests interleaved in 32 threads: no answer holds the other's ids."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import uvicorn

from cloud.__main__ import LOCAL_POLICY
from cloud.bootstrap import LocalCommander, on_one_machine
from cloud.gateway.server import create_server
from cloud.settings import Settings
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_owner import create_owner
from cloud.usecases.sign_in import sign_in
from tests.system.processes import free_port, wait_for
from wire.messages import AgentKind

THREADS, ROUNDS = 32, 40


class Farm(NamedTuple):
    """What one farm's person and agent know."""

    cookie: str
    token: str
    machine: str
    ids: tuple[str, ...]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[LocalCommander]:
    """The gateway in this process, so that the farms can be made without a way in from outside."""
    port = free_port()
    policy = replace(LOCAL_POLICY, reports_burst=100_000)
    settings = Settings(f"http://127.0.0.1:{port}", policy)
    commander = on_one_machine(settings, tmp_path / "store.sqlite")
    asgi = create_server(commander, tmp_path, ["127.0.0.1"])
    config = uvicorn.Config(asgi, port=port, log_level="error", ws="websockets-sansio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_for("the gateway", lambda: server.started)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads change places within a request, where they else seldom would
    yield commander
    sys.setswitchinterval(interval)
    server.should_exit = True
    thread.join()


def _make(commander: LocalCommander, name: str) -> Farm:
    ports, email = commander.ports, f"{name}@example.org"
    farm = create_owner(ports, email, "a good password", f"Farm of {name}")
    made = create_agent(ports, farm, f"rig of {name}", AgentKind.CPU_GPU)
    machine = made.agent.machine
    assert machine is not None
    ids = (farm, made.agent.agent, machine, name)
    return Farm(sign_in(ports, email, "a good password"), made.token, machine, ids)


def _ask(url: str, own: Farm, other: Farm, number: int) -> None:
    """A worker with its own client alternates between the farms, as a warm function would see them."""
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
        for round_ in range(ROUNDS):
            mine, theirs = (own, other) if (number + round_) % 2 else (other, own)
            for answer in _round(client, mine, number * ROUNDS + round_):
                assert answer.status_code == 200, answer.text
                assert not [known for known in theirs.ids if known in answer.text]
            stolen = client.get(f"/v1/machines/{theirs.machine}", headers=_cookie(mine))
            assert stolen.status_code == 404


def _cookie(farm: Farm) -> dict[str, str]:
    return {"Cookie": f"__Host-session={farm.cookie}"}


def _bearer(farm: Farm) -> dict[str, str]:
    return {"Authorization": f"Bearer {farm.token}"}


def _report(farm: Farm, sequence: int) -> dict[str, Any]:
    now = time.time()
    block = {"at": [now], "series": [{"metric": "uptime_s", "values": [float(sequence)]}]}
    machines = [{"machine": farm.machine, "open": block}]
    return {"epoch": 1, "sequence": sequence, "sent_at": now, "interval_s": 60, "machines": machines}


def _round(client: httpx.Client, farm: Farm, sequence: int) -> Iterator[httpx.Response]:
    yield client.post("/v1/reports", json=_report(farm, sequence), headers=_bearer(farm))
    for path in ("/v1/session", "/v1/agents", "/v1/machines", f"/v1/machines/{farm.machine}"):
        answer = client.get(path, headers=_cookie(farm))
        assert any(known in answer.text for known in farm.ids)
        yield answer


def test_no_answer_holds_the_other_farms_ids(served: LocalCommander) -> None:
    one, two = _make(served, "alice"), _make(served, "bob")
    url = served.ports.public_url
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda number: _ask(url, one, two, number), range(THREADS)))


def test_a_report_for_the_other_farms_machine_is_refused_and_not_stored(served: LocalCommander) -> None:
    one, two = _make(served, "alice"), _make(served, "bob")
    with httpx.Client(base_url=served.ports.public_url, trust_env=False, timeout=60) as client:
        forged = client.post("/v1/reports", json=_report(two, 1), headers=_bearer(one))
        nobodys = _report(two._replace(machine="none"), 1)
        unknown = client.post("/v1/reports", json=nobodys, headers=_bearer(one))
        page = client.get("/v1/machines", headers=_cookie(two)).json()
    assert (forged.status_code, forged.json()["error"]["code"]) == (404, "machine_unknown")
    assert forged.json() == unknown.json()
    assert page["live"]["received_at"] == [None]
