"""How the fake commander answers and refuses."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from tests.web.fake_farm import Farm
from wire.messages import ErrorBody, ErrorReply


def answer(body: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")


def refuse(status: int, code: str, message: str, field: str = "") -> Response:
    return answer(ErrorReply(error=ErrorBody(code=code, message=message, field=field)), status)


def farm_of(request: Request | WebSocket) -> Farm:
    """The farm that the request names, or the ticket of the socket; else the first."""
    named = request.headers.get("rig-farm") or request.query_params.get("ticket", "f1")
    farm = request.app.state.farms.get(named)
    assert isinstance(farm, Farm)
    return farm
