"""An HTTP request as an HTTP API tells it in payload format 2.0, beside `http_event`'s 1.0."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import unquote, urlencode

from cloud.gateway.events import Arrived, Match

_TEXT = ("text/", "application/json", "application/xml", "application/javascript")


def payload_2_0(arrived: Arrived, match: Match, stage: str = "$default") -> dict[str, Any]:
    """The event; absent things are left out, as API Gateway does."""
    path = unquote(arrived.path) if stage == "$default" else f"/{stage}{unquote(arrived.path)}"
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{arrived.method} {match.resource}",
        "rawPath": path,
        "rawQueryString": urlencode(arrived.query.multi_items()),
        "headers": _headers(arrived),
        "requestContext": _context(arrived, match, path, stage),
        **_body(arrived),
    }
    cookies = arrived.headers.get("cookie")
    if cookies is not None:
        event["cookies"] = cookies.split("; ")
    if match.parameters:
        event["pathParameters"] = dict(match.parameters)
    return event


def _headers(arrived: Arrived) -> dict[str, str]:
    return {name: value for name, value in arrived.headers.items() if name != "cookie"}


def _context(arrived: Arrived, match: Match, path: str, stage: str) -> dict[str, Any]:
    return {
        "accountId": "123456789012",
        "apiId": "a1b2c3d4e5",
        "domainName": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
        "domainPrefix": "a1b2c3d4e5",
        "http": {
            "method": arrived.method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": arrived.source_ip,
            "userAgent": arrived.headers.get("user-agent", ""),
        },
        "requestId": "JKJaXmPLvHcESHA=",
        "routeKey": f"{arrived.method} {match.resource}",
        "stage": stage,
        "time": "10/Mar/2026:05:16:23 +0000",
        "timeEpoch": 1773119783636,
    }


def _body(arrived: Arrived) -> dict[str, Any]:
    if not arrived.body:
        return {"isBase64Encoded": False}
    if arrived.headers.get("content-type", "").startswith(_TEXT):
        return {"body": arrived.body.decode("utf-8", errors="replace"), "isBase64Encoded": False}
    return {"body": base64.b64encode(arrived.body).decode(), "isBase64Encoded": True}
