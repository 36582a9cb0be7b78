"""Calls the commander's app as API Gateway does: with an event of payload format 1.0."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from starlette.datastructures import Headers, QueryParams

from cloud.app import CommanderApp
from cloud.entrypoints.http import cookie
from cloud.gateway.events import Arrived, RouteTable, http_event
from tests.fakes.ports import PUBLIC_URL

HOST = PUBLIC_URL.removeprefix("https://")
COOKIE = cookie.NAME


class Answer(NamedTuple):
    """What came back; the body as it went over the wire."""

    status: int
    headers: dict[str, Any]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, decoded and gunzipped where it says so."""
        gzipped = self.headers.get("Content-Encoding") == "gzip"
        return msgspec.json.decode(gzip.decompress(self.body) if gzipped else self.body)

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(self.json["error"]["code"])


class Caller:
    """One browser or agent: `headers` go with each request."""

    def __init__(self, app: CommanderApp, **headers: str) -> None:
        self.app = app
        self._routes = RouteTable(app.routes)
        self._headers = {"host": HOST, **{name.replace("_", "-"): text for name, text in headers.items()}}

    def get(self, path: str, query: str = "", **headers: str) -> Answer:
        return self.call("GET", path, query=query, headers=headers)

    def post(self, path: str, body: object = None, **headers: str) -> Answer:
        return self.call("POST", path, body=body, headers=headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.call("DELETE", path, headers=headers)

    def call(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: str = "",
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """Bytes go as they are, anything else as JSON; a header of None is not sent."""
        event = self.event(method, path, body=body, query=query, headers=headers or {})
        answer = self.app(event, None)
        sent: str = answer["body"]
        raw = base64.b64decode(sent) if answer.get("isBase64Encoded") else sent.encode()
        return Answer(answer["statusCode"], {**answer["headers"], **answer["multiValueHeaders"]}, raw)

    def event(
        self, method: str, path: str, *, body: object, query: str, headers: Mapping[str, str | None]
    ) -> dict[str, Any]:
        """The event of one request to a path that has a route."""
        sent = b"" if body is None else body if isinstance(body, bytes) else msgspec.json.encode(body)
        given = {name.replace("_", "-"): text for name, text in headers.items()}
        merged = {"content-type": "application/json", **self._headers, **given}
        present = {name: text for name, text in merged.items() if text is not None}
        match = self._routes.match(method, path)
        assert match is not None, f"no route for {method} {path}"
        return http_event(
            Arrived(method, path, Headers(present), QueryParams(query), sent, "127.0.0.1"), match
        )
