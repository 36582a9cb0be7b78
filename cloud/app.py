"""The Chalice app on one screen: every route, and who may use it."""

from __future__ import annotations

import base64
import gzip
import re
import threading
from typing import Any

from chalice.app import Chalice
from chalice.app import Request as ChaliceRequest

from cloud.domain.permissions import (
    OPERATE,
    OPERATE_FARM,
    OWN,
    OWN_IN_PERSON,
    VIEW,
    VIEW_FARM,
    VIEW_IN_PERSON,
)
from cloud.entrypoints import socket
from cloud.entrypoints.http import (
    account,
    agents,
    api_tokens,
    audit,
    edges,
    farms,
    invitations,
    machines,
    members,
    oidc,
    people,
    playbooks,
    rigs,
    rollouts,
    templates,
)
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.entrypoints.http.mount import (
    AccountRoute,
    AgentRoute,
    AnyoneRoute,
    FarmRoute,
    Route,
    error_reply,
    mount,
    to_chalice,
)
from cloud.ports import Ports
from wire.edge import ROSTER_PATH
from wire.faults import Fault
from wire.messages import ENROLMENT_PATH, REPORT_PATH


def get_openapi(_ports: Ports, _: Request) -> Reply:
    """The description of all routes; what makes it is loaded for who asks, lest each cold start wait."""
    from cloud.entrypoints.http.openapi.document import document  # noqa: PLC0415 - see above

    return Reply(document(ROUTES))


