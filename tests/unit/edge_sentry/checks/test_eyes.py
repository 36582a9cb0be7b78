"""What the system itself tells, and how a commander is known without a token."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import msgspec
import pytest

from edge_sentry.checks.eyes import SystemEyes, ask
from edge_sentry.checks.sight import Open
from edge_sentry.collectors import COLLECTORS
from tests.unit.edge_sentry.settings.test_files import IDENTITY
from tests.unit.wire.uplink.certificates import self_signed
from wire.uplink.failure import FailureKind, UplinkFailure

REFUSAL = b'{"error": {"code": "not_signed_in", "message": "Sign in."}}'


class _Web(BaseHTTPRequestHandler):
    body = REFUSAL
    date: str | None = None
    asked: list[str | None]

    def do_GET(self) -> None:
        self.asked.append(self.headers["Authorization"])
        self.send_response_only(401)
        if self.date is not None:
            self.send_header("Date", self.date)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - so named there
        """Nothing: the test's output is for its failures."""


@contextmanager
def web(
    body: bytes, date: str | None = None, tls: Path | None = None
) -> Iterator[tuple[str, list[str | None]]]:
    """A server on a free port: its address, and the Authorization of what it was asked."""
    asked: list[str | None] = []
    handler = type("Web", (_Web,), {"body": body, "date": date, "asked": asked})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        scheme = "http"
        if tls is not None:
            server.socket = self_signed(tls)[1].wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
            scheme = "https"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"{scheme}://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def test_a_commander_is_known_without_a_token() -> None:
    with web(REFUSAL, "Tue, 01 Jan 2036 00:00:00 GMT") as (url, asked):
        answer = ask(msgspec.structs.replace(IDENTITY, url=url))
    assert not answer.encrypted
    assert answer.offset_s is not None
    assert abs(answer.offset_s) > 1e6
    assert asked == [None]


@pytest.mark.parametrize("date", [None, "yesterday"])
def test_an_answer_without_a_date(date: str | None) -> None:
    with web(REFUSAL, date) as (url, _):
        assert ask(msgspec.structs.replace(IDENTITY, url=url)).offset_s is None


@pytest.mark.parametrize("body", [b"", b"<html>Sign in to the router</html>", b'{"message":"Not Found"}'])
def test_another_page_is_no_commander(body: bytes) -> None:
    with web(body) as (url, _), pytest.raises(UplinkFailure) as caught:
        ask(msgspec.structs.replace(IDENTITY, url=url))
    assert caught.value.kind is FailureKind.NOT_A_COMMANDER


def test_a_certificate_of_nobody(tmp_path: Path) -> None:
    with web(REFUSAL, tls=tmp_path) as (url, _), pytest.raises(UplinkFailure) as caught:
        ask(msgspec.structs.replace(IDENTITY, url=url))
    assert caught.value.kind is FailureKind.TLS_FAILED


def test_nobody_answers_and_it_is_asked_once() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        identity = msgspec.structs.replace(IDENTITY, url=f"http://127.0.0.1:{closed.getsockname()[1]}")
        eyes, raised = SystemEyes(), []
        for _ in range(2):
            with pytest.raises(UplinkFailure) as caught:
                eyes.ask(identity)
            raised.append(caught.value)
    assert raised[0] is raised[1]
    assert raised[0].kind is FailureKind.UNREACHABLE


def test_the_system(tmp_path: Path) -> None:
    eyes = SystemEyes()
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert Open("127.0.0.1", server.getsockname()[1], os.getpid()) in eyes.open_ports()
    assert os.getpid() in {each.pid for each in eyes.processes()}
    assert "root" in eyes.system_groups()
    assert "root" in (eyes.groups("root") or ())
    assert eyes.groups("no-such-user") is None
    assert eyes.resolve("localhost") != ()
    assert eyes.run(("true",)).good
    assert eyes.ours(tmp_path) == frozenset()
    with pytest.raises(OSError, match=r".+"):
        eyes.resolve("no-such-host.invalid")


def test_every_source_is_read() -> None:
    assert SystemEyes().read_sources().sources == len(COLLECTORS)
