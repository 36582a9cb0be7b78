"""A commander as browsers and agents reach it: HTTP and the socket, on one origin."""

from __future__ import annotations

import email.message
import http.client
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeVar
from urllib.parse import urlsplit

import msgspec
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from wire.messages import ErrorReply

T = TypeVar("T")
_JSON = "application/json"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Unreached(Exception):
    """Nothing usable came back; the message says why, in a sentence."""


class Answer(NamedTuple):
    """What came back; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def read(self, kind: type[T], *expected: int) -> T:
        """The body as a message; raises Unreached for another status than `expected` and for other text."""
        if self.status not in expected:
            raise Unreached(self.refusal())
        try:
            return msgspec.json.decode(self.body, type=kind)
        except msgspec.MsgspecError as error:
            raise Unreached(f"This is no answer of a commander: {error}.") from error

    def refusal(self) -> str:
        """Status, code and sentence of an answer that was not wanted."""
        try:
            error = msgspec.json.decode(self.body, type=ErrorReply).error
        except msgspec.MsgspecError:
            return f"It answered with status {self.status}, and not as a commander does."
        return f"It answered {self.status} {error.code}: {error.message}"


@dataclass
class Site:
    """A commander at `url`. `cookie` goes with each request of the page; no wait exceeds `timeout_s`."""

    url: str
    timeout_s: float
    cookie: str = field(default="", repr=False)

    def page(self, method: str, path: str, body: object = None) -> Answer:
        """A request as the page makes it."""
        headers = {"Origin": self.url, "Content-Type": _JSON}
        if self.cookie:
            headers["Cookie"] = self.cookie
        return self.request(method, path, headers, None if body is None else msgspec.json.encode(body))

    def agent(self, path: str, token: str, body: bytes, content_type: str = _JSON) -> Answer:
        """A POST as an agent makes it."""
        return self.request(
            "POST", path, {"Authorization": f"Bearer {token}", "Content-Type": content_type}, body
        )

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Answer:
        """Any request; raises Unreached when no answer comes."""
        asked = urllib.request.Request(self.url + path, body, dict(headers), method=method)  # noqa: S310
        try:
            with _opener(self.url).open(asked, timeout=self.timeout_s) as answer:
                return _answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as refused:
            return _answer(refused.code, refused.headers, refused.read())
        except (OSError, http.client.HTTPException) as error:
            raise Unreached(f"{self.url} does not answer: {_reason(error)}.") from error

    def open_socket(self, ticket: str) -> ClientConnection:
        """The page's socket; raises Unreached."""
        address = f"ws{self.url.removeprefix('http')}/socket?ticket={ticket}"
        proxy: Literal[True] | None = None if _is_here(self.url) else True
        try:
            return connect(address, open_timeout=self.timeout_s, proxy=proxy)
        except (OSError, WebSocketException) as error:
            raise Unreached(f"The socket did not open: {_reason(error)}.") from error


def _answer(status: int, headers: email.message.Message, body: bytes) -> Answer:
    return Answer(status, {name.lower(): value for name, value in headers.items()}, body)


def _opener(url: str) -> urllib.request.OpenerDirector:
    """By the environment's proxy, but not to this computer."""
    handlers = [urllib.request.ProxyHandler({})] if _is_here(url) else []
    return urllib.request.build_opener(_NoRedirect, *handlers)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """What is asked of one address must be answered there: elsewhere the origin would be another."""

    def redirect_request(self, *_: object) -> None:
        """None: the redirection itself is the answer."""


def _is_here(url: str) -> bool:
    return urlsplit(url).hostname in _LOOPBACK


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return str(reason).rstrip(".") or type(error).__name__
