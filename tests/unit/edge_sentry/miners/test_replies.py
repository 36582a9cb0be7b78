"""Opening replies: whole ones, cut ones, and those of something else."""

from __future__ import annotations

import math

import pytest

from edge_sentry.miners.normal_form import Trouble
from edge_sentry.miners.question import Unreadable
from edge_sentry.miners.replies import is_whole_json, json_of, records_of, told_of

TEXTS = frozenset({"NAME", "VER"})


def trouble_with(reply: bytes | None) -> tuple[Trouble, str]:
    with pytest.raises(Unreadable) as caught:
        json_of(reply)
    return caught.value.trouble, caught.value.reason


@pytest.mark.parametrize(
    "reply",
    [b'{"a": [1, 2,', b'{"a": "text that is cut', b'{"a"', b"{", b'{"a": 12', b'{"a":\n [323.13, 323.81,\n'],
)
def test_cut_off(reply: bytes) -> None:
    assert trouble_with(reply) == (Trouble.NOT_READABLE, "the reply is cut off")


@pytest.mark.parametrize(
    "reply", [b"<html></html>", b'{"a": x}', b"summary|", b"\xff\xfe\x00{}", b"9" * 5000]
)
def test_not_json(reply: bytes) -> None:
    assert trouble_with(reply) == (Trouble.NOT_READABLE, "the reply is not JSON")


@pytest.mark.parametrize("reply", [b"", b"\0", b" \r\n"])
def test_empty(reply: bytes) -> None:
    assert trouble_with(reply) == (Trouble.NO_ANSWER, "the reply is empty")


def test_none() -> None:
    assert trouble_with(None) == (Trouble.NO_ANSWER, "there was no answer")


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_nested_too_deeply(opening: bytes) -> None:
    assert trouble_with(opening * 100_000) == (Trouble.NOT_READABLE, "the reply is nested too deeply")


def test_numbers_that_no_json_has_are_left_to_who_reads_them() -> None:
    value = json_of(b'{"a": NaN, "b": -Infinity, "c": 1e999}')
    assert isinstance(value, dict)
    assert math.isnan(value["a"])
    assert (value["b"], value["c"]) == (-math.inf, math.inf)


def test_what_follows_a_nul_is_not_part_of_the_reply() -> None:
    assert json_of(b'{"a": 1}\0garbage') == {"a": 1}


def test_bytes_that_are_no_utf8_are_read_around() -> None:
    assert json_of(b'{"name": "caf\xe9"}') == {"name": "caf�"}


@pytest.mark.parametrize("reply", [b"[]", b'"text"', b"12", b"null", b'{"other": 1}'])
def test_another_program(reply: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        told_of(reply, "miner")
    assert caught.value.trouble is Trouble.ANOTHER_PROGRAM


def test_records() -> None:
    assert records_of(b"NAME=a;VER=26.1;HS=1463.62|NAME=b;HS=x;empty;K=|\0", TEXTS) == [
        {"NAME": "a", "VER": "26.1", "HS": 1463.62},
        {"NAME": "b", "HS": "x", "K": ""},
    ]


@pytest.mark.parametrize(
    ("reply", "trouble"),
    [
        (b"NAME=a;HS=1463.6", Trouble.NOT_READABLE),
        (b"NAME=a|NAM", Trouble.NOT_READABLE),
        (b"HTTP/1.1 400 Bad Request", Trouble.ANOTHER_PROGRAM),
        (b"unknown command|", Trouble.ANOTHER_PROGRAM),
        (b"", Trouble.NO_ANSWER),
    ],
)
def test_records_that_are_none(reply: bytes, trouble: Trouble) -> None:
    with pytest.raises(Unreadable) as caught:
        records_of(reply, TEXTS)
    assert caught.value.trouble is trouble


def test_a_flood_of_records_is_cut() -> None:
    assert len(records_of(b"K=1|" * 100_000, TEXTS)) == 4096


@pytest.mark.parametrize(
    ("reply", "whole"),
    [
        (b'{"a": {}}', True),
        (b'{"a": {}}\r\n', True),
        (b'{"a": {}', False),
        (b'{"a": "}', False),
        (b"", False),
        (b"}", False),
        (b"[]", False),
    ],
)
def test_whole_objects(reply: bytes, whole: bool) -> None:
    assert is_whole_json(reply) is whole
