"""Both payload formats give the app the same request, and the page the same answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chalice.app import Request as ChaliceRequest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers, QueryParams

from cloud.app import ROUTES, create_app
from cloud.functions.payload import call_app, event_1_0
from cloud.gateway.events import Arrived, Match, http_event
from tests.fakes.payloads import payload_2_0
from tests.fakes.ports import PUBLIC_URL
from tests.fakes.world import Farm, World
from wire.messages import REPORT_CONTENT_TYPE

HOST = PUBLIC_URL.removeprefix("https://")
FROM_AWS_1_0 = {
    "version": "1.0",
    "resource": "/v1/agents/{agent}",
    "path": "/live/v1/agents/agent_1",
    "httpMethod": "DELETE",
    "headers": {"Host": HOST, "Cookie": "theme=dark; __Host-session=SECRET", "Origin": PUBLIC_URL},
    "multiValueHeaders": {
        "Host": [HOST],
        "Cookie": ["theme=dark; __Host-session=SECRET"],
        "Origin": [PUBLIC_URL],
    },
    "queryStringParameters": None,
    "multiValueQueryStringParameters": None,
    "requestContext": {
        "accountId": "123456789012",
        "apiId": "a1b2c3d4e5",
        "domainName": HOST,
        "domainPrefix": "rigs",
        "extendedRequestId": "JKJaXmPLvHcESHA=",
        "httpMethod": "DELETE",
        "identity": {"sourceIp": "192.0.2.1", "userAgent": "Mozilla/5.0"},
        "path": "/live/v1/agents/agent_1",
        "protocol": "HTTP/1.1",
        "requestId": "JKJaXmPLvHcESHA=",
        "requestTime": "10/Mar/2026:05:16:23 +0000",
        "requestTimeEpoch": 1773119783636,
        "resourceId": "DELETE /v1/agents/{agent}",
        "resourcePath": "/v1/agents/{agent}",
        "stage": "live",
    },
    "pathParameters": {"agent": "agent_1"},
    "stageVariables": None,
    "body": None,
    "isBase64Encoded": False,
}
FROM_AWS_2_0 = {
    "version": "2.0",
    "routeKey": "DELETE /v1/agents/{agent}",
    "rawPath": "/live/v1/agents/agent_1",
    "rawQueryString": "",
    "cookies": ["theme=dark", "__Host-session=SECRET"],
    "headers": {"host": HOST, "origin": PUBLIC_URL},
    "requestContext": {
        "accountId": "123456789012",
        "apiId": "a1b2c3d4e5",
        "domainName": HOST,
        "domainPrefix": "rigs",
        "http": {
            "method": "DELETE",
            "path": "/live/v1/agents/agent_1",
            "protocol": "HTTP/1.1",
            "sourceIp": "192.0.2.1",
            "userAgent": "Mozilla/5.0",
        },
        "requestId": "JKJaXmPLvHcESHA=",
        "routeKey": "DELETE /v1/agents/{agent}",
        "stage": "live",
        "time": "10/Mar/2026:05:16:23 +0000",
        "timeEpoch": 1773119783636,
    },
    "pathParameters": {"agent": "agent_1"},
    "isBase64Encoded": False,
}

_IDS = st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True)
_VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20).map(str.strip)
_HEADERS = st.dictionaries(
    st.sampled_from(
        ["origin", "authorization", "x-forwarded-host", "accept-encoding", "user-agent", "content-type"]
    ),
    st.one_of(
        _VALUES, st.sampled_from(["application/json", REPORT_CONTENT_TYPE, "text/plain; charset=utf-8"])
    ),
)
_COOKIES = st.lists(st.builds("{}={}".format, _IDS, _IDS), max_size=3)
_QUERY = st.lists(st.tuples(st.sampled_from(["limit", "after", "span", "a b", "ü"]), st.text(max_size=8)))


@st.composite
def _requests(draw: st.DrawFn) -> tuple[Arrived, Match]:
    route = draw(st.sampled_from(ROUTES))
    names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    parameters = {name: draw(_IDS) for name in names}
    headers = {"host": HOST, **draw(_HEADERS)}
    cookies = draw(_COOKIES)
    if cookies:
        headers["cookie"] = "; ".join(cookies)
    body = draw(st.one_of(st.binary(max_size=50), st.text(max_size=20).map(str.encode)))
    path = route.path.format(**parameters)
    arrived = Arrived(route.method, path, Headers(headers), QueryParams(draw(_QUERY)), body, "192.0.2.1")
    return arrived, Match(route.path, parameters)


def _seen(event: dict[str, Any]) -> tuple[Any, ...]:
    """All that the app takes from an event."""
    request = ChaliceRequest(event)
    headers = {name.lower(): value for name, value in request.headers.items()}
    query = dict(request.query_params or {})
    body = request.raw_body
    return request.path, request.method, headers, query, request.uri_params, body or b""


@given(_requests(), st.sampled_from(["$default", "live"]))
def test_both_formats_give_the_same_request(request: tuple[Arrived, Match], stage: str) -> None:
    arrived, match = request
    assert _seen(event_1_0(payload_2_0(arrived, match, stage))) == _seen(http_event(arrived, match))


def test_events_as_aws_documents_them_give_the_same_request() -> None:
    assert _seen(event_1_0(FROM_AWS_2_0)) == _seen(FROM_AWS_1_0)


@pytest.mark.parametrize("event", [FROM_AWS_1_0, FROM_AWS_2_0], ids=["1.0", "2.0"])
def test_a_stage_in_the_path_does_no_harm(world: World, farm: Farm, event: dict[str, Any]) -> None:
    sentry = world.sentry(farm)
    told = json.loads(json.dumps(event).replace("SECRET", farm.cookie).replace("agent_1", sentry.agent))
    assert call_app(create_app(world.ports), told, None)["statusCode"] == 204


def _signing_in(version: str) -> dict[str, Any]:
    body = b'{"email": "owner@example.test", "password": "long-enough-word"}'
    headers = Headers({"host": HOST, "content-type": "application/json"})
    arrived = Arrived("POST", "/v1/session", headers, QueryParams(), body, "192.0.2.1")
    build = http_event if version == "1.0" else payload_2_0
    return build(arrived, Match("/v1/session", {}))


def test_cookies_of_the_answer_have_their_place_in_2_0(world: World, farm: Farm) -> None:
    app = create_app(world.ports)
    one, two = (call_app(app, _signing_in(version), None) for version in ("1.0", "2.0"))
    assert one["headers"]["Set-Cookie"].startswith("__Host-session=")
    assert set(two) == {"statusCode", "headers", "cookies", "body", "isBase64Encoded"}
    (cookie,) = two["cookies"]
    assert cookie.startswith("__Host-session=")
    assert "Set-Cookie" not in two["headers"]
    assert (two["statusCode"], two["body"]) == (200, one["body"])


def test_many_values_of_a_header_of_the_answer() -> None:
    def app(_event: dict[str, Any], _context: object) -> dict[str, Any]:
        return {
            "statusCode": 200,
            "headers": {"Vary": "Origin", "set-cookie": "a=1"},
            "multiValueHeaders": {"Vary": ["Accept"], "Set-Cookie": ["b=2", "c=3"]},
            "body": "aGk=",
            "isBase64Encoded": True,
        }

    answer = call_app(app, FROM_AWS_2_0, None)
    assert answer["headers"] == {"Vary": "Origin, Accept"}
    assert answer["cookies"] == ["a=1", "b=2", "c=3"]
    assert (answer["body"], answer["isBase64Encoded"]) == ("aGk=", True)


def test_1_0_passes_untouched() -> None:
    seen: list[Any] = []

    def app(event: dict[str, Any], context: object) -> dict[str, Any]:
        seen.extend([event, context])
        return {"statusCode": 200}

    assert call_app(app, FROM_AWS_1_0, "context") == {"statusCode": 200}
    assert seen == [FROM_AWS_1_0, "context"]


def test_an_emulators_event_without_cookies_or_optional_keys() -> None:
    """Some leave the cookies among the headers, and null where AWS leaves a key out."""
    event = {
        **FROM_AWS_2_0,
        "headers": {"host": HOST, "origin": PUBLIC_URL, "cookie": "theme=dark; __Host-session=SECRET"},
        "rawQueryString": None,
        "body": None,
    }
    del event["cookies"]
    assert _seen(event_1_0(event)) == _seen(FROM_AWS_1_0)


def test_repeated_parameters_keep_their_commas_apart() -> None:
    event = {**FROM_AWS_2_0, "rawQueryString": "a=1%2C2&a=3&b=", "queryStringParameters": {"a": "1,2,3"}}
    turned = event_1_0(event)
    assert turned["multiValueQueryStringParameters"] == {"a": ["1,2", "3"], "b": [""]}
    assert turned["queryStringParameters"] == {"a": "3", "b": ""}
