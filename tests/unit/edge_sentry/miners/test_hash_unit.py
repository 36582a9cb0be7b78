"""Units of hashrates: written ones, and those of algorithms that are told without one."""

from __future__ import annotations

import pytest

from edge_sentry.miners.hash_unit import HashUnit, number_with_prefix, unit_of, unit_of_text, written_unit
from edge_sentry.miners.told import Told


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("H/s", HashUnit(1, "H/s")),
        ("Mh/s", HashUnit(1e6, "H/s")),
        ("kH/s", HashUnit(1e3, "H/s")),
        ("KH/s", HashUnit(1e3, "H/s")),
        ("TH/s", HashUnit(1e12, "H/s")),
        ("Sol/s", HashUnit(1, "Sol/s")),
        ("sol/s", HashUnit(1, "Sol/s")),
        ("kSol/s", HashUnit(1e3, "Sol/s")),
        ("g/s", HashUnit(1, "g/s")),
        ("I/s", HashUnit(1, "I/s")),
        ("kIt/s", HashUnit(1e3, "I/s")),
        ("mh/s", None),
        ("W", None),
        ("°C", None),
        ("s", None),
        ("MB/s", None),
        ("", None),
        ("H", None),
    ],
)
def test_written_units(written: str, unit: HashUnit | None) -> None:
    assert unit_of_text(written) == unit


@pytest.mark.parametrize(
    ("algorithm", "unit"),
    [
        ("rx/0", "H/s"),
        ("144,5", "Sol/s"),
        ("Equihash 192,7", "Sol/s"),
        ("zhash", "Sol/s"),
        ("beamhash3", "Sol/s"),
        ("cuckatoo31_grin", "g/s"),
        ("C31", "g/s"),
        ("c11", "H/s"),
        (None, "H/s"),
    ],
)
def test_units_of_algorithms(algorithm: str | None, unit: str) -> None:
    assert unit_of(algorithm) == unit


def test_an_unknown_unit_is_told_and_not_guessed() -> None:
    row = Told({"unit": "bananas/s"}, "algorithms[0]")
    assert written_unit(row, "unit") is None
    assert [(each.part, each.reason) for each in row.unread()] == [
        ("algorithms[0].hashrate", "'unit' is no unit that we know")
    ]


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("4.29 G", 4.29e9),
        ("16.00K", 16000.0),
        ("0.000 ", 0.0),
        ("217.9 M", 217.9e6),
        (2501436, 2501436.0),
        ("much", None),
        ("-4.29 G", None),
        ("9999 Z", None),
        ("1e999", None),
        ("", None),
        (None, None),
        (True, None),
        ([], None),
    ],
)
def test_numbers_as_people_write_them(value: object, number: float | None) -> None:
    row = Told({"difficulty": value})
    assert number_with_prefix(row, "difficulty", "difficulty") == (
        None if number is None else pytest.approx(number)
    )
    assert bool(row.unread()) is (number is None)
