"""What cannot be true becomes None with a reason, and the reason does not quote a text."""

from __future__ import annotations

import json

import pytest

from edge_sentry.miners.normal_form import MOST_UNREAD
from edge_sentry.miners.told import Told, plain


def reasons(told: Told) -> dict[str, str]:
    return {each.part: each.reason for each in told.unread()}


@pytest.mark.parametrize(
    ("value", "number", "why"),
    [
        (0, 0.0, None),
        (12.5, 12.5, None),
        (-1, None, "'x' is -1, which cannot be true"),
        (1e300, None, "'x' is 1e+300, which cannot be true"),
        (10**400, None, "'x' is not a finite number"),
        (float("nan"), None, "'x' is not a finite number"),
        (float("inf"), None, "'x' is not a finite number"),
        ("12", None, "'x' is not a number"),
        (True, None, "'x' is not a number"),
        ([1], None, "'x' is not a number"),
        (None, None, "the program does not know 'x'"),
        (255, None, "the program does not know 'x' (255)"),
    ],
)
def test_numbers(value: object, number: float | None, why: str | None) -> None:
    told = Told({"x": value})
    assert told.number("field", "x", unknown=(255,)) == number
    assert reasons(told) == ({} if why is None else {"field": why})


def test_a_missing_part_of_the_way_is_a_missing_value() -> None:
    told = Told({"a": [{"b": 1}]})
    assert told.number("x", "a", 0, "b") == 1
    assert told.number("y", "a", 1, "b") is None
    assert told.number("z", "a", "b") is None
    assert told.number("w", "a", -1, "b") is None
    assert reasons(told)["y"] == "'a.1.b' is not told"


@pytest.mark.parametrize(("value", "count"), [(4, 4), (4.0, 4), (4.5, None), (2**53, None), (-1, None)])
def test_counts(value: float, count: int | None) -> None:
    assert Told({"x": value}).count("field", "x") == count


def test_thousandths_have_no_noise() -> None:
    assert Told({"ms": 29}).number("s", "ms", factor=0.001) == 0.029


@pytest.mark.parametrize(
    ("value", "number"),
    [("1.136852e+07", 11368520.0), ("nan", None), ("inf", None), ("", None), (7, 7.0), ("0x10", None)],
)
def test_numbers_in_texts(value: object, number: float | None) -> None:
    assert Told({"x": value}).number_in_text("field", "x") == number


def test_a_terminal_gets_no_control_characters() -> None:
    assert plain("a\x1b[31mred\x07\n b\u202e") == "a [31mred b"
    assert Told({"x": "\x1b\x07"}).text("field", "x") is None


def test_a_long_text_is_cut() -> None:
    assert Told({"x": "n" * 5000}).text("field", "x") == "n" * 100


def test_reasons_do_not_quote_texts() -> None:
    told = Told({"x": "WALLET", "y": {"WALLET": 1}, "z": ["WALLET"]})
    told.number("a", "x")
    told.flag("b", "x")
    told.text("c", "y")
    told.rows("d", "x")
    told.entries("e", "z")
    assert len(reasons(told)) == 5
    assert "WALLET" not in json.dumps(reasons(told))


def test_only_the_first_rows_are_read_and_it_is_told() -> None:
    told = Told({"rows": [{}] * 1000})
    assert len(told.rows("devices", "rows", most=256)) == 256
    assert reasons(told) == {"devices": "there are 1000, of which the first 256 are read"}


def test_rows_know_their_places() -> None:
    told = Told({"rows": [{}, {"deep": {}}]})
    told.rows("devices", "rows")[1].part("pool", "deep").text("address", "url")
    assert reasons(told) == {"devices[1].pool.address": "'url' is not told"}


def test_the_reasons_are_bounded() -> None:
    told = Told({})
    for index in range(1000):
        told.text(f"field {index} {'x' * 100}", "missing")
    assert len(told.unread()) == MOST_UNREAD
    assert max(len(each.part) for each in told.unread()) <= 64


def test_what_concerns_the_whole_reply_is_kept_when_details_are_many() -> None:
    told = Told({"rows": [{}] * 300})
    for row in told.rows("devices", "rows"):
        row.text("name", "missing")
    told.note("algorithms", "none of them is told")
    assert len(told.unread()) == MOST_UNREAD
    assert reasons(told)["algorithms"] == "none of them is told"


def test_the_first_number_of_several_windows() -> None:
    told = Told({"total": [None, 20.5, 21.5]})
    windows = [("total", index) for index in range(3)]
    assert told.first_number("hashrate", *windows) == 20.5
    assert reasons(told) == {}
    nothing = Told({"total": [None]})
    assert nothing.first_number("hashrate", *windows) is None
    assert reasons(nothing) == {"hashrate": "the program does not know 'total.0'"}


def test_what_is_tried_apart_leaves_no_reason() -> None:
    told = Told({})
    assert told.apart().text("name", "name") is None
    assert reasons(told) == {}
