"""HTTP into the Chalice app: takes the request, calls the app in a thread, sends its answer."""

from __future__ import annotations

import base64
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from cloud.app import CommanderApp
from cloud.gateway.events import Arrived, RouteTable, http_event
from wire.people import FARM_HEADER

MAX_BODY_BYTES = 1024 * 1024
"""Far above what any route takes: bodies lie in memory before anybody is known. API Gateway takes 10 MB."""
_READ_AWAY_BYTES = 4 * MAX_BODY_BYTES


class HttpGateway:
    """The endpoint of everything under `/v1/`."""

    def __init__(self, app: CommanderApp) -> None:
        self._app = app
        self._routes = RouteTable(app.routes)

    async def handle(self, request: Request) -> Response:
        path = request.scope["raw_path"].decode("ascii", errors="replace")
        match = self._routes.match(request.method, path)
        if match is None:
            return refusal(404, "not_found", f"There is no {request.method} {path[:200]} here.")
        if len(set(request.headers.getlist(FARM_HEADER))) > 1:
            return refusal(400, "farm_missing", f"Name one farm in the header {FARM_HEADER}, not several.")
        try:
            body = await _read_body(request)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        if body is None:
            message = f"The body has more than {MAX_BODY_BYTES:,} bytes."
            return refusal(413, "body_too_large", message)
        source_ip = request.client.host if request.client else ""
        arrived = Arrived(request.method, path, request.headers, request.query_params, body, source_ip)
        event = http_event(arrived, match)
        return _response(await run_in_threadpool(self._app, event, None))


def refusal(status: int, code: str, message: str) -> Response:
    """What the gateway refuses by itself, in the shape of every other refusal."""
    return JSONResponse({"error": {"code": code, "message": message}}, status)


async def _read_body(request: Request) -> bytes | None:
    """The whole body, or None when it is too large, at once where its length says so.

    The rest of one that is not much too large is read away, so that the answer arrives.
    """
    size = _declared_bytes(request)
    if size > _READ_AWAY_BYTES:
        return None
    parts, fits, size = [], size <= MAX_BODY_BYTES, 0
    async for part in request.stream():
        size += len(part)
        fits = fits and size <= MAX_BODY_BYTES
        if fits:
            parts.append(part)
        else:
            parts.clear()
            if size > _READ_AWAY_BYTES:
                break
    return b"".join(parts) if fits else None


def _declared_bytes(request: Request) -> int:
    """0 where the body comes in chunks; the server has refused what is no number."""
    declared = request.headers.get("content-length", "")
    return int(declared) if declared.isdecimal() else 0


def _response(answer: dict[str, Any]) -> Response:
    body: str = answer["body"]
    content = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    response = Response(content, answer["statusCode"], answer["headers"])
    for name, values in answer.get("multiValueHeaders", {}).items():
        for value in values:
            response.headers.append(name, value)
    return response
