"""Answers of port 4028, whole, mended and unreadable."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asic_edge.links import json_rpc
from asic_edge.links.reasons import LinkError
from tests.fakes.asic_lines import answering

OK = b'{"STATUS":[{"STATUS":"S"}],"SUMMARY":[{"GHS 5s":1}]}'


@pytest.mark.parametrize(
    "received",
    [OK, OK + b"\x00", OK + b"\x00\x00rest", OK + b"\n", OK.replace(b'"S"', b'"I"')],
)
def test_whole_answers(received: bytes) -> None:
    assert json_rpc.read_reply(received, "summary")["SUMMARY"] == [{"GHS 5s": 1}]


@pytest.mark.parametrize(
    "mangled", [b'{"STATS":[{"a":1}{"b":2}]}', b'{"STATS":[{"a":1},{"b":2}],"c":"\x01\n"}']
)
def test_what_firmwares_mangle_is_mended(mangled: bytes) -> None:
    assert json_rpc.read_reply(mangled, "stats")["STATS"] == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize(
    "refusal", [b'{"STATUS":[{"STATUS":"E","Msg":"Invalid command"}]}', b'{"STATUS":"E","Msg":"invalid cmd"}']
)
def test_refusals_are_told_as_such(refusal: bytes) -> None:
    with pytest.raises(LinkError, match="refuses the command get_psu"):
        json_rpc.read_reply(refusal, "get_psu")


@given(st.binary(max_size=200))
def test_whatever_comes_is_an_object_or_a_link_error(received: bytes) -> None:
    with suppress(LinkError):
        assert isinstance(json_rpc.read_reply(received, "summary"), dict)


def test_deep_nesting_is_a_link_error() -> None:
    with pytest.raises(LinkError, match="no readable answer"):
        json_rpc.read_reply(b"[" * 100_000, "summary")


def test_an_answer_without_end_is_cut_off() -> None:
    async def run() -> None:
        async with answering(json_rpc.PORT, lambda _: b"x" * (2 * json_rpc.MOST_BYTES)) as address:
            await json_rpc.ask(address, "summary")

    with pytest.raises(LinkError, match="answered more than 1048576 bytes"):
        asyncio.run(run())


def test_nobody_there_is_said_in_words() -> None:
    with pytest.raises(LinkError, match="refuses connections on port 4028"):
        asyncio.run(json_rpc.ask("127.250.250.250", "summary"))
