"""TeamRedMiner: wrapped replies, units and windows in the keys, a pool that is in use."""

from __future__ import annotations

from typing import Any

import pytest

from edge_sentry.miners.normal_form import Trouble
from tests.unit.edge_sentry.miners.programs.replies import read_with, reasons

ONE = "teamredminer-0.10.21"
DUAL = "teamredminer-0.10.21-dual"


@pytest.mark.parametrize(
    ("told", "hashrate"),
    [
        ({"MHS 30s": 5.5}, 5.5e6),
        ({"GHS av": 5.5}, 5.5e9),
        ({"HS 30s": 5.5, "KHS av": 9}, 5.5),
        ({"KHS av": 9, "KHS 5s": 5.5}, 5500.0),
        ({"KHS 30s": 0, "KHS av": 9}, 0.0),
        ({"XHS 30s": 9}, None),
    ],
)
def test_units_and_windows(told: dict[str, float], hashrate: float | None) -> None:
    def change(reply: Any) -> None:
        row = reply["summary"][0]["SUMMARY"][0]
        for key in [key for key in row if "HS " in key]:
            del row[key]
        row.update(told)

    reading = read_with(ONE, change)
    assert reading.algorithms[0].hashrate == hashrate
    assert ("algorithms[0].hashrate" in reasons(reading)) is (hashrate is None)


def test_wrapped_in_objects_and_with_a_second_algorithm() -> None:
    reading = read_with(DUAL, lambda _: None)
    assert [(row.name, row.hashrate) for row in reading.algorithms] == [
        ("etchash", 60000500.0),
        ("kas", 450e6),
    ]
    assert reading.devices[0].hashrates == (60000500.0, 450e6)


def test_an_error_for_the_second_algorithm_is_none() -> None:
    def change(reply: Any) -> None:
        reply.clear()
        reply.update({"STATUS": [{"STATUS": "E", "Msg": "Invalid command"}], "id": 1})

    assert len(read_with(DUAL, change, 1).algorithms) == 1


def test_the_pool_in_use_and_not_the_first() -> None:
    reading = read_with(ONE, lambda _: None)
    assert reading.algorithms[0].pool.address == "second.example.com:1020"


def test_a_dead_card_says_so() -> None:
    device = read_with(ONE, lambda _: None).devices[1]
    assert (device.state, device.hashrates, device.temperature_c) == ("dead", (0.0,), None)


def test_cards_have_no_addresses_here() -> None:
    assert "devices[0].key" in reasons(read_with(ONE, lambda _: None))


def test_another_program_of_the_family() -> None:
    def change(reply: Any) -> None:
        reply["summary"][0]["STATUS"][0]["Description"] = "sgminer 5.6"

    assert read_with(ONE, change).trouble is Trouble.ANOTHER_PROGRAM
    assert read_with(ONE, lambda reply: reply.pop("summary")).trouble is Trouble.ANOTHER_PROGRAM
