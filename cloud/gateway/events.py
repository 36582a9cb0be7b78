"""Builds the events that API Gateway would send: HTTP API payload 1.0 and WebSocket."""

from __future__ import annotations

import base64
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

from starlette.datastructures import Headers, QueryParams

Event = dict[str, Any]
_STAGE = "$default"
_API_ID = "local"
# What the gateway hands on as text; every other body arrives as base64.
_TEXT = re.compile(
    r"(text/.*|application/(json|javascript|xml|x-www-form-urlencoded))\s*(;|\Z)", re.IGNORECASE
)


class Match(NamedTuple):
    """The route that a path belongs to, as Chalice wrote it, and its parameters."""

    resource: str
    parameters: dict[str, str]


class RouteTable:
    """Finds the route of a path among Chalice's, most fixed parts first."""

    def __init__(self, routes: Mapping[str, Mapping[str, object]]) -> None:
        ordered = sorted(routes, key=lambda path: path.count("{"))
        self._patterns = [(path, _pattern(path), frozenset(routes[path])) for path in ordered]

    def match(self, method: str, path: str) -> Match | None:
        """None where the gateway would answer 404 by itself."""
        for resource, pattern, methods in self._patterns:
            found = pattern.fullmatch(path)
            if found and method in methods:
                values = {name: unquote(value) for name, value in found.groupdict().items()}
                return Match(resource, values)
        return None


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    fixed = (re.escape(part) for part in parts[::2])
    named = (f"(?P<{name}>[^/]+)" for name in parts[1::2])
    return re.compile("".join(text for pair in zip(fixed, [*named, ""], strict=True) for text in pair))


class Arrived(NamedTuple):
    """An HTTP request as it came in; `path` is still percent-encoded."""

    method: str
    path: str
    headers: Headers
    query: QueryParams
    body: bytes
    source_ip: str


def http_event(arrived: Arrived, match: Match) -> Event:
    """An event of payload format 1.0."""
    names = list(dict.fromkeys(arrived.headers.keys()))
    header_lists = {_title(name): arrived.headers.getlist(name) for name in names}
    query_lists = {name: arrived.query.getlist(name) for name in dict.fromkeys(arrived.query.keys())}
    body, encoded = _body(arrived)
    return {
        "version": "1.0",
        "resource": match.resource,
        "path": arrived.path,
        "httpMethod": arrived.method,
        "headers": _last(header_lists),
        "multiValueHeaders": header_lists,
        "queryStringParameters": _last(query_lists) or None,
        "multiValueQueryStringParameters": query_lists or None,
        "requestContext": _context(arrived, match),
        "pathParameters": match.parameters or None,
        "stageVariables": None,
        "body": body,
        "isBase64Encoded": encoded,
    }


def _context(arrived: Arrived, match: Match) -> Event:
    now, request_id = time.time(), uuid.uuid4().hex
    domain = arrived.headers.get("host", "")
    return {
        "accountId": "000000000000",
        "apiId": _API_ID,
        "domainName": domain,
        "domainPrefix": domain.partition(".")[0],
        "extendedRequestId": request_id,
        "httpMethod": arrived.method,
        "identity": {
            "sourceIp": arrived.source_ip,
            "userAgent": arrived.headers.get("user-agent", ""),
        },
        "path": arrived.path,
        "protocol": "HTTP/1.1",
        "requestId": request_id,
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "requestTimeEpoch": int(now * 1000),
        "resourceId": f"{arrived.method} {match.resource}",
        "resourcePath": match.resource,
        "stage": _STAGE,
    }


def _body(arrived: Arrived) -> tuple[str | None, bool]:
    if not arrived.body:
        return None, False
    if _TEXT.match(arrived.headers.get("content-type", "")):
        return arrived.body.decode("utf-8", errors="replace"), False
    return base64.b64encode(arrived.body).decode(), True


def _title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _last(lists: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {name: values[-1] for name, values in lists.items()}


def socket_event(
    route: str, connection: str, body: str | None = None, query: Mapping[str, str] | None = None
) -> Event:
    """An event of a WebSocket API; `route` is `$connect`, `$disconnect` or `$default`."""
    event: Event = {
        "requestContext": {
            "routeKey": route,
            "connectionId": connection,
            "apiId": _API_ID,
            "domainName": "localhost",
            "stage": "local",
            "requestId": uuid.uuid4().hex,
            "requestTimeEpoch": int(time.time() * 1000),
        },
        "body": body,
        "isBase64Encoded": False,
    }
    if query is not None:
        event["queryStringParameters"] = dict(query) or None
    return event
