"""Serves rigs' signed documents on one machine, to whoever shows an address that was signed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from cloud.gateway.http import refusal

Opened = Callable[[str, str, str, str], bytes | None]


class DocumentGateway:
    """The endpoint of `/documents/{farm}/{machine}`; nothing of a request is ever logged."""

    def __init__(self, opened: Opened) -> None:
        """`opened` gives the document of a farm and machine for `until` and `signature`, or None."""
        self._opened = opened

    async def handle(self, request: Request) -> Response:
        path, query = request.path_params, request.query_params
        asked = path["farm"], path["machine"], query.get("until", ""), query.get("signature", "")
        body = await run_in_threadpool(self._opened, *asked)
        if body is None:
            # Alike for every wrong address, so that nobody learns which rigs there are.
            return refusal(404, "not_found", "There is nothing here.")
        headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()}"', "Cache-Control": "private, no-cache"}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)
