"""Talks to an ASGI application in this process, as uvicorn would, without a port."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
from starlette.types import ASGIApp, Message

WAIT_S = 10


class AsgiClient:
    """HTTP; an exception of the application becomes its 500."""

    def __init__(self, app: ASGIApp, base_url: str = "https://rigs.example.test") -> None:
        self._app, self._base_url = app, base_url

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self.request("GET", path, headers=headers)

    def post(
        self, path: str, content: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return self.request("POST", path, content, headers)

    def request(
        self, method: str, path: str, content: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return asyncio.run(self._request(method, path, content, headers))

    async def _request(
        self, method: str, path: str, content: bytes, headers: Mapping[str, str] | None
    ) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=self._base_url) as client:
            return await client.request(method, path, content=content, headers=headers)


def socket_talk(
    app: ASGIApp,
    query: str,
    texts: Sequence[str],
    answers: int,
    meanwhile: Callable[[], object] = lambda: None,
) -> list[Message]:
    """All that the application says on `/socket?query` to these texts.

    `meanwhile` happens after the first message. The page leaves after `answers` messages; an
    application that refuses or closes ends it sooner.
    """
    return asyncio.run(asyncio.wait_for(_talk(app, query, texts, answers, meanwhile), WAIT_S))


async def _talk(
    app: ASGIApp, query: str, texts: Sequence[str], answers: int, meanwhile: Callable[[], object]
) -> list[Message]:
    said: list[Message] = []
    incoming: asyncio.Queue[Message] = asyncio.Queue()
    incoming.put_nowait({"type": "websocket.connect"})
    for text in texts:
        incoming.put_nowait({"type": "websocket.receive", "text": text})

    async def send(message: Message) -> None:
        said.append(message)
        sent = sum(each["type"] == "websocket.send" for each in said)
        if sent == 1:
            meanwhile()
        if sent == answers:
            incoming.put_nowait({"type": "websocket.disconnect", "code": 1000})

    await app(_scope(query), incoming.get, send)
    return said


def _scope(query: str) -> dict[str, Any]:
    return {
        "type": "websocket",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": "/socket",
        "raw_path": b"/socket",
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 80),
        "subprotocols": [],
        "extensions": {"websocket.http.response": {}},
    }
