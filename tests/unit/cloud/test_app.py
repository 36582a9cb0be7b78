"""The app as a whole: its routes, its compression, and one request per thread."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from cloud.app import GZIP_MIN_BYTES, ROUTES, create_app
from cloud.domain.permissions import (
    OPERATE,
    OPERATE_FARM,
    OWN,
    OWN_IN_PERSON,
    VIEW,
    VIEW_FARM,
    VIEW_IN_PERSON,
    Permission,
)
from cloud.entrypoints.http.mount import AccountRoute, AgentRoute, AnyoneRoute, FarmRoute, Route
from cloud.ports import Ports
from tests.fakes.caller import COOKIE, Caller
from tests.fakes.ports import fake_ports
from tests.fakes.world import OWNER, Farm, World

ANYONE, ACCOUNT, AGENT = "anyone", "account", "agent"
DOCUMENTED: dict[tuple[str, str], str | Permission] = {
    ("POST", "/v1/session"): ANYONE,
    ("GET", "/v1/session"): ACCOUNT,
    ("DELETE", "/v1/session"): ACCOUNT,
    ("GET", "/v1/metrics"): VIEW,
    ("GET", "/v1/agents"): VIEW_FARM,
    ("POST", "/v1/agents"): OPERATE_FARM,
    ("DELETE", "/v1/agents/{agent}"): OPERATE_FARM,
    ("POST", "/v1/agents/{agent}/token"): OPERATE_FARM,
    ("GET", "/v1/agents/{agent}"): VIEW_FARM,
    ("POST", "/v1/agents/{agent}/errands"): OPERATE_FARM,
    ("GET", "/v1/agents/{agent}/errands/{number}"): VIEW_FARM,
    ("GET", "/v1/bin"): OPERATE_FARM,
    ("POST", "/v1/bin/{agent}/restore"): OPERATE_FARM,
    ("GET", "/v1/farm"): VIEW,
    ("PUT", "/v1/farm/settings"): OWN,
    ("GET", "/v1/events"): VIEW,
    ("GET", "/v1/machines"): VIEW,
    ("GET", "/v1/machines/{machine}"): VIEW,
    ("PATCH", "/v1/machines/{machine}"): OPERATE,
    ("GET", "/v1/machines/{machine}/events"): VIEW,
    ("GET", "/v1/machines/{machine}/history"): VIEW,
    ("GET", "/v1/machines/{machine}/log"): OPERATE,
    ("POST", "/v1/machines/{machine}/orders"): OPERATE,
    ("DELETE", "/v1/machines/{machine}/orders/{number}"): OPERATE,
    ("PUT", "/v1/machines/{machine}/watched"): OPERATE,
    ("POST", "/v1/socket-tickets"): VIEW_IN_PERSON,
    ("POST", "/v1/enrolment"): AGENT,
    ("POST", "/v1/reports"): AGENT,
    ("POST", "/v1/roster"): AGENT,
    ("GET", "/v1/sign-in"): ANYONE,
    ("POST", "/v1/passwords/forgotten"): ANYONE,
    ("POST", "/v1/passwords/reset"): ANYONE,
    ("POST", "/v1/invitations/look"): ANYONE,
    ("POST", "/v1/invitations/join"): ANYONE,
    ("GET", "/v1/oidc/start"): ANYONE,
    ("GET", "/v1/oidc/callback"): ANYONE,
    ("GET", "/v1/openapi.json"): ANYONE,
    ("PUT", "/v1/account/password"): ACCOUNT,
    ("POST", "/v1/account/second-factor"): ACCOUNT,
    ("PUT", "/v1/account/second-factor"): ACCOUNT,
    ("POST", "/v1/account/second-factor/end"): ACCOUNT,
    ("GET", "/v1/account/sessions"): ACCOUNT,
    ("DELETE", "/v1/account/sessions"): ACCOUNT,
    ("DELETE", "/v1/account/sessions/{session}"): ACCOUNT,
    ("POST", "/v1/invitations/accept"): ACCOUNT,
    ("POST", "/v1/farms"): ACCOUNT,
    ("PATCH", "/v1/farm"): OWN,
    ("GET", "/v1/members"): OWN_IN_PERSON,
    ("PATCH", "/v1/members/{member}"): OWN_IN_PERSON,
    ("DELETE", "/v1/members/{member}"): OWN_IN_PERSON,
    ("DELETE", "/v1/membership"): VIEW_IN_PERSON,
    ("POST", "/v1/invitations"): OWN_IN_PERSON,
    ("DELETE", "/v1/invitations/{invitation}"): OWN_IN_PERSON,
    ("GET", "/v1/api-tokens"): VIEW_IN_PERSON,
    ("POST", "/v1/api-tokens"): VIEW_IN_PERSON,
    ("DELETE", "/v1/api-tokens/{token}"): VIEW_IN_PERSON,
    ("GET", "/v1/audit"): OWN,
    ("GET", "/v1/templates"): OPERATE_FARM,
    ("POST", "/v1/pools"): OPERATE_FARM,
    ("PUT", "/v1/pools/{pool}"): OPERATE_FARM,
    ("DELETE", "/v1/pools/{pool}"): OPERATE_FARM,
    ("POST", "/v1/pools/{pool}/preview"): OPERATE_FARM,
    ("POST", "/v1/wallets"): OPERATE_FARM,
    ("PUT", "/v1/wallets/{wallet}"): OPERATE_FARM,
    ("DELETE", "/v1/wallets/{wallet}"): OPERATE_FARM,
    ("POST", "/v1/wallets/{wallet}/preview"): OPERATE_FARM,
    ("GET", "/v1/software"): OPERATE_FARM,
    ("POST", "/v1/software"): OPERATE_FARM,
    ("DELETE", "/v1/software"): OPERATE_FARM,
    ("GET", "/v1/playbooks"): OPERATE_FARM,
    ("POST", "/v1/playbooks"): OPERATE_FARM,
    ("POST", "/v1/playbook-previews"): OPERATE_FARM,
    ("GET", "/v1/playbooks/{playbook}"): OPERATE_FARM,
    ("PUT", "/v1/playbooks/{playbook}"): OPERATE_FARM,
    ("DELETE", "/v1/playbooks/{playbook}"): OPERATE_FARM,
    ("POST", "/v1/playbooks/{playbook}/versions"): OPERATE_FARM,
    ("POST", "/v1/assignments"): OPERATE_FARM,
    ("GET", "/v1/astray"): OPERATE_FARM,
    ("GET", "/v1/machines/{machine}/work"): OPERATE_FARM,
    ("GET", "/v1/rollouts"): OPERATE_FARM,
    ("POST", "/v1/rollouts/{rollout}/stop"): OPERATE_FARM,
    ("POST", "/v1/rollouts/{rollout}/continue"): OPERATE_FARM,
    ("POST", "/v1/rollouts/{rollout}/back"): OPERATE_FARM,
}


def _allowed(route: Route) -> str | Permission:
    match route:
        case AnyoneRoute():
            return ANYONE
        case AccountRoute():
            return ACCOUNT
        case FarmRoute():
            return route.allow
        case AgentRoute():
            return AGENT


def test_routes_are_those_of_the_protocol_page() -> None:
    found = {(route.method, route.path): _allowed(route) for route in ROUTES}
    assert len(found) == len(ROUTES)
    assert found == DOCUMENTED


def test_chalice_serves_no_route_that_is_not_declared() -> None:
    served = create_app(fake_ports()).routes
    declared = {(route.method, route.path) for route in ROUTES}
    assert {(method, path) for path, methods in served.items() for method in methods} == declared


@pytest.fixture
def owner(world: World, farm: Farm) -> Caller:
    return Caller(create_app(world.ports), cookie=f"{COOKIE}={farm.cookie}")


def _large(world: World, farm: Farm) -> None:
    for number in range(500):
        world.sentry(farm, f"a-machine-with-a-rather-long-name-{number}")


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip, deflate"])
def test_large_answer_is_gzipped_when_accepted(
    world: World, farm: Farm, owner: Caller, accepted: str
) -> None:
    _large(world, farm)
    answer = owner.get("/v1/machines", accept_encoding=accepted)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert len(answer.body) < GZIP_MIN_BYTES / 2
    assert answer.json == owner.get("/v1/machines").json


@pytest.mark.parametrize("accepted", [None, "", "br", "identity", "gzip;q=0", "br, gzip; q=0"])
def test_large_answer_is_plain_when_gzip_is_not_accepted(
    world: World, farm: Farm, owner: Caller, accepted: str | None
) -> None:
    _large(world, farm)
    answer = owner.call("GET", "/v1/machines", headers={"accept_encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert len(answer.body) > GZIP_MIN_BYTES
    assert len(msgspec.json.decode(answer.body)["name"]) == 500


def test_small_answer_is_plain(owner: Caller) -> None:
    answer = owner.get("/v1/session", accept_encoding="gzip")
    assert "Content-Encoding" not in answer.headers
    assert answer.json["email"] == OWNER


class _TwoAtOnce:
    """A clock that lets both threads meet inside their requests."""

    def __init__(self, world: World) -> None:
        self._world, self._meet = world, threading.Barrier(2, timeout=10)
        self.meeting = False

    def __call__(self) -> float:
        if self.meeting:
            self._meet.wait()
        return self._world.clock.now


def _ports_with(world: World, clock: _TwoAtOnce) -> Ports:
    return fake_ports(store=world.store, passwords=world.passwords, sockets=world.sockets, clock=clock)


def test_current_request_is_of_the_thread(world: World) -> None:
    app = create_app(fake_ports())
    caller = Caller(app)
    caller.get("/v1/session")
    assert app.current_request is not None
    assert app.current_request.path == "/v1/session"
    seen: list[Any] = []
    thread = threading.Thread(target=lambda: seen.append((app.current_request, app.lambda_context)))
    thread.start()
    thread.join()
    assert seen == [(None, None)]


def test_two_requests_within_each_other_stay_apart(world: World) -> None:
    farms = [world.farm("North"), world.farm("South", "south@example.test")]
    clock = _TwoAtOnce(world)
    app = create_app(_ports_with(world, clock))
    callers = [Caller(app, cookie=f"{COOKIE}={farm.cookie}") for farm in farms]
    clock.meeting = True
    with ThreadPoolExecutor(2) as pool:
        tickets = list(pool.map(lambda caller: caller.post("/v1/socket-tickets"), callers))
    assert [answer.status for answer in tickets] == [201, 201]
    kept = sorted(item.body for item in world.store.items.values() if item.kind == "ticket")
    assert [msgspec.json.decode(body)["farm"] for body in kept] == sorted(farm.farm for farm in farms)


def test_farms_do_not_mix_in_32_threads(world: World) -> None:
    farms = [world.farm(f"farm {number}", f"p{number}@example.test") for number in range(32)]
    for farm in farms:
        world.sentry(farm, f"rig of {farm.farm}")
    app = create_app(world.ports)
    start = threading.Barrier(32, timeout=30)

    def ask(farm: Farm) -> list[tuple[str, str]]:
        caller = Caller(app, cookie=f"{COOKIE}={farm.cookie}")
        start.wait()
        return [
            (caller.get("/v1/session").json["farms"][0]["farm"], caller.get("/v1/machines").json["name"][0])
            for _ in range(25)
        ]

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(ask, farms))
    assert answers == [[(farm.farm, f"rig of {farm.farm}")] * 25 for farm in farms]
