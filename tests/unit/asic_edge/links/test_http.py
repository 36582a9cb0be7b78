"""HTTP answers of devices: whole, foreign, endless."""

from __future__ import annotations

import asyncio

import pytest

from asic_edge.links import http
from asic_edge.links.reasons import LinkError
from tests.fakes.asic_lines import answering


def _post(reply: bytes) -> http.Reply:
    async def run() -> http.Reply:
        async with answering(http.PORT, lambda _: reply) as address:
            return await http.post_form(address, "/user/userpanel", "post=4")

    return asyncio.run(run())


def test_status_and_body() -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    assert _post(reply) == http.Reply(200, b"{}")


def test_a_body_that_ends_with_the_connection() -> None:
    assert _post(b"HTTP/1.0 302 Found\r\nLocation: /login\r\n\r\nelsewhere") == http.Reply(302, b"elsewhere")


def test_the_request_is_a_form_for_this_host() -> None:
    seen: list[bytes] = []

    async def run() -> str:
        def reply(request: bytes) -> bytes:
            seen.append(request)
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

        async with answering(http.PORT, reply) as address:
            await http.post_form(address, "/user/userpanel", "post=4")
            return address

    address = asyncio.run(run())
    assert seen[0].startswith(b"POST /user/userpanel HTTP/1.1\r\n")
    assert f"host: {address}".encode() in seen[0].lower()
    assert seen[0].endswith(b"\r\n\r\npost=4")


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (b"\x00\x01\x02\r\n\r\n", "no readable answer on port 80"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", "no readable answer on port 80"),
        (b"", "too early|no readable answer"),
        (b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * (2 * http.MOST_BYTES), "answered more than"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, "no readable answer on port 80"),
    ],
)
def test_unusable_answers(reply: bytes, words: str) -> None:
    with pytest.raises(LinkError, match=words):
        _post(reply)
