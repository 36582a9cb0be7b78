"""Both payload formats of an HTTP API: the app speaks 1.0, and 2.0 is turned into it and back.

The stack asks for 1.0; emulators send 2.0 whatever was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl

Event = dict[str, Any]
App = Callable[[Event, object], Event]


def call_app(app: App, event: Event, context: object) -> Event:
    """The app's answer to an event of either format, in the same format."""
    if event.get("version") != "2.0":
        return app(event, context)
    return _answer_2_0(app(event_1_0(event), context))


def event_1_0(event: Event) -> Event:
    """The event of format 1.0 that the same request gives as `event` of format 2.0.

    The route is the route key's, so a stage's name at the front of the path does no harm.
    """
    context, http = event["requestContext"], event["requestContext"]["http"]
    resource = event["routeKey"].partition(" ")[2]
    query = _query(event.get("rawQueryString") or "")
    headers = _headers(event)
    return {
        "version": "1.0",
        "resource": resource,
        "path": event["rawPath"],
        "httpMethod": http["method"],
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "requestContext": {**context, "httpMethod": http["method"], "resourcePath": resource},
        "pathParameters": event.get("pathParameters") or None,
        "stageVariables": event.get("stageVariables"),
        "body": event.get("body"),
        "isBase64Encoded": event.get("isBase64Encoded", False),
    }


def _query(raw: str) -> dict[str, list[str]]:
    """By the raw text: the parameters that 2.0 has parsed join repeated ones with commas."""
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(raw, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    return query


def _headers(event: Event) -> dict[str, str]:
    """2.0 gives cookies a place of their own."""
    headers = dict(event.get("headers") or {})
    cookies = event.get("cookies")
    return {**headers, "cookie": "; ".join(cookies)} if cookies else headers


def _answer_2_0(answer: Event) -> Event:
    headers: dict[str, str] = {}
    cookies: list[str] = []
    for name, value in _header_pairs(answer):
        if name.lower() == "set-cookie":
            cookies.append(value)
        else:
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return {
        "statusCode": answer["statusCode"],
        "headers": headers,
        "cookies": cookies,
        "body": answer["body"],
        "isBase64Encoded": answer.get("isBase64Encoded", False),
    }


def _header_pairs(answer: Event) -> Iterator[tuple[str, str]]:
    yield from answer["headers"].items()
    for name, values in answer.get("multiValueHeaders", {}).items():
        yield from ((name, value) for value in values)
