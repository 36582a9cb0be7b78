"""Stands between an agent and its commander, and keeps every byte that the agent sent, unpacked."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

_NOT_PASSED_ON = {"host", "connection", "content-length", "transfer-encoding", "keep-alive"}


class RecordingProxy(ThreadingHTTPServer):
    """`sent`: of each request its line, its headers and its body."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.target = httpx.Client(base_url=target, timeout=30, trust_env=False)
        self.sent: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: RecordingProxy

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.sent.append(f"{self.requestline}\n{self.headers}\n".encode() + _unpacked(body))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _NOT_PASSED_ON}
        answer = self.server.target.request(self.command, self.path, content=body, headers=headers)
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in {*_NOT_PASSED_ON, "content-encoding", "date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        with suppress(BrokenPipeError):  # killed meanwhile
            self.wfile.write(answer.content)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def _unpacked(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


@contextmanager
def recording_proxy(target: str) -> Iterator[RecordingProxy]:
    """Listens until the end."""
    proxy = RecordingProxy(target)
    thread = threading.Thread(target=proxy.serve_forever)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
        proxy.target.close()
