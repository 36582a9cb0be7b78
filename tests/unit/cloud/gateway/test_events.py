"""Events as API Gateway would send them."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from starlette.datastructures import Headers, QueryParams

from cloud.app import create_app
from cloud.gateway.events import Arrived, Match, RouteTable, http_event, socket_event
from tests.fakes.ports import fake_ports
from wire.messages import REPORT_CONTENT_TYPE

ROUTES = {
    "/v1/machines": {"GET": 1},
    "/v1/machines/{machine}": {"GET": 1},
    "/v1/machines/{machine}/history": {"GET": 1},
    "/v1/machines/all": {"GET": 1},
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/machines", Match("/v1/machines", {})),
        ("/v1/machines/m1", Match("/v1/machines/{machine}", {"machine": "m1"})),
        ("/v1/machines/all", Match("/v1/machines/all", {})),
        ("/v1/machines/m1/history", Match("/v1/machines/{machine}/history", {"machine": "m1"})),
        ("/v1/machines/a%2Fb", Match("/v1/machines/{machine}", {"machine": "a/b"})),
        ("/v1/machines/", None),
        ("/v1/machines/m1/", None),
        ("/v1/machines/m1/other", None),
        ("/v1/machinesX", None),
        ("/v2/machines", None),
        ("", None),
    ],
)
def test_route_of_a_path(path: str, expected: Match | None) -> None:
    assert RouteTable(ROUTES).match("GET", path) == expected


def test_other_methods_have_no_route() -> None:
    assert RouteTable(ROUTES).match("DELETE", "/v1/machines") is None


def test_every_route_of_the_app_is_found() -> None:
    app = create_app(fake_ports())
    table = RouteTable(app.routes)
    for path, methods in app.routes.items():
        found = [table.match(method, path.replace("{", "").replace("}", "")) for method in methods]
        assert [match.resource for match in found if match] == [path] * len(methods)


def _event(
    body: bytes = b"", query: str = "", headers: list[tuple[str, str]] | None = None
) -> dict[str, Any]:
    raw = [(name.encode(), text.encode()) for name, text in headers or []]
    arrived = Arrived("POST", "/v1/x/a%20b", Headers(raw=raw), QueryParams(query), body, "127.0.0.1")
    return http_event(arrived, Match("/v1/x/{x}", {"x": "a b"}))


def test_event_names_the_route_and_keeps_the_path_as_sent() -> None:
    event = _event()
    assert (event["version"], event["resource"], event["path"]) == ("1.0", "/v1/x/{x}", "/v1/x/a%20b")
    assert event["httpMethod"] == event["requestContext"]["httpMethod"] == "POST"
    assert event["requestContext"]["resourcePath"] == "/v1/x/{x}"
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"
    assert event["pathParameters"] == {"x": "a b"}


def test_empty_parts_are_null_as_the_gateway_sends_them() -> None:
    event = _event()
    names = ("queryStringParameters", "multiValueQueryStringParameters", "stageVariables", "body")
    assert [event[name] for name in names] == [None] * 4
    assert event["isBase64Encoded"] is False


def test_repeated_headers_and_parameters_stand_in_the_lists_and_the_last_alone() -> None:
    event = _event(query="a=1&a=2&b=%C3%A9", headers=[("x-two", "one"), ("x-two", "two"), ("host", "h")])
    assert event["headers"] == {"X-Two": "two", "Host": "h"}
    assert event["multiValueHeaders"] == {"X-Two": ["one", "two"], "Host": ["h"]}
    assert event["queryStringParameters"] == {"a": "2", "b": "é"}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": ["é"]}


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; charset=utf-8", "text/plain", "text/x;a=b"]
)
def test_text_is_handed_on_as_text(content_type: str) -> None:
    event = _event('{"é":1}'.encode(), headers=[("content-type", content_type)])
    assert (event["body"], event["isBase64Encoded"]) == ('{"é":1}', False)


@pytest.mark.parametrize("content_type", [REPORT_CONTENT_TYPE, "application/jsonx", "image/png", ""])
def test_anything_else_arrives_as_base64(content_type: str) -> None:
    event = _event(b"\x1f\x8b\x00\xff", headers=[("content-type", content_type)])
    assert (base64.b64decode(event["body"]), event["isBase64Encoded"]) == (b"\x1f\x8b\x00\xff", True)


def test_socket_events() -> None:
    opening = socket_event("$connect", "c1", query={"ticket": "t"})
    assert opening["requestContext"]["routeKey"] == "$connect"
    assert opening["requestContext"]["connectionId"] == "c1"
    assert opening["queryStringParameters"] == {"ticket": "t"}
    assert socket_event("$connect", "c1", query={})["queryStringParameters"] is None
    message = socket_event("$default", "c1", "text")
    assert (message["body"], "queryStringParameters" in message) == ("text", False)
