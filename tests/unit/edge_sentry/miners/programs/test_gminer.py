"""GMiner: the second algorithm's figures end in a 2, a memory of 0 °C is none."""

from __future__ import annotations

from typing import Any

import pytest

from edge_sentry.miners.normal_form import Trouble
from tests.unit.edge_sentry.miners.programs.replies import read_with, reasons

ONE = "gminer-3.06"
DUAL = "gminer-3.44-dual"


def test_dual_mining_keeps_algorithms_apart() -> None:
    reading = read_with(DUAL, lambda _: None)
    assert [(row.name, row.hashrate, row.accepted) for row in reading.algorithms] == [
        ("etchash", 60.5e6, 120),
        ("kheavyhash", 305e6, 340),
    ]


@pytest.mark.parametrize(("unit", "base"), [("Sol/s", "Sol/s"), ("g/s", "g/s"), ("H/s", "H/s")])
def test_units(unit: str, base: str) -> None:
    reading = read_with(ONE, lambda reply: reply.update(speed_unit=unit))
    assert reading.algorithms[0].unit == base


def test_a_unit_that_is_not_told_is_the_algorithms() -> None:
    def change(reply: Any) -> None:
        del reply["speed_unit"]
        reply["algorithm"] = "Equihash 144,5"

    assert read_with(ONE, change).algorithms[0].unit == "Sol/s"


def test_a_card_without_a_hashrate_makes_the_whole_unknown() -> None:
    def change(reply: Any) -> None:
        reply["devices"].append({**reply["devices"][0], "gpu_id": 1, "speed": None})

    reading = read_with(ONE, change)
    assert reading.algorithms[0].hashrate is None
    assert reasons(reading)["algorithms[0].hashrate"] == "it is not told of each card"


def test_no_cards_at_all() -> None:
    reading = read_with(ONE, lambda reply: reply.update(devices=[]))
    assert (reading.algorithms[0].hashrate, reading.devices, reading.power_w) == (None, (), None)


def test_another_program_of_the_same_shape() -> None:
    assert read_with(ONE, lambda reply: reply.update(miner="other 1.0")).trouble is Trouble.ANOTHER_PROGRAM
