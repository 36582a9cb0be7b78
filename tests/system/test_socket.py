"""The socket as a program sees it: tickets, deltas, pings."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.system.processes import Commander

Json = dict[str, Any]


def _open(commander: Commander, ticket: str) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{commander.port}/socket?ticket={ticket}", proxy=None)


def _receive(socket: ClientConnection, kind: str) -> Json:
    while True:
        message: Json = json.loads(socket.recv(timeout=20))
        if message["type"] == kind:
            return message


def test_a_report_arrives_as_a_delta(commander: Commander) -> None:
    with commander.signed_in() as client:
        made = client.post("/v1/agents", json={"name": "rig", "kind": "cpu_gpu"}).json()
        machine = made["agent"]["machine"]
        with _open(commander, client.post("/v1/socket-tickets").json()["ticket"]) as socket:
            block = {"at": [time.time()], "series": [{"metric": "cpu_load_pct", "values": [41.5]}]}
            machines = [{"machine": machine, "open": block}]
            report = {"epoch": 1, "sequence": 1, "sent_at": 1, "interval_s": 2, "machines": machines}
            headers = {"Authorization": f"Bearer {made['token']}", "Cookie": ""}
            assert client.post("/v1/reports", json=report, headers=headers).status_code == 200
            live = _receive(socket, "delta")["live"]
            assert live["machine"] == [machine]
            assert live["values"] == {"cpu_load_pct": [41.5]}
            client.post("/v1/agents", json={"name": "another", "kind": "cpu_gpu"})
            _receive(socket, "machines_changed")


def test_a_ping_is_answered(commander: Commander) -> None:
    with (
        commander.signed_in() as client,
        _open(commander, client.post("/v1/socket-tickets").json()["ticket"]) as socket,
    ):
        socket.send('{"type": "ping"}')
        assert abs(_receive(socket, "pong")["server_at"] - time.time()) < 60


def test_a_ticket_opens_one_socket(commander: Commander) -> None:
    with commander.signed_in() as client:
        ticket = client.post("/v1/socket-tickets").json()["ticket"]
    with _open(commander, ticket):
        pass
    for refused in (ticket, "", "made-up"):
        with pytest.raises(InvalidStatus) as error, _open(commander, refused):
            pass
        assert error.value.response.status_code == 401


def test_rubbish_does_not_harm_the_connection(commander: Commander) -> None:
    with (
        commander.signed_in() as client,
        _open(commander, client.post("/v1/socket-tickets").json()["ticket"]) as socket,
    ):
        for rubbish in ("", "{", '{"type": "pong"}', "[" * 10_000, "\x00"):
            socket.send(rubbish)
        socket.send('{"type": "ping"}')
        _receive(socket, "pong")


def test_bytes_end_the_connection_quietly(commander: Commander) -> None:
    with (
        commander.signed_in() as client,
        _open(commander, client.post("/v1/socket-tickets").json()["ticket"]) as socket,
    ):
        socket.send(b"\x00\x01")
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=20)
    assert "Traceback" not in commander.program.output()


def test_a_socket_ends_with_its_session(commander: Commander) -> None:
    with (
        commander.signed_in() as client,
        _open(commander, client.post("/v1/socket-tickets").json()["ticket"]) as socket,
    ):
        assert client.delete("/v1/session").status_code == 204
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=20)


def _look(commander: Commander, ticket: str, name: str) -> str:
    """Opens a socket, looks at a machine and pings; what the ping was answered with."""
    with _open(commander, ticket) as socket:
        socket.send(f'{{"type": "look", "machines": ["{name}"]}}')
        socket.send('{"type": "ping"}')
        return str(_receive(socket, "pong")["type"])


def test_forty_pages_that_open_at_once_all_open(commander: Commander) -> None:
    """As when a network comes back and every window reconnects."""
    with commander.signed_in() as client:
        tickets = [client.post("/v1/socket-tickets").json()["ticket"] for _ in range(40)]
    with ThreadPoolExecutor(40) as pool:
        numbers = range(len(tickets))
        opened = pool.map(lambda n: _look(commander, tickets[n], f"machine_{n}"), numbers)
        assert list(opened) == ["pong"] * 40
    assert "Traceback" not in commander.program.output()
