"""Real HTTP requests through the local gateway into the app."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from httpx import Headers
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Message

from cloud.app import create_app
from cloud.gateway.http import MAX_BODY_BYTES, HttpGateway
from cloud.gateway.server import METHODS
from tests.fakes.asgi import AsgiClient
from tests.fakes.caller import COOKIE
from tests.fakes.reports import NOW, report
from tests.fakes.world import OWNER, PASSWORD, Farm, Sentry, World
from wire.codec import encode_report
from wire.messages import REPORT_CONTENT_TYPE, Report, series_name
from wire.metrics import METRICS, Of


@pytest.fixture
def client(world: World) -> AsgiClient:
    gateway = HttpGateway(create_app(world.ports))
    return AsgiClient(Starlette(routes=[Route("/v1/{rest:path}", gateway.handle, methods=METHODS)]))


def _cookie(farm: Farm) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={farm.cookie}"}


def test_signing_in_over_http(client: AsgiClient, farm: Farm) -> None:
    answer = client.post(
        "/v1/session",
        msgspec.json.encode({"email": OWNER, "password": PASSWORD}),
        {"Content-Type": "application/json"},
    )
    assert answer.status_code == 200
    assert answer.json()["email"] == OWNER
    assert len(answer.headers.get_list("set-cookie")) == 1
    assert answer.headers["set-cookie"].endswith("Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=Strict")


def test_a_farm_is_named_once(client: AsgiClient, farm: Farm) -> None:
    """Of two, neither is taken without a word."""
    headers = [("Cookie", f"{COOKIE}={farm.cookie}"), ("Rig-Farm", farm.farm)]
    twice = client.get("/v1/machines", headers=Headers([*headers, ("Rig-Farm", farm.farm)]))
    assert twice.status_code == 200
    for order in (1, -1):
        two = [("Rig-Farm", "farm_x"), ("Rig-Farm", farm.farm)][::order]
        answer = client.get("/v1/machines", headers=Headers([*headers, *two]))
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "farm_missing")


def test_gzipped_report_arrives_byte_for_byte(world: World, client: AsgiClient, sentry: Sentry) -> None:
    body = encode_report(report(sentry.machine))
    headers = {"Authorization": sentry.bearer, "Content-Type": REPORT_CONTENT_TYPE}
    answer = client.post("/v1/reports", content=body, headers=headers)
    assert (answer.status_code, answer.json()["sequence"]) == (200, 1)
    assert world.open(sentry).at == (NOW,)


def test_report_of_the_largest_size_is_taken(world: World, client: AsgiClient, sentry: Sentry) -> None:
    """720 samples of every metric, with values that need all their digits."""
    sent = _largest(sentry.machine)
    headers = {"Authorization": sentry.bearer, "Content-Type": REPORT_CONTENT_TYPE}
    answer = client.post("/v1/reports", content=encode_report(sent), headers=headers)
    assert answer.status_code == 200
    assert len(world.open(sentry).at) == 720


def _largest(machine: str) -> Report:
    times = [NOW - 3600 + 5 * number + 0.1234567 for number in range(720)]
    values = [10 + number / 7 for number in range(720)]
    bounded = {
        series_name(metric.name, "" if metric.of is Of.MACHINE else "one"): [
            min(value, metric.maximum) for value in values
        ]
        for metric in METRICS
    }
    return report(machine, times, dict(bounded))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/nothing"),
        ("PUT", "/v1/machines"),
        ("POST", "/v1/machines/m1"),
        ("GET", "/v1/machines/"),
        ("GET", "/v1/machines/a/b/c"),
        ("GET", "/v1/"),
    ],
)
def test_no_route_is_not_found_in_our_shape(client: AsgiClient, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 404
    assert answer.json() == {"error": {"code": "not_found", "message": f"There is no {method} {path} here."}}


@pytest.mark.parametrize("identifier", ["a%2Fb", "%2e%2e%2fsecret", "a%00b", "%C3%A9", "a%3Fb"])
def test_encoded_path_ids_stay_one_part_and_are_not_found(
    client: AsgiClient, farm: Farm, identifier: str
) -> None:
    answer = client.get(f"/v1/machines/{identifier}", headers=_cookie(farm))
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "bad_id")


def test_body_over_the_gateways_limit(client: AsgiClient) -> None:
    answer = client.post("/v1/reports", content=b"x" * (MAX_BODY_BYTES + 1))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")


def test_body_that_says_it_is_far_too_large_is_not_waited_for(world: World) -> None:
    gateway = HttpGateway(create_app(world.ports))
    received: list[str] = []

    async def receive() -> Message:
        received.append("asked")
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/session",
        "raw_path": b"/v1/session",
        "headers": [(b"content-length", str(4 * MAX_BODY_BYTES + 1).encode())],
        "query_string": b"",
    }
    answer = asyncio.run(gateway.handle(Request(scope, receive)))
    assert (answer.status_code, received) == (413, [])


def test_large_answer_travels_gzipped_and_is_read_again(world: World, client: AsgiClient, farm: Farm) -> None:
    for number in range(400):
        world.sentry(farm, f"a-machine-with-a-rather-long-name-{number}")
    headers = {**_cookie(farm), "Accept-Encoding": "gzip"}
    answer = client.get("/v1/machines", headers)
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 16 * 1024
    assert len(answer.json()["name"]) == 400


def test_deleting_answers_without_a_body(client: AsgiClient, farm: Farm, sentry: Sentry) -> None:
    answer = client.request("DELETE", f"/v1/agents/{sentry.agent}", headers=_cookie(farm))
    assert (answer.status_code, answer.content) == (204, b"")


def test_unexpected_error_has_our_shape(world: World, client: AsgiClient, farm: Farm) -> None:
    world.store.failures = [RuntimeError("secret detail")]
    answer = client.get("/v1/machines", headers=_cookie(farm))
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert "secret detail" not in answer.text
