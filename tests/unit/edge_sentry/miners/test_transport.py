"""One deadline and one limit, whatever the other end does; never anything but Unreadable."""

from __future__ import annotations

import socket
import time
import tracemalloc

import pytest

from edge_sentry.miners.normal_form import Trouble
from edge_sentry.miners.question import HttpGet, Question, TcpText, Unreadable
from edge_sentry.miners.replies import is_whole_json
from edge_sentry.miners.transport import MOST_BYTES, Line, reply_to
from tests.fakes.miner_api import (
    Answer,
    always,
    dripping,
    flooding,
    http,
    lines,
    pages,
    running,
    silent,
)

PAGE = HttpGet("/2/summary")
LINE = TcpText("summary\n")
JSON_LINE = TcpText("getstat\n", is_whole_json)
SOON_S = 0.3
LATE_S = 20.0


def asked(question: Question, answer: Answer, *, within_s: float = LATE_S, token: str | None = None) -> bytes:
    with running(answer) as api:
        return reply_to(question, api.port, time.monotonic() + within_s, token)


def trouble(question: Question, answer: Answer, *, within_s: float = LATE_S) -> tuple[Trouble, str]:
    with pytest.raises(Unreadable) as caught:
        asked(question, answer, within_s=within_s)
    return caught.value.trouble, caught.value.reason


def test_a_page() -> None:
    with running(pages({"/2/summary": b'{"a": 1}'})) as api:
        assert reply_to(PAGE, api.port, time.monotonic() + LATE_S) == b'{"a": 1}'
    head = api.requests[0].decode()
    assert head.startswith("GET /2/summary HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{api.port}" in head
    assert "Connection: close" in head
    assert "Authorization" not in head


def test_a_page_without_a_length_ends_when_the_connection_does() -> None:
    assert asked(PAGE, always(b"HTTP/1.0 200 OK\r\n\r\n{", b"}")) == b"{}"


def test_a_page_in_chunks() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
    assert asked(PAGE, always(chunked)) == b"{}"


def test_a_token() -> None:
    found = pages({"/2/summary": b"{}"}, token="secret")
    assert asked(PAGE, found, token="secret") == b"{}"
    assert trouble(PAGE, found) == (Trouble.NOT_ALLOWED, "it asks for an access token")


@pytest.mark.parametrize(
    ("configured", "reason"),
    [
        ("another", "it refuses the access token"),
        (None, "it refuses the access token; a program without one refuses any, so try without"),
    ],
)
def test_a_wrong_token(configured: str | None, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        asked(PAGE, pages({"/2/summary": b"{}"}, token=configured), token="secret")
    assert (caught.value.trouble, caught.value.reason) == (Trouble.NOT_ALLOWED, reason)
    assert "secret" not in caught.value.reason


def test_lines() -> None:
    with running(lines({"summary\n": b"NAME=a|\0"})) as api:
        assert reply_to(LINE, api.port, time.monotonic() + LATE_S) == b"NAME=a|\0"
    assert api.requests == [b"summary\n"]


@pytest.mark.parametrize(
    ("question", "reply"),
    [(LINE, b"NAME=a|\0"), (JSON_LINE, b'{"a": {}}\n'), (JSON_LINE, b'{"a": {}}')],
)
def test_a_connection_that_stays_open_after_the_reply(question: TcpText, reply: bytes) -> None:
    assert asked(question, lines({question.text: reply}, keep_open=True)) == reply


def test_at_the_deadline_a_line_is_what_there_is() -> None:
    answer = lines({LINE.text: b"NAME=a|"}, keep_open=True)
    assert asked(LINE, answer, within_s=SOON_S) == b"NAME=a|"


def test_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreadable) as caught:
        reply_to(PAGE, port, time.monotonic() + LATE_S)
    assert caught.value.trouble is Trouble.NOTHING_LISTENS
    assert caught.value.reason == f"nothing listens on 127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (PAGE, silent),
        (LINE, silent),
        (PAGE, dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n")),
        (PAGE, dripping(b"", b"H")),
        (PAGE, dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n", b" ")),
        (PAGE, dripping(b"HTTP/1.1 200 OK\r\n\r\n", b" ")),
    ],
    ids=["silent page", "silent line", "dripping head", "dripping status", "dripping body", "endless body"],
)
def test_the_deadline_is_for_everything_together(question: Question, answer: Answer) -> None:
    """A limit to each read alone would wait for ever here."""
    found, _ = trouble(question, answer, within_s=SOON_S)
    assert found in {Trouble.NO_ANSWER, Trouble.ANOTHER_PROGRAM}


def test_dripping_lines_end_at_the_deadline_too() -> None:
    assert asked(LINE, dripping(b"NAME=", b"a"), within_s=SOON_S).startswith(b"NAME=a")


@pytest.mark.parametrize(
    ("question", "start"),
    [
        (LINE, b"NAME="),
        (PAGE, b"HTTP/1.1 200 OK\r\n\r\n"),
        (PAGE, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFF\r\n"),
    ],
    ids=["line", "page", "chunk"],
)
def test_a_flood_is_cut(question: Question, start: bytes) -> None:
    found = trouble(question, flooding(start))
    assert found == (Trouble.NOT_READABLE, f"the reply is longer than {MOST_BYTES:,} bytes")


@pytest.mark.parametrize("length", [10**12, 10**30])
def test_a_claimed_length_is_not_made_room_for(length: int) -> None:
    tracemalloc.start()
    found, _ = trouble(PAGE, always(http(b"{}", length=length)))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found in {Trouble.NOT_READABLE, Trouble.NO_ANSWER}
    assert peak_bytes < 20 * MOST_BYTES


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (always(http(b"{}", length=100)), Trouble.NOT_READABLE),
        (always(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{"), Trouble.NOT_READABLE),
        (always(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n{"), Trouble.ANOTHER_PROGRAM),
        (always(http(b"", status="302 Found", Location="http://192.0.2.1/")), Trouble.ANOTHER_PROGRAM),
        (always(http(b"", status="404 Not Found")), Trouble.ANOTHER_PROGRAM),
        (always(http(b"", status="500 No")), Trouble.NOT_READABLE),
        (always(http(b"x", Content_Encoding="gzip")), Trouble.NOT_READABLE),
        (always(b"NAME=ccminer|\0"), Trouble.ANOTHER_PROGRAM),
        (always(b"HTTP/1.1 abc\r\n\r\n"), Trouble.ANOTHER_PROGRAM),
        (always(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"), Trouble.ANOTHER_PROGRAM),
        (always(b""), Trouble.NO_ANSWER),
    ],
    ids=[
        "cut body",
        "cut chunk",
        "negative chunk",
        "redirect",
        "no page",
        "error",
        "compressed",
        "text",
        "no status",
        "many headers",
        "closed",
    ],
)
def test_pages_that_are_none(answer: Answer, expected: Trouble) -> None:
    found, _ = trouble(PAGE, answer)
    assert found is expected


def test_a_line_that_is_closed_at_once() -> None:
    assert trouble(LINE, always(b"")) == (
        Trouble.NO_ANSWER,
        "it closed the connection without an answer",
    )


def test_a_deadline_that_is_over_asks_nobody() -> None:
    with running(pages({})) as api, pytest.raises(TimeoutError):
        Line(api.port, time.monotonic() - 1)
    assert api.requests == []


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://192.0.2.1:3128")
    monkeypatch.delenv("no_proxy", raising=False)
    assert asked(PAGE, pages({"/2/summary": b"{}"})) == b"{}"
