"""The page's socket: opened with a ticket, kept by pings, closed by either side."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from chalice.app import Chalice, WebsocketEvent

from cloud.ports import Ports, StoreUnavailable
from cloud.usecases.close_socket import close_socket
from cloud.usecases.open_socket import open_socket
from cloud.usecases.renew_socket import look_at, renew_socket
from wire.codec import decode_from_page
from wire.faults import Fault
from wire.live import FromPage, Look

_log = logging.getLogger(__name__)

Answer = dict[str, int]
Handler = Callable[[dict[str, Any], object], Answer]


def mount(app: Chalice, ports: Ports) -> dict[str, Handler]:
    """Adds the three routes of a WebSocket API to `app`, and gives what handles the event of each."""

    def on_connect(event: WebsocketEvent) -> Answer:
        query = event.to_dict().get("queryStringParameters") or {}
        open_socket(ports, event.connection_id, query.get("ticket", ""))
        return {"statusCode": 200}

    def on_message(event: WebsocketEvent) -> Answer:
        message = decode_from_page(event.body.encode())
        return {"statusCode": 200 if _heard(ports, event.connection_id, message) else 410}

    def on_disconnect(event: WebsocketEvent) -> Answer:
        close_socket(ports, event.connection_id)
        return {"statusCode": 200}

    return {
        "$connect": app.on_ws_connect()(_answering(on_connect)),
        "$default": app.on_ws_message()(_answering(on_message)),
        "$disconnect": app.on_ws_disconnect()(_answering(on_disconnect)),
    }


def _answering(heed: Callable[[WebsocketEvent], Answer]) -> Callable[[WebsocketEvent], Answer]:
    """Refusals as a status. While the store is away an open socket stays: its next ping tries again."""

    @wraps(heed)
    def answer(event: WebsocketEvent) -> Answer:
        try:
            return heed(event)
        except Fault as fault:
            return {"statusCode": fault.status}
        except StoreUnavailable as error:
            _log.error("the store is not available to a socket: %s", error)
            return {"statusCode": 503}

    return answer


def _heard(ports: Ports, connection: str, message: FromPage) -> bool:
    if isinstance(message, Look):
        return look_at(ports, connection, message.machines)
    return renew_socket(ports, connection)
