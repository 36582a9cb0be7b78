"""Stand-ins for the APIs of mining programs: they serve recordings, slowly, in part or for ever."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_CHUNK_BYTES = 65_536
_DRIP_S = 0.02
_END_OF_HEAD = b"\r\n\r\n"

Answer = Callable[["FakeMinerApi", bytes], Iterator[bytes]]
"""What to send for one request, piece by piece; the connection closes after the last."""


@dataclass
class FakeMinerApi:
    """`requests` are those that came, whole. `stopping` is set when the test is over."""

    answer: Answer
    port: int = 0
    requests: list[bytes] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def serve(self, listening: socket.socket) -> None:
        """A thread for each connection, until the listening socket is closed."""
        while not self.stopping.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            try:
                request = _request_on(connection)
                self.requests.append(request)
                for piece in self.answer(self, request):
                    connection.sendall(piece)
            except OSError:
                return  # the other end went away, which is what some tests are about


@contextmanager
def running(answer: Answer) -> Iterator[FakeMinerApi]:
    """A stand-in on a free port of 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        api = FakeMinerApi(answer, port=listening.getsockname()[1])
        thread = threading.Thread(target=api.serve, args=(listening,), daemon=True)
        thread.start()
        try:
            yield api
        finally:
            api.stopping.set()
            with suppress(OSError):  # not everywhere allowed, and needed where closing wakes no accept()
                listening.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=10)


def pages(found: Mapping[str, bytes], token: str | None = None) -> Answer:
    """HTTP: a body for each path, 404 for others, 401 or 403 where a token is asked for."""

    def answer(_: FakeMinerApi, request: bytes) -> Iterator[bytes]:
        refusal = _refusal(request, token)
        body = found.get(request.split(b" ")[1].decode())
        if refusal:
            yield http(b"{}", status=refusal)
        else:
            yield http(b"{}", status="404 Not Found") if body is None else http(body)

    return answer


def lines(found: Mapping[str, bytes], *, keep_open: bool = False) -> Answer:
    """TCP: a reply for each line of text; the connection may stay open after it."""

    def answer(api: FakeMinerApi, request: bytes) -> Iterator[bytes]:
        yield found.get(request.decode(), b"")
        if keep_open:
            api.stopping.wait(30)

    return answer


def always(*pieces: bytes) -> Answer:
    """The same bytes whatever is asked."""
    return lambda _api, _request: iter(pieces)


def silent(api: FakeMinerApi, _: bytes) -> Iterator[bytes]:
    """Takes the request and says nothing."""
    api.stopping.wait(30)
    return iter(())


def dripping(start: bytes, drop: bytes) -> Answer:
    """Begins well and then gives a drop at a time, for ever."""

    def answer(api: FakeMinerApi, _: bytes) -> Iterator[bytes]:
        yield start
        while not api.stopping.wait(_DRIP_S):
            yield drop

    return answer


def flooding(start: bytes) -> Answer:
    """Begins well and never ends."""

    def answer(api: FakeMinerApi, _: bytes) -> Iterator[bytes]:
        yield start
        while not api.stopping.is_set():
            yield b"x" * _CHUNK_BYTES

    return answer


def http(body: bytes, *, status: str = "200 OK", length: int | None = None, **headers: str) -> bytes:
    """A whole answer; `length` is the length that it claims."""
    rows = {"Content-Length": str(len(body) if length is None else length), **headers}
    head = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in rows.items())]
    return "\r\n".join(head).encode() + _END_OF_HEAD + body


def _refusal(request: bytes, token: str | None) -> str | None:
    """As XMRig does: no token and any token where none is set are 401, a wrong one is 403."""
    given = next((row for row in request.split(b"\r\n") if row.startswith(b"Authorization: ")), None)
    if token is None:
        return None if given is None else "401 Unauthorized"
    if given is None:
        return "401 Unauthorized"
    return None if given == f"Authorization: Bearer {token}".encode() else "403 Forbidden"


def _request_on(connection: socket.socket) -> bytes:
    """All of one request: a line of text, or the head of HTTP."""
    received = b""
    while not received.endswith(_END_OF_HEAD if received.startswith(b"GET ") else b"\n"):
        chunk = connection.recv(_CHUNK_BYTES)
        if not chunk:
            break
        received += chunk
    return received
