"""Carries a question to a program on this rig: one deadline for all of it, and a limit to what comes back.

Timeouts of HTTP libraries count each read anew, so a program that drips a byte a second would hold its
reader for hours. Here the connection itself knows when it has to end.
"""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from edge_sentry.miners.normal_form import Trouble
from edge_sentry.miners.question import HttpGet, Question, TcpText, Unreadable
from edge_sentry.miners.replies import CUT_OFF

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HOST = "127.0.0.1"  # never a name: "localhost" may be ::1
MOST_BYTES = 1_000_000

_CHUNK_BYTES = 65_536
_NUL = b"\0"
_NO_ACCESS = (401, 403)

Steady = Callable[[], float]


class Line(socket.socket):
    """A connection to a port of this rig that ends at `ends_at` of the steady clock, whatever comes."""

    def __init__(self, port: int, ends_at: float, steady: Steady = time.monotonic) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_STREAM)
        self._ends_at = ends_at
        self._steady = steady
        self._received = 0
        try:
            self._wait_at_most()
            self.connect((HOST, port))
            self._wait_at_most()
        except BaseException:
            self.close()
            raise

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Raises TimeoutError at the deadline and Unreadable at the limit."""
        self._wait_at_most()
        return self._counted(super().recv(size, flags))

    def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0) -> int:
        """The same, for http.client."""
        self._wait_at_most()
        count = super().recv_into(buffer, nbytes, flags)
        self._count(count)
        return count

    def _counted(self, chunk: bytes) -> bytes:
        self._count(len(chunk))
        return chunk

    def _count(self, size: int) -> None:
        self._received += size
        if self._received > MOST_BYTES:
            raise Unreadable(Trouble.NOT_READABLE, f"the reply is longer than {MOST_BYTES:,} bytes")

    def _wait_at_most(self) -> None:
        left_s = self._ends_at - self._steady()
        if left_s <= 0:
            raise TimeoutError
        self.settimeout(left_s)


def reply_to(question: Question, port: int, ends_at: float, token: str | None = None) -> bytes:
    """The reply's bytes; raises Unreadable, and nothing else for what a program does."""
    try:
        with Line(port, ends_at) as line:
            if isinstance(question, HttpGet):
                return _page(line, question, port, token)
            return _text(line, question)
    except ConnectionRefusedError:
        raise Unreadable(Trouble.NOTHING_LISTENS, f"nothing listens on {HOST}:{port}") from None
    except TimeoutError:
        raise Unreadable(Trouble.NO_ANSWER, "it did not answer in time") from None
    except http.client.IncompleteRead:
        raise Unreadable(Trouble.NOT_READABLE, CUT_OFF) from None
    except http.client.RemoteDisconnected:
        raise Unreadable(Trouble.NO_ANSWER, "it closed the connection without an answer") from None
    except (http.client.HTTPException, ValueError):  # of lengths that are no numbers
        raise Unreadable(Trouble.ANOTHER_PROGRAM, "it does not answer in HTTP") from None
    except OSError as error:
        raise Unreadable(Trouble.NO_ANSWER, f"the connection broke ({error.strerror or error})") from None


def _page(line: Line, question: HttpGet, port: int, token: str | None) -> bytes:
    connection = http.client.HTTPConnection(HOST, port)
    connection.sock = line
    headers = {"Connection": "close", "Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    connection.request("GET", question.path, headers=headers)
    with connection.getresponse() as response:
        _check(response, question, with_token=bool(token))
        # Never read(): it would make room at once for whatever length the other end claims.
        body = response.read(MOST_BYTES)
        if response.length:
            raise Unreadable(Trouble.NOT_READABLE, CUT_OFF)
        return body


def _check(response: http.client.HTTPResponse, question: HttpGet, *, with_token: bool) -> None:
    status = response.status
    if status in _NO_ACCESS:
        raise Unreadable(Trouble.NOT_ALLOWED, _refusal(status, with_token=with_token))
    if status == http.client.NOT_FOUND:
        raise Unreadable(Trouble.ANOTHER_PROGRAM, f"it has no page {question.path}")
    if 300 <= status < 400:
        raise Unreadable(Trouble.ANOTHER_PROGRAM, "it sends elsewhere, which is not followed")
    if status != http.client.OK:
        raise Unreadable(Trouble.NOT_READABLE, f"it answers with HTTP status {status}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Unreadable(Trouble.NOT_READABLE, "it sends compressed text, which was not asked for")


def _refusal(status: int, *, with_token: bool) -> str:
    if not with_token:
        return "it asks for an access token"
    if status == http.client.UNAUTHORIZED:
        return "it refuses the access token; a program without one refuses any, so try without"
    return "it refuses the access token"


def _text(line: Line, question: TcpText) -> bytes:
    """Until it closes, a NUL, or what the question calls whole. At the deadline what there is counts."""
    line.sendall(question.text.encode())
    received = bytearray()
    try:
        while chunk := line.recv(_CHUNK_BYTES):
            received += chunk
            if _NUL in chunk or (question.is_whole is not None and question.is_whole(bytes(received))):
                break
    except TimeoutError:
        if not received:
            raise
    if not received:
        raise Unreadable(Trouble.NO_ANSWER, "it closed the connection without an answer")
    return bytes(received)
