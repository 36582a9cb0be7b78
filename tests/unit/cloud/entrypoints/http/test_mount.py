"""Who is let in at a route, and the one shape of every refusal."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from cloud.adapters.token_buckets import TokenBuckets
from cloud.app import ROUTES, CommanderApp, create_app
from cloud.domain import keys
from cloud.domain.permissions import VIEW
from cloud.domain.principals import Actor, AgentPrincipal, PersonPrincipal
from cloud.domain.session_cookie import new_cookie
from cloud.entrypoints.http.exchange import PersonHandler, Reply, Request
from cloud.entrypoints.http.mount import (
    ORIGIN_PROOF_HEADER,
    VIEWER_ADDRESS_HEADER,
    AgentRoute,
    AnyoneRoute,
    FarmRoute,
    Route,
    error_reply,
    mount,
)
from cloud.ports import PasswordsBusy, Ports, StoreUnavailable
from cloud.usecases.farm_store import ForeignKey
from tests.fakes.caller import COOKIE, HOST, Answer, Caller
from tests.fakes.people import bearer_of, member
from tests.fakes.world import OWNER, Farm, World
from wire.faults import Fault
from wire.messages import ErrorBody, ErrorReply

GUARDED = [route for route in ROUTES if not isinstance(route, AnyoneRoute)]
CHANGING = [route for route in ROUTES if route.method != "GET" and not isinstance(route, AgentRoute)]


def _name(route: Route) -> str:
    return f"{route.method} {route.path}"


def _path(route: Route) -> str:
    """With an id wherever one belongs."""
    return re.sub(r"\{(\w+)\}", r"\1_1", route.path).replace("number_1", "1")


def _is_our_error(answer: Answer) -> bool:
    error: dict[str, Any] = answer.json["error"]
    named = isinstance(error["code"], str) and isinstance(error["message"], str)
    return set(answer.json) == {"error"} and named and set(error) <= {"code", "message", "field", "server_at"}


@pytest.mark.parametrize("route", GUARDED, ids=_name)
def test_without_credentials_nobody_enters_and_nothing_happens(
    world: World, nobody: Caller, route: Route
) -> None:
    answer = nobody.call(route.method, _path(route), body={})
    code = "token_missing" if isinstance(route, AgentRoute) else "not_signed_in"
    assert (answer.status, answer.code) == (401, code)
    assert _is_our_error(answer)
    assert world.store.calls == []


@pytest.mark.parametrize("route", GUARDED, ids=_name)
def test_made_up_credentials_do_not_help(nobody: Caller, route: Route) -> None:
    headers = {"cookie": "__Host-session=made-up", "authorization": "Bearer a.b." + "s" * 43}
    answer = nobody.call(route.method, _path(route), body={}, headers=headers)
    assert answer.status == 401
    assert answer.code in {"not_signed_in", "token_wrong"}


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


def test_passwords_beyond_what_memory_allows_ask_to_come_again(world: World) -> None:
    """Whatever else than a sign-in hashes one."""

    def busy(*_: object) -> Reply:
        raise PasswordsBusy("two at once")

    app = create_app(world.ports)
    mount(app, AnyoneRoute("POST", "/v1/busy", busy), world.ports)
    answer = Caller(app).post("/v1/busy")
    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (429, "too_many_sign_ins", "5")


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


def _echo(seen: list[tuple[Ports, Request]]) -> PersonHandler:
    def echo(ports: Ports, _: PersonPrincipal, request: Request) -> Reply:
        seen.append((ports, request))
        return Reply(status=204)

    return echo


def _mounted(ports: Ports, handler: PersonHandler) -> CommanderApp:
    """An app with one more route, for members."""
    app = create_app(ports)
    mount(app, FarmRoute("POST", "/v1/echo", handler, VIEW), ports)
    return app


def test_a_handler_reaches_its_own_farm_alone_and_knows_who_asks(world: World, farm: Farm) -> None:
    south, seen = world.farm("South", "south@example.test"), list[tuple[Ports, Request]]()
    bearer = bearer_of(world, farm.farm, OWNER)
    app = _mounted(world.ports, _echo(seen))
    for headers in ({"cookie": f"{COOKIE}={farm.cookie}"}, {"authorization": bearer}):
        assert Caller(app, **headers).post("/v1/echo").status == 204
    (by_cookie, _), (by_token, _) = seen
    assert by_cookie.actor == Actor(OWNER, "127.0.0.1")
    assert by_token.actor == Actor(f"{OWNER} by API token {bearer.split('.')[1]}", "127.0.0.1")
    assert by_cookie.store.get(keys.farm(farm.farm)) is not None
    with pytest.raises(ForeignKey):
        by_cookie.store.get(keys.farm(south.farm))


def test_an_agent_reaches_its_own_farm_alone(world: World, farm: Farm) -> None:
    south, seen = world.farm("South", "south@example.test"), list[Ports]()

    def echo(ports: Ports, _: AgentPrincipal, __: Request) -> Reply:
        seen.append(ports)
        return Reply(status=204)

    app = create_app(world.ports)
    mount(app, AgentRoute("POST", "/v1/echo", echo), world.ports)
    assert Caller(app, authorization=world.sentry(farm).bearer).post("/v1/echo").status == 204
    with pytest.raises(ForeignKey):
        seen[0].store.get(keys.farm(south.farm))


def test_a_handler_that_asks_for_another_farm_tells_nothing_of_it(world: World, farm: Farm) -> None:
    south = world.farm("South", "south@example.test")

    def reach(ports: Ports, _: PersonPrincipal, __: Request) -> Reply:
        ports.store.get(keys.farm(south.farm))
        return Reply(status=204)

    answer = Caller(_mounted(world.ports, reach), cookie=f"{COOKIE}={farm.cookie}").post("/v1/echo")
    assert (answer.status, answer.code) == (500, "internal_error")
    assert south.farm.encode() not in answer.body


def test_the_farm_is_named_in_a_header(world: World, farm: Farm) -> None:
    south = world.farm("South", "south@example.test")
    member(world, south, OWNER)
    owner = Caller(create_app(world.ports), cookie=f"{COOKIE}={farm.cookie}")
    assert owner.get("/v1/farm").code == "farm_missing"
    assert owner.get("/v1/farm", rig_farm=farm.farm).json["name"] == "North"
    assert owner.get("/v1/farm", rig_farm=south.farm).json["name"] == "South"
    assert owner.get("/v1/farm", rig_farm="farm_none").code == "farm_unknown"


PROOF, VIEWER = "of-this-deployment", "198.51.100.7"


@pytest.mark.parametrize(
    ("secret", "headers", "address"),
    [
        (PROOF, {ORIGIN_PROOF_HEADER: PROOF, VIEWER_ADDRESS_HEADER: VIEWER}, VIEWER),
        (PROOF, {ORIGIN_PROOF_HEADER: PROOF}, "127.0.0.1"),
        (PROOF, {ORIGIN_PROOF_HEADER: "made-up", VIEWER_ADDRESS_HEADER: VIEWER}, "127.0.0.1"),
        (PROOF, {ORIGIN_PROOF_HEADER: "é", VIEWER_ADDRESS_HEADER: VIEWER}, "127.0.0.1"),
        (PROOF, {VIEWER_ADDRESS_HEADER: VIEWER}, "127.0.0.1"),
        ("", {VIEWER_ADDRESS_HEADER: VIEWER}, "127.0.0.1"),
        ("", {ORIGIN_PROOF_HEADER: "", VIEWER_ADDRESS_HEADER: VIEWER}, "127.0.0.1"),
    ],
)
def test_the_viewers_address_counts_where_cloudfront_proves_itself(
    world: World, farm: Farm, secret: str, headers: dict[str, str], address: str
) -> None:
    seen: list[tuple[Ports, Request]] = []
    app = _mounted(replace(world.ports, origin_secret=secret), _echo(seen))
    assert Caller(app, cookie=f"{COOKIE}={farm.cookie}").post("/v1/echo", **headers).status == 204
    ((ports, request),) = seen
    assert request.address == request.origin.address == ports.actor.address == address


def test_people_api_tokens_and_addresses_may_not_ask_without_end(world: World, farm: Farm) -> None:
    other = member(world, farm, "b@example.test")
    app = create_app(replace(world.ports, requests=TokenBuckets(world.clock, 0.1, 2)))
    callers = [
        Caller(app, cookie=f"{COOKIE}={farm.cookie}"),
        Caller(app, cookie=f"{COOKIE}={other.cookie}"),
        Caller(app, authorization=bearer_of(world, farm.farm, OWNER)),
    ]
    for caller in callers:
        assert [caller.get("/v1/machines").status for _ in range(3)] == [200, 200, 429]
    answer = callers[0].get("/v1/session")
    assert (answer.code, answer.headers["Retry-After"]) == ("too_many_requests", "10")
    nobody = Caller(app)
    credentials = {"email": "nobody@example.test", "password": "x"}
    assert [nobody.post("/v1/session", credentials).status for _ in range(3)] == [401, 401, 429]
    world.clock.advance(10)
    assert [caller.get("/v1/machines").status for caller in callers] == [200] * 3


def test_whoever_is_refused_takes_nothing_from_the_person_they_name(world: World, farm: Farm) -> None:
    app = create_app(replace(world.ports, requests=TokenBuckets(world.clock, 0.1, 1)))
    made_up = f"{COOKIE}={new_cookie('s' * 43, OWNER)}"
    assert [Caller(app, cookie=made_up).get("/v1/machines").status for _ in range(3)] == [401] * 3
    assert Caller(app, cookie=f"{COOKIE}={farm.cookie}").get("/v1/machines").status == 200
