"""LolMiner: a factor and a unit that must agree, buses in decimal."""

from __future__ import annotations

from typing import Any

import pytest

from edge_sentry.miners.normal_form import Trouble
from tests.unit.edge_sentry.miners.programs.replies import read_with, reasons

ONE = "lolminer-1.92"


@pytest.mark.parametrize(
    ("unit", "factor", "hashrate", "base"),
    [
        ("Sol/s", 1, 5.5, "Sol/s"),
        ("g/s", 1, 5.5, "g/s"),
        ("Gh/s", 1e9, 5.5e9, "H/s"),
        ("Mh/s", None, 5.5e6, "H/s"),
        ("Mh/s", 1, None, "H/s"),
        ("parsec/s", 1, None, "H/s"),
    ],
)
def test_units(unit: str, factor: float | None, hashrate: float | None, base: str) -> None:
    def change(reply: Any) -> None:
        reply["Algorithms"][0].update(
            Performance_Unit=unit, Performance_Factor=factor, Total_Performance=5.5, Worker_Performance=[5.5]
        )

    reading = read_with(ONE, change)
    assert (reading.algorithms[0].hashrate, reading.algorithms[0].unit) == (hashrate, base)
    assert reading.devices[0].hashrates == (hashrate,)
    assert ("algorithms[0].hashrate" in reasons(reading)) is (hashrate is None)


def test_buses_are_decimal() -> None:
    reading = read_with(ONE, lambda reply: reply["Workers"][0].update(PCIE_Address="16:0"))
    assert reading.devices[0].key == "0000:10:00.0"


def test_how_old_the_figures_are() -> None:
    reading = read_with(ONE, lambda reply: reply["Session"].update(Last_Update=1734491160))
    assert reading.figures_age_s == 100.0


def test_an_old_version_is_named_as_such() -> None:
    def change(reply: Any) -> None:
        del reply["Algorithms"]
        reply["GPUs"] = []

    reading = read_with(ONE, change)
    assert reading.trouble is Trouble.NOT_READABLE
    assert "older than 1.4" in (reading.reason or "")
