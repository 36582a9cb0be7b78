"""The server of one machine: page, `/v1` and socket on one origin, with the headers CloudFront will send."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import cast

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cloud.app import create_app
from cloud.bootstrap import LocalCommander
from cloud.gateway.documents import DocumentGateway
from cloud.gateway.http import HttpGateway, refusal
from cloud.gateway.socket import SocketGateway
from cloud.usecases.keep_beat import keep_beat
from cloud.usecases.publish_live import publish_live
from cloud.usecases.send_letters import send_letters
from cloud.usecases.sweep_farms import sweep_farms

_log = logging.getLogger(__name__)
PURGE_EVERY_S = 600
BEAT_EVERY_S = 10
SWEEP_EVERY_S = 15
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def create_server(commander: LocalCommander, web: Path, hosts: Sequence[str]) -> Starlette:
    """The ASGI application. `hosts` are the names it may be called by (against DNS rebinding)."""
    app = create_app(commander.ports)
    return Starlette(
        routes=[
            Route("/v1/{rest:path}", HttpGateway(app).handle, methods=METHODS),
            Route("/documents/{farm}/{machine}", DocumentGateway(commander.documents.opened).handle),
            WebSocketRoute("/socket", SocketGateway(app, commander).handle),
            Mount("/", StaticFiles(directory=web, html=True)),
        ],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False),
        ],
        exception_handlers={404: _no_route, 405: _no_route},
        lifespan=lambda _: _lifespan(commander),
    )


async def _no_route(request: Request, error: Exception) -> Response:
    """What no route takes: under `/v1/` other methods, and paths with a line break, as API Gateway: 404."""
    if request.url.path.startswith("/v1/"):
        return refusal(404, "not_found", "There is nothing here.")
    refused = cast("HTTPException", error)  # those alone have a status
    return PlainTextResponse(refused.detail, refused.status_code, refused.headers)


class SecurityHeaders:
    """Adds the security headers to every answer; pages are checked anew, so an update shows at once."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SECURITY_HEADERS)
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        await self._app(scope, receive, send_with_headers)


@contextlib.asynccontextmanager
async def _lifespan(commander: LocalCommander) -> AsyncIterator[None]:
    ports = commander.ports
    commander.changes.start(lambda changes: publish_live(ports, changes))
    await run_in_threadpool(partial(keep_beat, ports, starts=True))
    timers = [asyncio.create_task(do_every(seconds, work)) for seconds, work in rounds(commander)]
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()
        await run_in_threadpool(commander.close)


def rounds(commander: LocalCommander) -> Sequence[tuple[float, Callable[[], object]]]:
    """What time alone does, and each how many seconds; none waits for another."""
    ports = commander.ports
    return [
        (BEAT_EVERY_S, partial(keep_beat, ports)),
        (SWEEP_EVERY_S, partial(sweep_farms, ports)),
        (SWEEP_EVERY_S, partial(send_letters, ports)),
        (PURGE_EVERY_S, commander.store.purge_expired),
    ]


async def do_every(seconds: float, work: Callable[[], object]) -> None:
    """For ever, whatever befalls a round: one item that cannot be read must not end all later sweeps."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await run_in_threadpool(work)
        except Exception:  # noqa: BLE001 - see above
            _log.exception("a timer's work was not done; the next round tries again")
