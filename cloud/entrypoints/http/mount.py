"""Binds a route to Chalice: proves who asks, calls the handler, and answers every refusal in one shape."""

from __future__ import annotations

import hmac
import logging
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import assert_never
from urllib.parse import urlsplit

from chalice.app import Chalice
from chalice.app import Response as ChaliceResponse

from cloud.domain.permissions import Permission
from cloud.domain.principals import COMMANDER, Actor
from cloud.entrypoints.http import cookie
from cloud.entrypoints.http.exchange import (
    JSON,
    AccountHandler,
    AgentHandler,
    AnyoneHandler,
    PersonHandler,
    Reply,
    Request,
)
from cloud.ports import ItemTooLarge, PasswordsBusy, Ports, Rates, StoreUnavailable
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.authorise_person import Proof, authorise_account, authorise_person
from cloud.usecases.farm_store import FarmStore
from wire.codec import encode
from wire.faults import Fault
from wire.messages import ErrorBody, ErrorReply
from wire.people import FARM_HEADER

_log = logging.getLogger(__name__)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_HOST_NAME = re.compile(r"[a-z0-9.-]{1,253}(:[0-9]{1,5})?\Z")
ORIGIN_PROOF_HEADER, VIEWER_ADDRESS_HEADER = "x-origin-proof", "x-viewer-address"
_SAFE_METHODS = ("GET", "HEAD")
_RETRY_AFTER_S = 5


@dataclass(frozen=True, slots=True)
class AnyoneRoute:
    """A route that needs no proof of who asks. `refuse`: its refusals, where they are no JSON."""

    method: str
    path: str
    handler: AnyoneHandler
    refuse: Callable[[Fault], Reply] | None = None


@dataclass(frozen=True, slots=True)
class AccountRoute:
    """A route for whoever is signed in, about their own account."""

    method: str
    path: str
    handler: AccountHandler


@dataclass(frozen=True, slots=True)
class FarmRoute:
    """A route for members of a farm who have the permission, signed in or by API token."""

    method: str
    path: str
    handler: PersonHandler
    allow: Permission


@dataclass(frozen=True, slots=True)
class AgentRoute:
    """A route for agents with a token."""

    method: str
    path: str
    handler: AgentHandler


Route = AnyoneRoute | AccountRoute | FarmRoute | AgentRoute


def mount(app: Chalice, route: Route, ports: Ports) -> None:
    """Adds the route to `app`. Content types are checked by handlers, in our own words."""

    def view(**path: str) -> ChaliceResponse:
        request = _request(app, ports, path)
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
        return to_chalice(_call(ports, route, request))
    except Fault as fault:
        refused = fault
    except ItemTooLarge:
        message = "This is more than can be stored as one item."
        refused = Fault("too_much_at_once", message, status=413)
    except PasswordsBusy:
        message = "Too many passwords are being looked at just now; please try again."
        refused = Fault("too_many_sign_ins", message, status=429, retry_after_s=_RETRY_AFTER_S)
    except StoreUnavailable as error:
        _log.error("the store is not available: %s", error)
        message = "The commander cannot reach its store; please try again."
        refused = Fault("store_unavailable", message, status=503, retry_after_s=_RETRY_AFTER_S)
    own = route.refuse if isinstance(route, AnyoneRoute) else None
    return to_chalice((own or error_reply)(refused))


def _call(ports: Ports, route: Route, request: Request) -> Reply:
    for name, value in request.path.items():
        if _ID.match(value) is None:
            raise Fault("bad_id", "This is not an id.", name, status=404)
    match route:
        case AgentRoute():
            agent = authorise_agent(ports, request.headers.get("authorization"))
            _check_rate(ports.rates, agent.agent.agent)
            return route.handler(_within(ports, agent.farm), agent, request)
        case FarmRoute():
            _check_origin(ports, request)
            person = authorise_person(ports, _proof(request), route.allow, request.path.get("machine"))
            _check_rate(ports.requests, person.token or person.email)
            actor = Actor(person.name, request.address)
            return route.handler(_within(ports, person.farm, actor), person, request)
        case AccountRoute():
            _check_origin(ports, request)
            account = authorise_account(ports, cookie.read(request.headers.get("cookie")))
            _check_rate(ports.requests, account.email)
            actor = Actor(account.email, request.address)
            return route.handler(replace(ports, actor=actor), account, request)
        case AnyoneRoute():
            _check_origin(ports, request)
            _check_rate(ports.requests, request.address)
            return route.handler(replace(ports, actor=Actor("", request.address)), request)
        case _:
            assert_never(route)


def _within(ports: Ports, farm: str, actor: Actor = COMMANDER) -> Ports:
    """Ports that reach nothing of other farms."""
    return replace(ports, store=FarmStore(ports.store, farm), actor=actor)


def _proof(request: Request) -> Proof:
    headers = request.headers
    session = cookie.read(headers.get("cookie"))
    return Proof(session, headers.get("authorization"), headers.get(FARM_HEADER.lower()))


def _check_rate(rates: Rates | None, who: str) -> None:
    wait_s = rates.take(who) if rates else 0
    if wait_s > 0:
        message = f"Too many requests; please wait {math.ceil(wait_s)} s."
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


def _request(app: Chalice, ports: Ports, path: dict[str, str]) -> Request:
    current = app.current_request
    if current is None:
        raise RuntimeError("a view runs within a request")
    headers = {name.lower(): value for name, value in current.headers.items()}
    body = current.raw_body
    sent = body.encode() if isinstance(body, str) else body
    peer = (current.context.get("identity") or {}).get("sourceIp") or ""
    return Request(
        current.method, headers, path, dict(current.query_params or {}), sent, _address(ports, headers, peer)
    )


def _address(ports: Ports, headers: Mapping[str, str], peer: str) -> str:
    """The viewer's, where the request proves that it came through our CloudFront; else the peer's."""
    proof = headers.get(ORIGIN_PROOF_HEADER, "")
    if ports.origin_secret and hmac.compare_digest(proof.encode(), ports.origin_secret.encode()):
        return headers.get(VIEWER_ADDRESS_HEADER, "") or peer
    return peer


def to_chalice(reply: Reply) -> ChaliceResponse:
    """The reply as Chalice sends it; no answer with figures in it may be kept by a cache."""
    headers: dict[str, str | list[str]] = {
        "Content-Type": JSON,
        "Cache-Control": "no-store",
        **reply.headers,
    }
    body = encode(reply.body).decode() if reply.body is not None else ""
    return ChaliceResponse(body, headers, reply.status)
