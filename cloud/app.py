"""The Chalice app on one screen: every route, and who may use it."""

from __future__ import annotations

import base64
import gzip
import re
import threading
from typing import Any

from chalice.app import Chalice
from chalice.app import Request as ChaliceRequest

from cloud.entrypoints import socket
from cloud.entrypoints.http import agents, farms, machines, people, rigs
from cloud.entrypoints.http.exchange import Reply
from cloud.entrypoints.http.mount import (
    AgentRoute,
    AnyoneRoute,
    PersonRoute,
    Route,
    error_reply,
    mount,
    to_chalice,
)
from cloud.ports import Ports
from wire.faults import Fault
from wire.messages import ENROLMENT_PATH, REPORT_PATH

ROUTES: tuple[Route, ...] = (
    AnyoneRoute("POST", "/v1/session", people.post_session),
    PersonRoute("GET", "/v1/session", people.get_session),
    PersonRoute("DELETE", "/v1/session", people.delete_session),
    PersonRoute("POST", "/v1/socket-tickets", people.post_socket_ticket),
    PersonRoute("GET", "/v1/metrics", machines.get_metrics),
    PersonRoute("GET", "/v1/agents", agents.get_agents),
    PersonRoute("POST", "/v1/agents", agents.post_agent),
    PersonRoute("DELETE", "/v1/agents/{agent}", agents.delete_one_agent),
    PersonRoute("POST", "/v1/agents/{agent}/token", agents.post_token),
    PersonRoute("GET", "/v1/bin", farms.get_bin),
    PersonRoute("POST", "/v1/bin/{agent}/restore", farms.post_restore),
    PersonRoute("GET", "/v1/farm", farms.get_farm),
    PersonRoute("PUT", "/v1/farm/settings", farms.put_farm_settings),
    PersonRoute("GET", "/v1/events", farms.get_events),
    PersonRoute("GET", "/v1/machines", machines.get_machines),
    PersonRoute("GET", "/v1/machines/{machine}", machines.get_machine),
    PersonRoute("PATCH", "/v1/machines/{machine}", machines.patch_machine),
    PersonRoute("GET", "/v1/machines/{machine}/events", machines.get_machine_events),
    PersonRoute("GET", "/v1/machines/{machine}/history", machines.get_history),
    PersonRoute("GET", "/v1/machines/{machine}/log", rigs.get_log),
    PersonRoute("POST", "/v1/machines/{machine}/orders", rigs.post_order),
    PersonRoute("DELETE", "/v1/machines/{machine}/orders/{number}", rigs.delete_order),
    PersonRoute("PUT", "/v1/machines/{machine}/watched", rigs.put_watched),
    AgentRoute("POST", ENROLMENT_PATH, agents.post_enrolment),
    AgentRoute("POST", REPORT_PATH, agents.post_report),
)
GZIP_MIN_BYTES = 32 * 1024


class CommanderApp(Chalice):
    """Chalice keeps the current request on the app object; here it is one per thread."""

    def __init__(self) -> None:
        self._of_thread = threading.local()
        self.socket_handlers: dict[str, socket.Handler] = {}
        super().__init__("rig-commander", configure_logs=False)

    @property
    def current_request(self) -> ChaliceRequest | None:
        return getattr(self._of_thread, "request", None)

    @current_request.setter
    def current_request(self, request: ChaliceRequest | None) -> None:
        self._of_thread.request = request

    @property
    def lambda_context(self) -> Any:
        return getattr(self._of_thread, "context", None)

    @lambda_context.setter
    def lambda_context(self, context: Any) -> None:
        self._of_thread.context = context

    def __call__(self, event: dict[str, Any], context: object) -> dict[str, Any]:
        """One HTTP API event (payload 1.0) to its response."""
        response = super().__call__(event, context)
        if response["statusCode"] == 500:
            response = to_chalice(_internal_error()).to_dict()
        return _compressed(event, response)

    def on_socket(self, event: dict[str, Any], context: object) -> dict[str, int]:
        """One event of the WebSocket API to its response."""
        return self.socket_handlers[event["requestContext"]["routeKey"]](event, context)


def create_app(ports: Ports) -> CommanderApp:
    """The app over the given ports; the same for Lambda and for one machine."""
    app = CommanderApp()
    for route in ROUTES:
        mount(app, route, ports)
    # Only so that Chalice asks for no AWS region: messages go out by the port `Sockets`.
    app.websocket_api.configure("unused", "unused")
    app.socket_handlers = socket.mount(app, ports)
    return app


def _internal_error() -> Reply:
    """Chalice has logged the cause and answers in a shape of its own."""
    message = "Something went wrong in the commander; its log says what."
    return error_reply(Fault("internal_error", message, status=500))


def _accepts_gzip(header: str) -> bool:
    codings = (coding.replace(" ", "").lower().partition(";") for coding in header.split(","))
    return any(name == "gzip" and not re.fullmatch(r"q=0(\.0*)?", weight) for name, _, weight in codings)


def _compressed(event: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    """Large answers leave gzipped, for the HTTP API compresses nothing."""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    body = response["body"].encode()
    if len(body) < GZIP_MIN_BYTES or not _accepts_gzip(headers.get("accept-encoding", "")):
        return response
    return {
        **response,
        "headers": {**response["headers"], "Content-Encoding": "gzip", "Vary": "Accept-Encoding"},
        "body": base64.b64encode(gzip.compress(body, compresslevel=5, mtime=0)).decode(),
        "isBase64Encoded": True,
    }
