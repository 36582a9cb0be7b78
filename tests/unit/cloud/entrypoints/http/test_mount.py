"""Who is let in at a route, and the one shape of every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from cloud.app import ROUTES, create_app
from cloud.entrypoints.http.exchange import Allow
from cloud.entrypoints.http.mount import AgentRoute, AnyoneRoute, PersonRoute, Route, error_reply
from cloud.ports import StoreUnavailable
from tests.fakes.caller import HOST, Answer, Caller
from tests.fakes.world import Farm, World
from wire.faults import Fault
from wire.messages import ErrorBody, ErrorReply

GUARDED = [route for route in ROUTES if route.allow is not Allow.ANYONE]
CHANGING = [route for route in ROUTES if route.method != "GET" and route.allow is not Allow.AGENT]


def _name(route: Route) -> str:
    return f"{route.method} {route.path}"


def _path(route: Route) -> str:
    return route.path.format(agent="agent_1", machine="machine_1", number="1")


def _is_our_error(answer: Answer) -> bool:
    error: dict[str, Any] = answer.json["error"]
    named = isinstance(error["code"], str) and isinstance(error["message"], str)
    return set(answer.json) == {"error"} and named and set(error) <= {"code", "message", "field", "server_at"}


@pytest.mark.parametrize("route", GUARDED, ids=_name)
def test_without_credentials_nobody_enters_and_nothing_happens(
    world: World, nobody: Caller, route: Route
) -> None:
    answer = nobody.call(route.method, _path(route), body={})
    code = "token_missing" if route.allow is Allow.AGENT else "not_signed_in"
    assert (answer.status, answer.code) == (401, code)
    assert _is_our_error(answer)
    assert world.store.calls == []


@pytest.mark.parametrize("route", GUARDED, ids=_name)
def test_made_up_credentials_do_not_help(nobody: Caller, route: Route) -> None:
    headers = {"cookie": "__Host-session=made-up", "authorization": "Bearer a.b." + "s" * 43}
    answer = nobody.call(route.method, _path(route), body={}, headers=headers)
    assert answer.status == 401
    assert answer.code in {"not_signed_in", "token_wrong"}


def test_route_classes_declare_who_may_use_them() -> None:
    assert {type(route): route.allow for route in ROUTES} == {
        AnyoneRoute: Allow.ANYONE,
        PersonRoute: Allow.PERSON,
        AgentRoute: Allow.AGENT,
    }


@pytest.mark.parametrize("route", CHANGING, ids=_name)
@pytest.mark.parametrize(
    "origin", ["https://evil.test", f"https://{HOST}.evil.test", f"https://{HOST}:8443", "null"]
)
def test_another_sites_page_changes_nothing(world: World, owner: Caller, route: Route, origin: str) -> None:
    before = dict(world.store.items)
    answer = owner.call(route.method, _path(route), body={}, headers={"origin": origin})
    assert (answer.status, answer.code) == (403, "foreign_origin")
    assert world.store.items == before


@pytest.mark.parametrize("origin", ["http://[", "https://[::1", "http://[x]/"])
def test_origin_that_is_no_address_is_foreign_too(owner: Caller, origin: str) -> None:
    answer = owner.post("/v1/socket-tickets", origin=origin)
    assert (answer.status, answer.code) == (403, "foreign_origin")


def test_opaque_origin_is_foreign_even_without_a_host_header(owner: Caller) -> None:
    headers = {"origin": "null", "host": None}
    answer = owner.call("POST", "/v1/socket-tickets", headers=headers)
    assert (answer.status, answer.code) == (403, "foreign_origin")


@pytest.mark.parametrize("origin", [f"https://{HOST}", f"https://{HOST.upper()}"])
def test_our_own_page_may_change_things(owner: Caller, origin: str) -> None:
    assert owner.post("/v1/socket-tickets", origin=origin).status == 201


def test_page_reached_by_another_name_of_this_host_may_change_things(owner: Caller) -> None:
    answer = owner.post("/v1/socket-tickets", host="localhost:8080", origin="http://localhost:8080")
    assert answer.status == 201


def test_reading_is_not_a_matter_of_origin(owner: Caller) -> None:
    assert owner.get("/v1/machines", origin="https://evil.test").status == 200


@pytest.mark.parametrize(
    "identifier", ["a%2Fb", "a%20b", "a.b", "%00", "%C3%A9", "a%0A", "a%23b", "x" * 65, "..", "~"]
)
@pytest.mark.parametrize("path", ["/v1/machines/{}", "/v1/machines/{}/history", "/v1/agents/{}"])
def test_odd_ids_are_not_found(owner: Caller, path: str, identifier: str) -> None:
    method = "DELETE" if "agents" in path else "GET"
    answer = owner.call(method, path.format(identifier))
    assert (answer.status, answer.code) == (404, "bad_id")


def test_store_that_cannot_answer_asks_to_come_again(world: World, owner: Caller, farm: Farm) -> None:
    world.store.failures = [StoreUnavailable("disk full at a secret place")]
    answer = owner.get("/v1/machines")
    assert (answer.status, answer.code) == (503, "store_unavailable")
    assert answer.headers["Retry-After"] == "5"
    assert _is_our_error(answer)
    assert b"secret place" not in answer.body


@pytest.mark.parametrize("route", GUARDED, ids=_name)
def test_unexpected_error_has_our_shape_and_tells_no_internals(world: World, route: Route) -> None:
    farm = world.farm()
    sentry = world.sentry(farm)
    caller = Caller(
        create_app(world.ports), cookie=f"__Host-session={farm.cookie}", authorization=sentry.bearer
    )
    world.store.failures = [RuntimeError("secret detail of the store")]
    answer = caller.call(route.method, _path(route), body={})
    assert (answer.status, answer.code) == (500, "internal_error")
    assert _is_our_error(answer)
    assert b"secret detail" not in answer.body
    assert b"Traceback" not in answer.body


def test_every_answer_forbids_caches_to_keep_it(owner: Caller, nobody: Caller) -> None:
    answers = [owner.get("/v1/session"), nobody.get("/v1/session"), owner.delete("/v1/session")]
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * 3
    assert [answer.headers["Content-Type"] for answer in answers] == ["application/json"] * 3


def test_refusal_on_the_wire() -> None:
    reply = error_reply(Fault("clock_ahead", "Too early.", "machines[0].at", server_at=5.0))
    assert reply.body == ErrorReply(ErrorBody("clock_ahead", "Too early.", "machines[0].at", 5.0))
    assert (reply.status, reply.headers) == (422, {})
