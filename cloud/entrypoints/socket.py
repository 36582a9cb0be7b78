"""The page's socket: opened with a ticket, kept by pings, closed by either side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalice.app import Chalice, WebsocketEvent

from cloud.ports import Ports
from cloud.usecases.close_socket import close_socket
from cloud.usecases.open_socket import open_socket
from cloud.usecases.renew_socket import look_at, renew_socket
from wire.codec import decode_from_page
from wire.faults import Fault
from wire.live import FromPage, Look

Answer = dict[str, int]
Handler = Callable[[dict[str, Any], object], Answer]


def mount(app: Chalice, ports: Ports) -> dict[str, Handler]:
    """Adds the three routes of a WebSocket API to `app`, and gives what handles the event of each."""

    def on_connect(event: WebsocketEvent) -> Answer:
        query = event.to_dict().get("queryStringParameters") or {}
        try:
            open_socket(ports, event.connection_id, query.get("ticket", ""))
        except Fault as fault:
            return {"statusCode": fault.status}
        return {"statusCode": 200}

    def on_message(event: WebsocketEvent) -> Answer:
        try:
            message = decode_from_page(event.body.encode())
        except Fault as fault:
            return {"statusCode": fault.status}
        return {"statusCode": 200 if _heard(ports, event.connection_id, message) else 410}

    def on_disconnect(event: WebsocketEvent) -> Answer:
        close_socket(ports, event.connection_id)
        return {"statusCode": 200}

    return {
        "$connect": app.on_ws_connect()(on_connect),
        "$default": app.on_ws_message()(on_message),
        "$disconnect": app.on_ws_disconnect()(on_disconnect),
    }


def _heard(ports: Ports, connection: str, message: FromPage) -> bool:
    if isinstance(message, Look):
        return look_at(ports, connection, message.machines)
    return renew_socket(ports, connection)
