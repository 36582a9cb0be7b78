"""A request and its reply as handlers see them, free of Chalice and API Gateway."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from cloud.domain.principals import AccountPrincipal, AgentPrincipal, PersonPrincipal
from cloud.ports import Ports
from cloud.usecases.open_session import Origin
from wire.codec import decode
from wire.faults import Fault

T = TypeVar("T")
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """Header names are lower case; the body is the bytes that were sent."""

    method: str
    headers: Mapping[str, str]
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    address: str = ""
    """Of the caller, as far as it can be known: see `mount`."""

    @property
    def origin(self) -> Origin:
        """Where it comes from, for the list of sessions."""
        return Origin(self.address, self.headers.get("user-agent", ""))

    @property
    def content_type(self) -> str:
        """Without parameters, lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def json(self, kind: type[T]) -> T:
        """The body as a message of `kind`; raises Fault (415, 400, 422)."""
        require_type(self, JSON)
        return decode(self.body, kind)

    def whole_number(self, name: str, default: int, maximum: int) -> int:
        """A query parameter from 1 to `maximum`; raises Fault `bad_query` (422)."""
        text = self.query.get(name, str(default))
        digits = text.isascii() and text.isdigit() and len(text) <= 12
        if not digits or not 1 <= int(text) <= maximum:
            raise Fault("bad_query", f"{name} must be a whole number, 1 to {maximum}.", name)
        return int(text)


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, a message or nothing, and headers."""

    body: msgspec.Struct | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


AnyoneHandler = Callable[[Ports, Request], Reply]
AccountHandler = Callable[[Ports, AccountPrincipal, Request], Reply]
PersonHandler = Callable[[Ports, PersonPrincipal, Request], Reply]
AgentHandler = Callable[[Ports, AgentPrincipal, Request], Reply]


def require_type(request: Request, *types: str) -> str:
    """The request's content type, one of `types`; raises Fault `unsupported_media_type` (415)."""
    if request.content_type not in types:
        message = f"Send it as {' or '.join(types)}, not as {request.content_type or 'nothing'!r}."
        raise Fault("unsupported_media_type", message, status=415)
    return request.content_type
