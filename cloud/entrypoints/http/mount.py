"""Binds a route to Chalice: proves who asks, calls the handler, and answers every refusal in one shape."""

from __future__ import annotations

import logging
import math
import re
from dataclasses import dataclass, replace
from typing import assert_never
from urllib.parse import urlsplit

from chalice.app import Chalice
from chalice.app import Response as ChaliceResponse

from cloud.entrypoints.http import cookie
from cloud.entrypoints.http.exchange import (
    JSON,
    AgentHandler,
    Allow,
    AnyoneHandler,
    PersonHandler,
    Reply,
    Request,
)
from cloud.ports import ItemTooLarge, Ports, StoreUnavailable
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.authorise_person import authorise_person
from wire.codec import encode
from wire.faults import Fault
from wire.messages import ErrorBody, ErrorReply

_log = logging.getLogger(__name__)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_HOST_NAME = re.compile(r"[a-z0-9.-]{1,253}(:[0-9]{1,5})?\Z")
_SAFE_METHODS = ("GET", "HEAD")
_RETRY_AFTER_S = 5


@dataclass(frozen=True, slots=True)
class AnyoneRoute:
    """A route that needs no proof of who asks."""

    method: str
    path: str
    handler: AnyoneHandler
    allow: Allow = Allow.ANYONE


@dataclass(frozen=True, slots=True)
class PersonRoute:
    """A route for signed-in people."""

    method: str
    path: str
    handler: PersonHandler
    allow: Allow = Allow.PERSON


@dataclass(frozen=True, slots=True)
class AgentRoute:
    """A route for agents with a token."""

    method: str
    path: str
    handler: AgentHandler
    allow: Allow = Allow.AGENT


Route = AnyoneRoute | PersonRoute | AgentRoute


def mount(app: Chalice, route: Route, ports: Ports) -> None:
    """Adds the route to `app`. Content types are checked by handlers, in our own words."""

    def view(**path: str) -> ChaliceResponse:
        request = _request(app, path)
        return _answer(_reached(ports, request), route, request)

    name = route.handler.__name__
    app.route(route.path, methods=[route.method], content_types=[], name=name)(view)


def _reached(ports: Ports, request: Request) -> Ports:
    """Ports that know the public address: as it was set, or else as this caller reached us.

    Behind CloudFront `Host` is the API's own name, so a function there writes the viewer's into
    `x-forwarded-host`, over whatever the viewer sent. Whoever calls the API past CloudFront may forge
    it, and deceives nobody else: it goes only into the answer to this very request, which no cache
    keeps, and into the check of the origin. Another site's page cannot send it through a visitor's
    browser, which would have to ask first (CORS preflight) and is not allowed, nor would the visitor's
    `__Host-` cookie go to the API's own name. The pattern keeps it fit to be pasted into a shell.
    """
    if ports.public_url:
        return ports
    headers = request.headers
    names = (headers.get(header, "").lower() for header in ("x-forwarded-host", "host"))
    host = next((name for name in names if _HOST_NAME.match(name)), None)
    return replace(ports, public_url=f"https://{host}" if host else "")


def error_reply(fault: Fault) -> Reply:
    """What a refusal looks like on the wire."""
    body = ErrorReply(ErrorBody(fault.code, fault.message, fault.field, fault.server_at))
    wait_s = fault.retry_after_s
    headers = {} if wait_s is None else {"Retry-After": str(math.ceil(wait_s))}
    return Reply(body, fault.status, headers)


def _answer(ports: Ports, route: Route, request: Request) -> ChaliceResponse:
    try:
        reply = _call(ports, route, request)
    except Fault as refused:
        reply = error_reply(refused)
    except ItemTooLarge:
        message = "This is more than can be stored as one item."
        reply = error_reply(Fault("too_much_at_once", message, status=413))
    except StoreUnavailable as error:
        _log.error("the store is not available: %s", error)
        message = "The commander cannot reach its store; please try again."
        fault = Fault("store_unavailable", message, status=503, retry_after_s=_RETRY_AFTER_S)
        reply = error_reply(fault)
    return to_chalice(reply)


def _call(ports: Ports, route: Route, request: Request) -> Reply:
    for name, value in request.path.items():
        if _ID.match(value) is None:
            raise Fault("bad_id", "This is not an id.", name, status=404)
    match route:
        case AgentRoute():
            agent = authorise_agent(ports, request.headers.get("authorization"))
            _check_rate(ports, agent.agent.agent)
            return route.handler(ports, agent, request)
        case PersonRoute():
            _check_origin(ports, request)
            person = authorise_person(ports, cookie.read(request.headers.get("cookie")))
            return route.handler(ports, person, request)
        case AnyoneRoute():
            _check_origin(ports, request)
            return route.handler(ports, request)
        case _:
            assert_never(route)


def _check_rate(ports: Ports, agent: str) -> None:
    wait_s = ports.rates.take(agent) if ports.rates else 0
    if wait_s > 0:
        message = f"This agent sends too much; please wait {math.ceil(wait_s)} s."
        raise Fault("too_many_requests", message, status=429, retry_after_s=wait_s)


def _check_origin(ports: Ports, request: Request) -> None:
    """Another site's page must not change anything here, even if its request carries our cookie."""
    origin = request.headers.get("origin")
    if request.method in _SAFE_METHODS or origin is None:
        return
    ours = {request.headers.get("host", "").lower(), _host(ports.public_url)}
    if _host(origin) not in ours - {""}:
        raise Fault("foreign_origin", "This request comes from another site's page.", status=403)


def _host(url: str) -> str:
    """Name and port, "" where there is none ("null") or the text is no address."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _request(app: Chalice, path: dict[str, str]) -> Request:
    current = app.current_request
    if current is None:
        raise RuntimeError("a view runs within a request")
    headers = {name.lower(): value for name, value in current.headers.items()}
    body = current.raw_body
    sent = body.encode() if isinstance(body, str) else body
    address = (current.context.get("identity") or {}).get("sourceIp") or ""
    return Request(current.method, headers, path, dict(current.query_params or {}), sent, address)


def to_chalice(reply: Reply) -> ChaliceResponse:
    """The reply as Chalice sends it; no answer with figures in it may be kept by a cache."""
    headers: dict[str, str | list[str]] = {
        "Content-Type": JSON,
        "Cache-Control": "no-store",
        **reply.headers,
    }
    body = encode(reply.body).decode() if reply.body is not None else ""
    return ChaliceResponse(body, headers, reply.status)
