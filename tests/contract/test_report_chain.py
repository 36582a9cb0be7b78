"""One report's whole way, sign-in to chart, is the same on every store."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from starlette.datastructures import Headers, QueryParams

from cloud.app import CommanderApp, create_app
from cloud.gateway.events import Arrived, RouteTable, http_event
from cloud.ports import Store
from cloud.usecases.create_owner import create_owner
from tests.fakes.ports import fake_ports
from tests.fakes.time_and_chance import FakeClock
from wire.messages import REPORT_CONTENT_TYPE

Json = dict[str, Any]


class Caller:
    """Calls the app as API Gateway would."""

    def __init__(self, app: CommanderApp) -> None:
        self._app, self._routes = app, RouteTable(app.routes)
        self.headers: dict[str, str] = {}

    def __call__(self, method: str, path: str, body: Json | bytes | None = None, **headers: str) -> Json:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
        merged = {"content-type": "application/json", **self.headers, **headers}
        match = self._routes.match(method, path)
        assert match is not None
        arrived = Arrived(method, path, Headers(merged), QueryParams(), sent, "127.0.0.1")
        answer = self._app(http_event(arrived, match), None)
        assert answer["statusCode"] in (200, 201), answer["body"]
        cookie = answer["headers"].get("Set-Cookie")
        if cookie:
            self.headers["cookie"] = cookie.partition(";")[0]
        parsed: Json = json.loads(answer["body"])
        return parsed


@pytest.fixture
def call(store: Store, clock: FakeClock) -> Caller:
    ports = fake_ports(store=store, clock=clock)
    create_owner(ports, "owner@example.org", "a good password", "The farm")
    return Caller(create_app(ports))


def _report(machine: str, now: float, sequence: int) -> bytes:
    at = [now - 10, now]
    series = [
        {"metric": "cpu_load_pct", "values": [10.0 + sequence, 20.0 + sequence]},
        {"metric": "cpu_temperature_c", "values": [None, None]},
        {"metric": "gpu_power_w", "subject": "gpu-1", "values": [90.5, 100.5 + sequence]},
        {"metric": "gpu_power_w", "subject": "gpu-2", "values": [None, 200.5]},
        {"metric": "accepted_shares", "subject": "kawpow", "values": [100, 100 + 5 * sequence]},
    ]
    unread = [{"part": "cpu_temperature_c", "reason": "no sensor"}]
    specs = {"hostname": "rig", "cpu_cores": 8, "addresses": ["192.0.2.7"]}
    old = {"at": [now - 20], "series": [{"metric": "cpu_load_pct", "values": [sequence]}]}
    new = {"at": at, "series": series}
    program = {"program": "p", "miner": "trex", "state": "running", "accepted": sequence}
    one = {"machine": machine, "blocks": [old], "open": new, "unread": unread, "specs": specs}
    one["programs"] = [program]
    report = {"epoch": 1, "sequence": sequence, "sent_at": now, "interval_s": 60, "machines": [one]}
    return gzip.compress(json.dumps(report).encode())


def test_from_sign_in_to_the_chart(call: Caller, clock: FakeClock) -> None:
    session = call("POST", "/v1/session", {"email": "owner@example.org", "password": "a good password"})
    assert [seat["name"] for seat in session["farms"]] == ["The farm"]
    made = call("POST", "/v1/agents", {"name": "rig one", "kind": "cpu_gpu"})
    machine = made["agent"]["machine"]
    bearer = {"authorization": f"Bearer {made['token']}"}
    enrolment = {"kind": "cpu_gpu", "agent_version": "1", "hostname": "rig", "sent_at": clock.now}
    assert call("POST", "/v1/enrolment", enrolment, **bearer)["epoch"] == 1

    for sequence in (1, 2):
        gzipped = {**bearer, "content-type": REPORT_CONTENT_TYPE}
        reply = call("POST", "/v1/reports", _report(machine, clock.now, sequence), **gzipped)
        assert (reply["sequence"], reply["server_at"]) == (sequence, clock.now)
        clock.advance(60)

    page = call("GET", "/v1/machines")
    assert (page["name"], page["next"]) == (["rig one"], None)
    assert page["live"]["values"] == {"cpu_load_pct": [22.0], "cpu_temperature_c": [None]}
    assert page["live"]["received_at"] == [clock.now - 60]
    view = call("GET", f"/v1/machines/{machine}")
    assert view["specs"] == {"hostname": "rig", "cpu_cores": 8, "addresses": ["192.0.2.7"]}
    assert view["unread"] == [{"part": "cpu_temperature_c", "reason": "no sensor"}]
    assert view["values"] == {
        "gpu_power_w@gpu-1": 102.5,
        "gpu_power_w@gpu-2": 200.5,
        "accepted_shares@kawpow": 110,
    }
    assert view["programs"] == [{"program": "p", "miner": "trex", "state": "running", "accepted": 2}]
    history = call("GET", f"/v1/machines/{machine}/history")
    # An honest sentry would have closed the first block under way before it began the second.
    assert history["at"] == [clock.now - ago for ago in (140, 80, 70, 60)]
    assert history["values"]["cpu_load_pct"] == [1.0, 2.0, 12.0, 22.0]
    assert history["values"]["gpu_power_w@gpu-1"] == [None, None, 90.5, 102.5]
    assert history["values"]["gpu_power_w@gpu-2"] == [None, None, None, 200.5]
    assert history["values"]["accepted_shares@kawpow"] == [None, None, None, 1.0]
