"""What is fetched from a provider is bounded in time and size, and comes from where it was asked for."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from cloud.adapters.oidc_fetch import FetchError, fetch
from tests.deploy.certificate import write_certificate


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    ended: Event

    def do_GET(self) -> None:
        match self.path:
            case "/told?x=1":
                self._answer(200, repr((self.headers["X-Told"], self.headers["Accept"])).encode())
            case "/moved":
                self.send_response(302)
                self.send_header("Location", "/told?x=1")
                self.send_header("Content-Length", "0")
                self.end_headers()
            case "/huge":
                self._answer(200, b"x" * 100_000)
            case "/endless":
                self._drip(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"x" * 5000)
            case "/slow-head":
                self._drip(b"HTTP/1.1 200 OK\r\nX: ", b"x")
            case "/slow-body":
                self._drip(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", b"x")
            case _:
                self.wfile.write(b"nonsense\r\n\r\n")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(400, self.headers["Content-Type"].encode() + b" " + body)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, head: bytes, drop: bytes) -> None:
        """A little now and then, so that no single read waits long."""
        self.close_connection = True
        try:
            self.wfile.write(head)
            while not self.ended.wait(0.02):
                self.wfile.write(drop)
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
        """Silence."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some tests want."""


@contextmanager
def _serving(tls: ssl.SSLContext | None = None) -> Iterator[str]:
    ended = Event()
    handler = type("Handler", (_Handler,), {"ended": ended})
    with _Server(("127.0.0.1", 0), handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"{'https' if tls else 'http'}://localhost:{server.server_address[1]}"
        ended.set()
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with _serving() as served:
        yield served


def test_headers_and_query_arrive(url: str) -> None:
    assert fetch(f"{url}/told?x=1", {"X-Told": "so"}) == (200, b"('so', 'application/json')")


def test_a_form_is_posted_and_refusals_are_answers_too(url: str) -> None:
    form = {"code": "a b&c", "x": "é"}
    assert fetch(url, {}, form) == (400, b"application/x-www-form-urlencoded code=a+b%26c&x=%C3%A9")


def test_a_redirect_is_not_followed(url: str) -> None:
    assert fetch(f"{url}/moved", {}).status == 302


@pytest.mark.parametrize("place", ["huge", "endless"])
def test_no_more_is_read_than_is_wanted(url: str, place: str) -> None:
    with pytest.raises(FetchError, match=r"localhost did not answer in 20,000 bytes"):
        fetch(f"{url}/{place}", {}, max_bytes=20_000)


@pytest.mark.parametrize("place", ["slow-head", "slow-body"])
def test_a_dripping_answer_ends_with_its_time(url: str, place: str) -> None:
    with pytest.raises(FetchError, match="localhost did not answer"):
        fetch(f"{url}/{place}", {}, limit_s=0.3)


def test_what_is_no_http_is_told(url: str) -> None:
    with pytest.raises(FetchError, match="did not answer: BadStatusLine"):
        fetch(f"{url}/nonsense", {})


def test_a_port_where_nobody_listens_is_told() -> None:
    with _serving() as gone:
        pass
    with pytest.raises(FetchError, match="did not answer: ConnectionRefusedError"):
        fetch(gone, {})


@pytest.mark.parametrize("address", ["http://login.example.test/x", "file:///etc/passwd", "https://a b/"])
def test_other_addresses_are_not_asked(address: str) -> None:
    with pytest.raises(FetchError, match="is not an https address"):
        fetch(address, {})


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    certificate, key = write_certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with _serving(tls) as url, pytest.raises(FetchError, match="did not answer: SSLCertVerificationError"):
        fetch(f"{url}/told?x=1", {})
