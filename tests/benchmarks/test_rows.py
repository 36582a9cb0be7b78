"""The benchmarks' own rules: what AWS bills by size, how rows are written, which parts there are."""

from __future__ import annotations

import importlib

import msgspec
import pytest

from tests.benchmarks.parts import PARTS
from tests.benchmarks.prices import (
    PRICES,
    chunks,
    dollars,
    item_size,
    lambda_bill,
    plus,
    read_units,
    times,
    write_units,
)
from tests.benchmarks.rows import Row, at_least, at_most, number, table


def test_a_write_is_billed_by_each_kilobyte_begun() -> None:
    assert [write_units(size) for size in (0, 1, 1024, 1025, 2048, 2049)] == [1, 1, 1, 2, 2, 3]


def test_a_read_is_billed_by_each_four_kilobytes_begun() -> None:
    assert [read_units(size, consistent=True) for size in (0, 4096, 4097)] == [1, 1, 2]
    assert read_units(4097, consistent=False) == 1


def test_messages_are_billed_by_chunks() -> None:
    assert [chunks(size, 64) for size in (0, 65536, 65537)] == [1, 1, 2]


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "é"}, 2),
        ({"B": "AAEC"}, 3),
        ({"B": b"\x00\x01\x02"}, 3),
        ({"N": "0"}, 1),
        ({"N": "1234"}, 3),
        ({"N": "-12345"}, 5),
        ({"N": "1000"}, 2),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"M": {"ab": {"S": "c"}}}, 7),
        ({"L": [{"S": "c"}, {"BOOL": False}]}, 7),
    ],
)
def test_an_attribute_has_the_size_of_its_name_and_value(value: dict[str, object], size: int) -> None:
    assert item_size({"name": value}) == 4 + size


def test_a_kind_of_value_without_a_rule_is_an_error() -> None:
    with pytest.raises(ValueError, match="SS"):
        item_size({"name": {"SS": ["a"]}})


def test_dollars_are_units_times_prices() -> None:
    assert dollars({"write_units": 1e6, "http_requests": 2e6}) == pytest.approx(2.625)
    with pytest.raises(KeyError):
        dollars({"wishes": 1})


def test_bills_add_and_multiply() -> None:
    assert plus({"a": 1}, {"a": 2, "b": 3}, times({"b": 1}, -2)) == {"a": 3, "b": 1}


def test_a_function_is_billed_in_units_that_have_a_price() -> None:
    bill = lambda_bill(cpu_s=0.002, aws_calls=2, invocations=1)
    assert set(bill) <= set(PRICES)
    assert bill["lambda_requests"] == 1
    assert 0.001 < bill["lambda_gb_s"] < 0.02


def test_a_goal_is_met_at_its_bound_and_missed_beyond() -> None:
    assert [at_most("a", value, "ms", 5).met for value in (5, 5.01)] == [True, False]
    assert [at_least("a", value, "1/s", 5).met for value in (5, 4.99)] == [True, False]
    assert at_most("a", 1, "ms", 0.3).goal == "≤ 0.3"


def test_a_row_has_five_fields_in_json() -> None:
    row = msgspec.json.decode(msgspec.json.encode(Row("a", 1.5, "ms")))
    assert row == {"name": "a", "value": 1.5, "unit": "ms", "goal": None, "met": None}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1, "1"),
        (0.10814, "0.1081"),
        (0.0000009, "0.0000009"),
        (238.31, "238.3"),
        (12345.6, "12,346"),
    ],
)
def test_numbers_show_four_digits_that_count(value: float, text: str) -> None:
    assert number(value) == text


def test_the_table_says_what_was_missed() -> None:
    lines = table(
        [at_most("fast", 1, "ms", 2), at_most("slow", 3, "ms", 2), Row("plain", 4, "ms")]
    ).splitlines()
    assert [line.split()[-1] for line in lines[1:]] == ["met", "MISSED", "ms"]


def test_every_part_is_a_module_with_rows_and_has_a_name_of_its_own() -> None:
    assert len({part.name for part in PARTS}) == len(PARTS)
    for part in PARTS:
        assert callable(importlib.import_module(f"tests.benchmarks.{part.module}").rows)
