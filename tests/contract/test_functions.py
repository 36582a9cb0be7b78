"""The function of the HTTP API answers as the gateway of one machine does, request by request."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest
from starlette.datastructures import Headers, QueryParams
from starlette.types import ASGIApp

from cloud.app import ROUTES
from cloud.bootstrap import in_aws, on_one_machine
from cloud.domain.policy import Policy
from cloud.gateway.events import Arrived, RouteTable, http_event
from cloud.gateway.server import create_server
from cloud.settings import Settings
from cloud.usecases.create_owner import create_owner
from tests.fakes.asgi import AsgiClient
from tests.fakes.functions import VARIABLES, Handler, cold_starts, table
from tests.fakes.payloads import payload_2_0
from wire.messages import REPORT_CONTENT_TYPE

URL, HOST = "https://rigs.example.org", "rigs.example.org"
EMAIL, PASSWORD = "owner@example.org", "a good password"
_BUILDS = {"1.0": http_event, "2.0": payload_2_0}


class Told(NamedTuple):
    """An answer, of which only what must be equal is kept."""

    status: int
    headers: dict[str, str]
    body: Any


class Way(Protocol):
    """A way to a commander."""

    def __call__(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Told:
        """One request to its answer."""


class LocalGateway:
    """Through starlette, as uvicorn would call it."""

    def __init__(self, asgi: ASGIApp) -> None:
        self._client = AsgiClient(asgi, URL)

    def __call__(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Told:
        answer = self._client.request(method, path, body, headers)
        return Told(answer.status_code, dict(answer.headers), _json(answer.content))


class Function:
    """Through the handler, with events as API Gateway builds them behind CloudFront."""

    def __init__(self, handler: Handler, version: str) -> None:
        self._handler, self._build = handler, _BUILDS[version]
        routes: dict[str, dict[str, object]] = {}
        for route in ROUTES:
            routes.setdefault(route.path, {})[route.method] = None
        self._routes = RouteTable(routes)

    def __call__(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Told:
        bare, _, query = path.partition("?")
        match = self._routes.match(method, bare)
        assert match is not None
        seen = {**headers, "host": "api.example.org", "x-forwarded-host": HOST}
        arrived = Arrived(method, bare, Headers(seen), QueryParams(query), body, "192.0.2.1")
        answer = self._handler(self._build(arrived, match), None)
        sent = {name.lower(): value for name, value in answer["headers"].items()}
        if answer.get("cookies"):
            (sent["set-cookie"],) = answer["cookies"]
        return Told(answer["statusCode"], sent, _json(answer["body"].encode()))


def _json(body: bytes) -> Any:
    return json.loads(body) if body else None


def _told_alike(told: Told) -> Told:
    """Without what the gateways add of their own, and with one name for what differs by chance or time."""
    ours = ("content-type", "cache-control", "set-cookie", "retry-after")
    headers = {name: _masked(told.headers[name]) for name in ours if name in told.headers}
    body = json.loads(_masked(json.dumps(told.body)))
    if isinstance(body, dict):
        # On AWS nothing is signed yet: its agents are told of no key and of no document.
        body = {name: value for name, value in body.items() if name not in ("key", "document")}
    return Told(told.status, headers, body)


def _masked(text: str) -> str:
    text = re.sub(r"\b(farm|agent|machine)_[a-z2-7]{16}\b", r"\1", text)
    text = re.sub(r"[A-Za-z0-9_-]{43}", "secret", text)
    return re.sub(r"\b1[6-9]\d{8}(\.\d+)?", "0", text)


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Way]:
    commander = on_one_machine(Settings(URL, Policy()), tmp_path / "store.sqlite")
    create_owner(commander.ports, EMAIL, PASSWORD, "The farm")
    yield LocalGateway(create_server(commander, tmp_path, [HOST]))
    commander.store.close()


@pytest.fixture(params=["1.0", "2.0"])
def function(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    with table(), cold_starts() as start:
        create_owner(in_aws(VARIABLES), EMAIL, PASSWORD, "The farm")
        yield Function(start("api"), request.param)


class Owner:
    """The owner's browser, and what the rig's agent sends; keeps the answers."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._headers = {"content-type": "application/json", "origin": URL}
        self.answers: list[Told] = []

    def asks(self, method: str, path: str, body: object = None, **headers: str) -> Told:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers.append(self._way(method, path, {**self._headers, **given}, sent))
        return self.answers[-1]

    def signs_in(self) -> None:
        self.asks("POST", "/v1/session", {"email": EMAIL, "password": "wrong"})
        self.asks("POST", "/v1/session", b"\xff{")
        answer = self.asks("POST", "/v1/session", {"email": EMAIL, "password": PASSWORD})
        cookie = answer.headers["set-cookie"].partition(";")[0]
        self._headers["cookie"] = f"theme=dark; {cookie}"
        self.asks("GET", "/v1/session")

    def adds_a_rig(self) -> tuple[str, str, str]:
        """The agent, its machine, and its authorization."""
        self.asks("POST", "/v1/agents", {"name": "rig", "kind": "cpu_gpu"}, origin="https://evil.test")
        made = self.asks("POST", "/v1/agents", {"name": "Süd ⛏", "kind": "cpu_gpu"}).body
        bearer = f"Bearer {made['token']}"
        hello = {"kind": "cpu_gpu", "agent_version": "1", "hostname": "rig", "sent_at": 1}
        self.asks("POST", "/v1/enrolment", hello, authorization=bearer)
        return made["agent"]["agent"], made["agent"]["machine"], bearer

    def looks(self, machine: str) -> None:
        self.asks("GET", "/v1/machines?limit=10&limit=5")
        self.asks("GET", "/v1/machines?limit=many")
        self.asks("GET", f"/v1/machines/{machine}")
        self.asks("GET", f"/v1/machines/{machine}/history?span=24h")
        self.asks("GET", "/v1/machines/a%2Fb")
        self.asks("GET", "/v1/metrics")
        self.asks("POST", "/v1/socket-tickets")


def _life(way: Way) -> list[Told]:
    """A rig's life as its owner sees it, refusals included; both worlds' clocks are the real one."""
    owner = Owner(way)
    owner.signs_in()
    agent, machine, bearer = owner.adds_a_rig()
    report = gzip.compress(json.dumps(_report(machine)).encode())
    kind = {"content_type": REPORT_CONTENT_TYPE, "authorization": bearer}
    owner.asks("POST", "/v1/reports", report, **kind)
    owner.asks("POST", "/v1/reports", b"no gzip \xff\x00", **kind)
    owner.asks("POST", "/v1/reports", report, content_type="text/plain", authorization=bearer)
    owner.looks(machine)
    owner.asks("DELETE", f"/v1/agents/{agent}")
    owner.asks("POST", "/v1/reports", report, **kind)
    owner.asks("DELETE", "/v1/session")
    owner.asks("GET", "/v1/agents")
    return owner.answers


def _report(machine: str) -> dict[str, Any]:
    block = {"at": [time.time()], "series": [{"metric": "cpu_load_pct", "values": [41.5]}]}
    specs = {"hostname": "rig", "cpu_cores": 8}
    machines = [{"machine": machine, "open": block, "specs": specs}]
    return {"epoch": 1, "sequence": 1, "sent_at": 1, "interval_s": 60, "machines": machines}


def test_the_same_requests_are_answered_alike(local: Way, function: Way) -> None:
    answers = [[_told_alike(told) for told in _life(way)] for way in (local, function)]
    assert answers[1] == answers[0]
    statuses = [told.status for told in answers[0]]
    assert {200, 201, 204, 400, 401, 403, 404, 415, 422} <= set(statuses)
