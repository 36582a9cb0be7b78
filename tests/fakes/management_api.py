"""The management API of a WebSocket stage, as a real HTTP server on 127.0.0.1 that a test scripts."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar, NamedTuple

ERRORS = {
    400: "BadRequestException",
    403: "ForbiddenException",
    410: "GoneException",
    429: "LimitExceededException",
    500: "InternalFailure",
}


class Asked(NamedTuple):
    """One request as it came."""

    method: str
    path: str
    authorization: str
    body: bytes


@dataclass
class ManagementApi:
    """`answers`: the statuses of the next requests to a connection, then 200; `asked`: every request."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: defaultdict[str, deque[int]] = field(default_factory=lambda: defaultdict(deque))

    def sent_to(self, connection: str) -> list[bytes]:
        """The bodies posted to a connection, refused ones included."""
        return [asked.body for asked in self.asked if asked.path.endswith(f"/@connections/{connection}")]

    def status_of(self, path: str) -> int:
        waiting = self.answers[path.rpartition("/")[2]]
        return waiting.popleft() if waiting else 200


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api: ClassVar[ManagementApi]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.api.asked.append(Asked(self.command, self.path, self.headers["Authorization"] or "", body))
        status = self.api.status_of(self.path)
        self.send_response(status)
        if status in ERRORS:
            self.send_header("x-amzn-ErrorType", ERRORS[status])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_DELETE(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
        """Silence."""


@contextmanager
def serving() -> Iterator[ManagementApi]:
    """Serves on a free port of 127.0.0.1 until the block ends; `url` says where."""
    api = ManagementApi()
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"api": api})) as server:
        server.daemon_threads = True
        api.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield api
        finally:
            server.shutdown()
            thread.join()
