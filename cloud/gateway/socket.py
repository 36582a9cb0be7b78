"""The WebSocket into the Chalice app's three handlers, and messages out to the page."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from cloud.app import CommanderApp
from cloud.bootstrap import LocalCommander
from cloud.gateway.events import Event, socket_event
from cloud.gateway.http import refusal

WAITING_MAX = 256
"""Messages that may wait for a slow page before its connection is given up; it resyncs on return."""

_GIVE_UP = b""
_REFUSED = "ticket_refused", "The ticket is unknown, used or too old."
_DENIALS = {503: ("store_unavailable", "The commander cannot reach its store; please try again.")}


class SocketGateway:
    """The endpoint `/socket`."""

    def __init__(self, app: CommanderApp, commander: LocalCommander) -> None:
        self._app, self._sockets = app, commander.sockets

    async def handle(self, websocket: WebSocket) -> None:
        connection = uuid.uuid4().hex
        outgoing: asyncio.Queue[bytes] = asyncio.Queue(WAITING_MAX)
        # Before the handler makes the connection known, lest the first message find nobody.
        self._sockets.add(connection, _sender(outgoing))
        try:
            await self._serve(websocket, connection, outgoing)
        finally:
            self._sockets.remove(connection)

    async def _serve(self, websocket: WebSocket, connection: str, outgoing: asyncio.Queue[bytes]) -> None:
        query = dict(websocket.query_params)
        status = await self._handle(socket_event("$connect", connection, query=query))
        if status != 200:
            await websocket.send_denial_response(refusal(status, *_DENIALS.get(status, _REFUSED)))
            return
        try:
            await websocket.accept()
            await _first_to_end(self._receive(websocket, connection), _send(websocket, outgoing))
        finally:
            await asyncio.shield(self._handle(socket_event("$disconnect", connection)))

    async def _receive(self, websocket: WebSocket, connection: str) -> None:
        while True:
            body = (await websocket.receive()).get("text")
            if body is None:
                return  # gone, or it sent bytes, which no page does
            if await self._handle(socket_event("$default", connection, body)) == 410:
                await websocket.close()
                return

    async def _handle(self, event: Event) -> int:
        answer = await run_in_threadpool(self._app.on_socket, event, None)
        return answer["statusCode"]


def _sender(outgoing: asyncio.Queue[bytes]) -> Any:
    loop = asyncio.get_running_loop()

    def put(message: bytes) -> None:
        if outgoing.qsize() < WAITING_MAX - 1:
            outgoing.put_nowait(message)
        elif not outgoing.full():
            outgoing.put_nowait(_GIVE_UP)

    def send(message: bytes) -> bool:
        if outgoing.full():
            return False
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody is there any more
            loop.call_soon_threadsafe(put, message)
            return True
        return False

    return send


async def _send(websocket: WebSocket, outgoing: asyncio.Queue[bytes]) -> None:
    while (message := await outgoing.get()) is not _GIVE_UP:
        await websocket.send_text(message.decode())
    await websocket.close()


async def _first_to_end(*coroutines: Any) -> None:
    """Runs all until one ends, and ends the rest; a page that goes away is nothing unusual."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, BaseException) and not isinstance(
            result, (asyncio.CancelledError, WebSocketDisconnect, RuntimeError)
        ):
            raise result
