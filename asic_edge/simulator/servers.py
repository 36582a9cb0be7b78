"""What pretended ASICs speak: the JSON of port 4028 and HTTP with a digest login, with every fault."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import socket
import struct
from typing import Any, cast

import h11

from asic_edge.simulator.device import Device, Fault, Journal, Page
from asic_edge.simulator.models import RPC_PORT

_MOST_REQUEST_BYTES = 64 * 1024
_DRIP_EVERY_S = 0.2
_GARBAGE = bytes(range(256)) * 4
_NO_LINGER = struct.pack("ii", 1, 0)
_NONCE = "7c5d3b1e"
_DIGEST_FIELD = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')
_REASONS = {200: b"OK", 401: b"Unauthorized", 404: b"Not Found"}


class _Server(asyncio.Protocol):
    """What both have in common: counting connections, and misbehaving."""

    def __init__(self, device: Device, journal: Journal) -> None:
        self.device, self.journal = device, journal
        self._transport: asyncio.Transport | None = None
        self._drip: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio's: somebody connected."""
        self._transport = cast("asyncio.Transport", transport)
        self.device.came()
        if self.device.fault is Fault.RESET:
            found: socket.socket = transport.get_extra_info("socket")
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            self._transport.abort()

    def connection_lost(self, _: Exception | None) -> None:
        """asyncio's: the connection is over."""
        self.device.went()
        if self._drip is not None:
            self._drip.cancel()

    def drop(self) -> None:
        """Ends the connection, whatever is under way."""
        if self._transport is not None:
            self._transport.abort()

    def deliver(self, payload: bytes, *, close: bool) -> None:
        """Sends it, or what a faulty device makes of it."""
        transport, fault = self._transport, self.device.fault
        if transport is None or transport.is_closing() or fault is Fault.HUNG:
            return
        if fault is Fault.DRIP:
            self._drop_by_drop(payload)
            return
        if fault is Fault.GARBAGE:
            payload = _GARBAGE
        elif fault is Fault.HALF:
            payload = payload[: len(payload) // 2]
        transport.write(payload)
        if close or fault in (Fault.GARBAGE, Fault.HALF):
            transport.close()

    def _drop_by_drop(self, rest: bytes) -> None:
        if self._transport is None or self._transport.is_closing() or not rest:
            return
        self._transport.write(rest[:1])
        loop = asyncio.get_running_loop()
        self._drip = loop.call_later(_DRIP_EVERY_S, self._drop_by_drop, rest[1:])


class RpcServer(_Server):
    """Port 4028: one JSON request, one answer that ends with NUL, and the connection is over."""

    def __init__(self, device: Device, journal: Journal) -> None:
        super().__init__(device, journal)
        self._received = b""

    def data_received(self, data: bytes) -> None:
        """asyncio's: requests end with nothing, so they are complete when they can be read."""
        self._received += data
        try:
            asked = json.loads(self._received.rstrip(b"\x00\n"))
        except ValueError:
            if len(self._received) > _MOST_REQUEST_BYTES and self._transport is not None:
                self._transport.abort()
            return
        self._received = b""
        command, request = _told(asked)
        self.journal.note(self.device.name, self.device.address, f"{RPC_PORT} {request}")
        self.deliver(self.device.rpc(command) + b"\x00", close=True)


class WebServer(_Server):
    """Port 80: HTTP/1.1 by h11, with the digest login of the model."""

    def __init__(self, device: Device, journal: Journal) -> None:
        super().__init__(device, journal)
        self._http = h11.Connection(h11.SERVER)
        self._request: h11.Request | None = None
        self._body = b""

    def data_received(self, data: bytes) -> None:
        """asyncio's: more of a request."""
        try:
            self._http.receive_data(data)
            self._take()
        except h11.RemoteProtocolError:
            if self._transport is not None:
                self._transport.abort()

    def _take(self) -> None:
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA or event is h11.PAUSED or isinstance(event, h11.ConnectionClosed):
                return
            if isinstance(event, h11.Request):
                self._request, self._body = event, b""
            elif isinstance(event, h11.Data):
                self._body += event.data
            elif isinstance(event, h11.EndOfMessage) and self._request is not None:
                self._answer(self._request)

    def _answer(self, request: h11.Request) -> None:
        method, path = request.method.decode(), request.target.decode()
        body = f" {self._body.decode(errors='replace')}" if self._body else ""
        self.journal.note(self.device.name, self.device.address, f"{method} {path}{body}")
        challenge = self._challenge(request)
        page = Page(401, b"") if challenge else self.device.web(method, path)
        self.deliver(self._response(page, challenge), close=self._http.our_state is h11.MUST_CLOSE)
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()

    def _response(self, page: Page, challenge: str) -> bytes:
        headers = [("Content-Length", str(len(page.body)))]
        if challenge:
            headers.append(("WWW-Authenticate", challenge))
        start = h11.Response(status_code=page.status, headers=headers, reason=_REASONS[page.status])
        parts = [self._http.send(start), self._http.send(h11.Data(data=page.body))]
        parts.append(self._http.send(h11.EndOfMessage()))
        return b"".join(part for part in parts if part)

    def _challenge(self, request: h11.Request) -> str:
        """What to answer to somebody who is not logged in, "" when he is or need not be."""
        if not self.device.model.realm:
            return ""
        given = dict(request.headers).get(b"authorization", b"").decode(errors="replace")
        if self.device.fault is not Fault.PASSWORD and self._is_right(given, request.method.decode()):
            return ""
        return f'Digest realm="{self.device.model.realm}", nonce="{_NONCE}", qop="auth", algorithm=MD5'

    def _is_right(self, given: str, method: str) -> bool:
        """RFC 7616 with MD5, which is what these devices speak."""
        told = {name: quoted or plain for name, quoted, plain in _DIGEST_FIELD.findall(given)}
        user, password = self.device.login
        secret = _md5(f"{user}:{self.device.model.realm}:{password}")
        asked = _md5(f"{method}:{told.get('uri', '')}")
        middle = ":".join(told.get(name, "") for name in ("nonce", "nc", "cnonce", "qop"))
        return told.get("response") == _md5(f"{secret}:{middle}:{asked}")


def _told(asked: Any) -> tuple[str, str]:
    """The command, and the whole request in words: `stats {"new_api": true}`."""
    if not isinstance(asked, dict):
        return "", json.dumps(asked)
    rest = {key: value for key, value in asked.items() if key not in ("command", "cmd")}
    command = str(asked.get("command", asked.get("cmd", "")))
    return command, f"{command} {json.dumps(rest, sort_keys=True)}" if rest else command


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