ROUTES: tuple[Route, ...] = (
    AnyoneRoute("GET", "/v1/openapi.json", get_openapi),
    AnyoneRoute("POST", "/v1/session", people.post_session),
    AnyoneRoute("GET", "/v1/sign-in", people.get_sign_in),
    AnyoneRoute("POST", "/v1/passwords/forgotten", account.post_forgotten),
    AnyoneRoute("POST", "/v1/passwords/reset", account.post_reset),
    AccountRoute("GET", "/v1/session", people.get_session),
    AccountRoute("DELETE", "/v1/session", people.delete_session),
    AnyoneRoute("GET", "/v1/oidc/start", oidc.get_start, oidc.refuse),
    AnyoneRoute("GET", "/v1/oidc/callback", oidc.get_callback, oidc.refuse),
    AccountRoute("PUT", "/v1/account/password", account.put_password),
    AccountRoute("POST", "/v1/account/second-factor", account.post_second_factor),
    AccountRoute("PUT", "/v1/account/second-factor", account.put_second_factor),
    AccountRoute("POST", "/v1/account/second-factor/end", account.post_second_factor_end),
    AccountRoute("GET", "/v1/account/sessions", account.get_sessions),
    AccountRoute("DELETE", "/v1/account/sessions", account.delete_sessions),
    AccountRoute("DELETE", "/v1/account/sessions/{session}", account.delete_one_session),
    FarmRoute("POST", "/v1/socket-tickets", people.post_socket_ticket, VIEW_IN_PERSON),
    FarmRoute("GET", "/v1/metrics", machines.get_metrics, VIEW),
    FarmRoute("GET", "/v1/agents", agents.get_agents, VIEW_FARM),
    FarmRoute("POST", "/v1/agents", agents.post_agent, OPERATE_FARM),
    FarmRoute("DELETE", "/v1/agents/{agent}", agents.delete_one_agent, OPERATE_FARM),
    FarmRoute("POST", "/v1/agents/{agent}/token", agents.post_token, OPERATE_FARM),
    FarmRoute("GET", "/v1/agents/{agent}", edges.get_edge, VIEW_FARM),
    FarmRoute("POST", "/v1/agents/{agent}/errands", edges.post_errand, OPERATE_FARM),
    FarmRoute("GET", "/v1/agents/{agent}/errands/{number}", edges.get_errand, VIEW_FARM),
    FarmRoute("GET", "/v1/bin", farms.get_bin, OPERATE_FARM),
    FarmRoute("POST", "/v1/bin/{agent}/restore", farms.post_restore, OPERATE_FARM),
    FarmRoute("GET", "/v1/farm", farms.get_farm, VIEW),
    FarmRoute("PUT", "/v1/farm/settings", farms.put_farm_settings, OWN),
    FarmRoute("GET", "/v1/events", farms.get_events, VIEW),
    FarmRoute("GET", "/v1/audit", audit.get_audit, OWN),
    FarmRoute("GET", "/v1/machines", machines.get_machines, VIEW),
    FarmRoute("GET", "/v1/machines/{machine}", machines.get_machine, VIEW),
    FarmRoute("PATCH", "/v1/machines/{machine}", machines.patch_machine, OPERATE),
    FarmRoute("GET", "/v1/machines/{machine}/events", machines.get_machine_events, VIEW),
    FarmRoute("GET", "/v1/machines/{machine}/history", machines.get_history, VIEW),
    FarmRoute("GET", "/v1/machines/{machine}/log", rigs.get_log, OPERATE),
    FarmRoute("POST", "/v1/machines/{machine}/orders", rigs.post_order, OPERATE),
    FarmRoute("DELETE", "/v1/machines/{machine}/orders/{number}", rigs.delete_order, OPERATE),
    FarmRoute("PUT", "/v1/machines/{machine}/watched", rigs.put_watched, OPERATE),
    FarmRoute("GET", "/v1/templates", templates.get_templates, OPERATE_FARM),
    FarmRoute("POST", "/v1/pools", templates.post_pool, OPERATE_FARM),
    FarmRoute("PUT", "/v1/pools/{pool}", templates.put_pool, OPERATE_FARM),
    FarmRoute("DELETE", "/v1/pools/{pool}", templates.delete_one_pool, OPERATE_FARM),
    FarmRoute("POST", "/v1/pools/{pool}/preview", templates.post_pool_preview, OPERATE_FARM),
    FarmRoute("POST", "/v1/wallets", templates.post_wallet, OPERATE_FARM),
    FarmRoute("PUT", "/v1/wallets/{wallet}", templates.put_wallet, OPERATE_FARM),
    FarmRoute("DELETE", "/v1/wallets/{wallet}", templates.delete_one_wallet, OPERATE_FARM),
    FarmRoute("POST", "/v1/wallets/{wallet}/preview", templates.post_wallet_preview, OPERATE_FARM),
    FarmRoute("GET", "/v1/software", templates.get_software, OPERATE_FARM),
    FarmRoute("POST", "/v1/software", templates.post_software, OPERATE_FARM),
    FarmRoute("DELETE", "/v1/software", templates.delete_one_software, OPERATE_FARM),
    FarmRoute("GET", "/v1/playbooks", playbooks.get_playbooks, OPERATE_FARM),
    FarmRoute("POST", "/v1/playbooks", playbooks.post_playbook, OPERATE_FARM),
    FarmRoute("POST", "/v1/playbook-previews", playbooks.post_preview, OPERATE_FARM),
    FarmRoute("GET", "/v1/playbooks/{playbook}", playbooks.get_playbook, OPERATE_FARM),
    FarmRoute("PUT", "/v1/playbooks/{playbook}", playbooks.put_playbook, OPERATE_FARM),
    FarmRoute("DELETE", "/v1/playbooks/{playbook}", playbooks.delete_one_playbook, OPERATE_FARM),
    FarmRoute("POST", "/v1/playbooks/{playbook}/versions", playbooks.post_version, OPERATE_FARM),
    FarmRoute("POST", "/v1/assignments", rollouts.post_assignment, OPERATE_FARM),
    FarmRoute("GET", "/v1/astray", rollouts.get_astray, OPERATE_FARM),
    FarmRoute("GET", "/v1/machines/{machine}/work", rollouts.get_rig_work, OPERATE_FARM),
    FarmRoute("GET", "/v1/rollouts", rollouts.get_rollouts, OPERATE_FARM),
    FarmRoute("POST", "/v1/rollouts/{rollout}/stop", rollouts.post_rollout_stop, OPERATE_FARM),
    FarmRoute("POST", "/v1/rollouts/{rollout}/continue", rollouts.post_rollout_continue, OPERATE_FARM),
    FarmRoute("POST", "/v1/rollouts/{rollout}/back", rollouts.post_rollout_back, OPERATE_FARM),
    AccountRoute("POST", "/v1/farms", farms.post_farm),
    FarmRoute("PATCH", "/v1/farm", farms.patch_farm, OWN),
    FarmRoute("GET", "/v1/members", members.get_members, OWN_IN_PERSON),
    FarmRoute("PATCH", "/v1/members/{member}", members.patch_member, OWN_IN_PERSON),
    FarmRoute("DELETE", "/v1/members/{member}", members.delete_member, OWN_IN_PERSON),
    FarmRoute("DELETE", "/v1/membership", members.delete_membership, VIEW_IN_PERSON),
    FarmRoute("POST", "/v1/invitations", invitations.post_invitation, OWN_IN_PERSON),
    FarmRoute("DELETE", "/v1/invitations/{invitation}", invitations.delete_invitation, OWN_IN_PERSON),
    AnyoneRoute("POST", "/v1/invitations/look", invitations.post_look),
    AnyoneRoute("POST", "/v1/invitations/join", invitations.post_join),
    AccountRoute("POST", "/v1/invitations/accept", invitations.post_accept),
    FarmRoute("GET", "/v1/api-tokens", api_tokens.get_api_tokens, VIEW_IN_PERSON),
    FarmRoute("POST", "/v1/api-tokens", api_tokens.post_api_token, VIEW_IN_PERSON),
    FarmRoute("DELETE", "/v1/api-tokens/{token}", api_tokens.delete_api_token, VIEW_IN_PERSON),
    AgentRoute("POST", ENROLMENT_PATH, agents.post_enrolment),
    AgentRoute("POST", REPORT_PATH, agents.post_report),
    AgentRoute("POST", ROSTER_PATH, agents.post_roster),
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
