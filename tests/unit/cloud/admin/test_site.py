"""How a commander is reached, and how it is told that it is not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest

from cloud.admin.site import Answer, Site, Unreached
from wire.live import SocketTicket


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(301)
            self.send_header("Location", "/")
        elif self.path == "/cut":
            self.wfile.write(b"rubbish")
            return
        else:
            self.send_response(200)
            self.send_header("X-Cookie", self.headers["Cookie"] or "none")
            self.send_header("X-Origin", self.headers["Origin"] or "none")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
        """Silence."""


@pytest.fixture
def site() -> Iterator[Site]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield Site(f"http://127.0.0.1:{server.server_address[1]}", 5.0)
        server.shutdown()
        thread.join()


def test_a_page_names_its_origin_and_shows_its_cookie(site: Site) -> None:
    assert site.page("GET", "/").headers["x-cookie"] == "none"
    site.cookie = "__Host-session=s"
    answer = site.page("GET", "/")
    assert (answer.headers["x-cookie"], answer.headers["x-origin"]) == ("__Host-session=s", site.url)


def test_redirections_are_not_followed(site: Site) -> None:
    assert site.page("GET", "/moved").status == 301


def test_rubbish_instead_of_http_is_told(site: Site) -> None:
    with pytest.raises(Unreached, match="does not answer"):
        site.page("GET", "/cut")


def test_nobody_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without asking a proxy for this very computer."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    site = Site("http://127.0.0.1:9", 1.0)
    with pytest.raises(Unreached, match=r"http://127.0.0.1:9 does not answer: .*refused"):
        site.page("GET", "/")
    with pytest.raises(Unreached, match="socket did not open"):
        site.open_socket("ticket")


def test_this_computer_is_reached_past_a_proxy(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert site.page("GET", "/").status == 200


def test_an_answer_is_read_as_its_message() -> None:
    ticket = SocketTicket("t", 5.0)
    assert Answer(201, {}, msgspec.json.encode(ticket)).read(SocketTicket, 200, 201) == ticket


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (200, b"{}", "no answer of a commander"),
        (200, b"<html>", "no answer of a commander"),
        (403, b'{"error":{"code":"no","message":"Not you."}}', "It answered 403 no: Not you."),
        (502, b"<html>", "It answered with status 502, and not as a commander does."),
    ],
)
def test_anything_else_is_a_sentence(status: int, body: bytes, sentence: str) -> None:
    with pytest.raises(Unreached) as told:
        Answer(status, {}, body).read(SocketTicket, 200)
    assert sentence in str(told.value)
