"""Two farms' and a client's requests interleaved in 32 threads: no answer holds another's ids."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from cloud.bootstrap import LocalCommander
from cloud.usecases.change_machine import change_machine
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_owner import create_owner
from cloud.usecases.invite_person import invite_person
from cloud.usecases.join_by_invitation import join_by_invitation
from cloud.usecases.sign_in import sign_in
from tests.fakes.world import ALL
from tests.system.served import served
from wire.live import MachineChange
from wire.messages import AgentKind
from wire.people import InvitationRequest, Joining, Role

THREADS, ROUNDS = 32, 40
PASSWORD = "a good password"


class Party(NamedTuple):
    """A person and the agent of a machine; what stands in their answers, and what never does."""

    cookie: str
    token: str
    machine: str
    ids: tuple[str, ...]
    foreign: tuple[str, ...] = ()
    out_of_sight: str = ""
    """A machine."""
    paths: tuple[str, ...] = ("/v1/session", "/v1/agents", "/v1/machines")


@pytest.fixture
def commander(tmp_path: Path) -> Iterator[LocalCommander]:
    """The gateway in this process, so that the farms can be made without a way in from outside."""
    with served(tmp_path, tmp_path) as started:
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)  # threads change places within a request, where they else seldom would
        yield started
        sys.setswitchinterval(interval)


def _make(commander: LocalCommander, name: str) -> tuple[str, Party]:
    """A farm, and its owner."""
    ports, email = commander.ports, f"{name}@example.org"
    farm = create_owner(ports, email, PASSWORD, f"Farm of {name}")
    made = create_agent(ports, farm, f"rig of {name}", AgentKind.CPU_GPU)
    machine = made.agent.machine
    assert machine is not None
    ids = (farm, made.agent.agent, machine, name)
    return farm, Party(sign_in(ports, email, PASSWORD), made.token, machine, ids)


def _make_client(commander: LocalCommander, farm: str, owner: str, name: str) -> Party:
    """A member of the farm who sees nothing there but one machine."""
    ports = commander.ports
    made = create_agent(ports, farm, f"rig of {name}", AgentKind.CPU_GPU)
    machine = made.agent.machine
    assert machine is not None
    change_machine(ports, farm, machine, MachineChange(client=name), ALL)
    invited = invite_person(ports, farm, f"{owner}@example.org", InvitationRequest(Role.VIEWER, (name,)))
    joining = Joining(invited.link.rpartition("/")[2], f"{name}@example.org", PASSWORD)
    cookie, paths = join_by_invitation(ports, joining), ("/v1/session", "/v1/machines")
    return Party(cookie, made.token, machine, (machine, name, farm), paths=paths)


def _ask(url: str, parties: list[Party], number: int) -> None:
    """A worker with its own client asks for one after the other, as a warm function would see them."""
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
        for round_ in range(ROUNDS):
            mine = parties[(number + round_) % len(parties)]
            for answer in _round(client, mine, number * ROUNDS + round_):
                assert answer.status_code == 200, answer.text
                assert not [known for known in mine.foreign if known in answer.text]
            stolen = client.get(f"/v1/machines/{mine.out_of_sight}", headers=_cookie(mine))
            assert stolen.status_code == 404


def _cookie(party: Party) -> dict[str, str]:
    return {"Cookie": f"__Host-session={party.cookie}"}


def _bearer(party: Party) -> dict[str, str]:
    return {"Authorization": f"Bearer {party.token}"}


def _report(party: Party, sequence: int) -> dict[str, Any]:
    now = time.time()
    block = {"at": [now], "series": [{"metric": "uptime_s", "values": [float(sequence)]}]}
    machines = [{"machine": party.machine, "open": block}]
    return {"epoch": 1, "sequence": sequence, "sent_at": now, "interval_s": 60, "machines": machines}


def _round(client: httpx.Client, party: Party, sequence: int) -> Iterator[httpx.Response]:
    yield client.post("/v1/reports", json=_report(party, sequence), headers=_bearer(party))
    for path in (*party.paths, f"/v1/machines/{party.machine}"):
        answer = client.get(path, headers=_cookie(party))
        assert any(known in answer.text for known in party.ids)
        yield answer


def test_no_answer_holds_another_farms_or_clients_ids(commander: LocalCommander) -> None:
    (farm, alice), (_, bob) = _make(commander, "alice"), _make(commander, "bob")
    carol = _make_client(commander, farm, "alice", "carol")
    parties = [
        alice._replace(foreign=bob.ids, out_of_sight=bob.machine),
        bob._replace(foreign=(*alice.ids, *carol.ids), out_of_sight=alice.machine),
        # Of the farm to which she belongs she knows id and name.
        carol._replace(foreign=(*bob.ids, *alice.ids[1:3]), out_of_sight=alice.machine),
    ]
    url = commander.ports.public_url
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda number: _ask(url, parties, number), range(THREADS)))


def test_a_report_for_the_other_farms_machine_is_refused_and_not_stored(commander: LocalCommander) -> None:
    (_, one), (_, two) = _make(commander, "alice"), _make(commander, "bob")
    with httpx.Client(base_url=commander.ports.public_url, trust_env=False, timeout=60) as client:
        forged = client.post("/v1/reports", json=_report(two, 1), headers=_bearer(one))
        nobodys = _report(two._replace(machine="none"), 1)
        unknown = client.post("/v1/reports", json=nobodys, headers=_bearer(one))
        page = client.get("/v1/machines", headers=_cookie(two)).json()
    assert (forged.status_code, forged.json()["error"]["code"]) == (404, "machine_unknown")
    assert forged.json() == unknown.json()
    assert page["live"]["received_at"] == [None]
