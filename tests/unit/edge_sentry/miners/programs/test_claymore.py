"""Claymore's protocol: the same line in hashes and in thousands, cards that are off, two algorithms."""

from __future__ import annotations

from typing import Any

import pytest

from edge_sentry.miners.normal_form import Trouble
from tests.unit.edge_sentry.miners.programs.replies import read_with, reasons
from tests.unit.edge_sentry.miners.recordings import BY_FOLDER

SHORT = "tt-miner-2024.3.2"
LONG = "phoenixminer-6.2c"
DUAL = "claymore-15.0-dual"


def test_hashes_in_one_program_are_thousands_in_another() -> None:
    hashes, thousands = BY_FOLDER[SHORT], BY_FOLDER["ethminer-0.19.0"]
    assert hashes.read().algorithms[0].hashrate == 64.25e6
    assert thousands.read(hashes.replies).algorithms[0].hashrate == 64.25e9


def test_a_card_that_is_off_is_not_a_card_of_zero() -> None:
    def change(reply: Any) -> None:
        reply["result"][3] = "32100000;off"

    reading = read_with(SHORT, change)
    assert [device.hashrates for device in reading.devices] == [(32.1e6,), (None,)]


def test_the_long_form_knows_buses_shares_and_power() -> None:
    reading = BY_FOLDER[LONG].read()
    assert [device.key for device in reading.devices] == ["0000:01:00.0", "0000:02:00.0", "0000:10:00.0"]
    assert [device.accepted for device in reading.devices] == [(104,), (103,), (103,)]
    assert reading.power_w == 361.0


def test_two_algorithms_have_two_pools() -> None:
    reading = BY_FOLDER[DUAL].read()
    assert [row.pool.address for row in reading.algorithms] == [
        "eth.example.com:9999",
        "dcr.example.com:4447",
    ]
    assert reading.devices[1].invalid == (0, 1)


def test_the_algorithm_is_not_told() -> None:
    reading = BY_FOLDER[SHORT].read()
    assert reading.algorithms[0].name is None
    assert reasons(reading)["algorithms[0].name"] == "the protocol does not tell the algorithm"


@pytest.mark.parametrize("result", [[], ["1"], "text", None, [{}] * 9, [1] * 9, ["x"] * 400])
def test_results_that_are_none(result: object) -> None:
    reading = read_with(SHORT, lambda reply: reply.update(result=result))
    assert reading.trouble is Trouble.ANOTHER_PROGRAM or reading.algorithms[0].hashrate is None


def test_a_password_is_asked_for() -> None:
    reading = read_with(SHORT, lambda reply: reply.update(result=None, error="wrong password"))
    assert reading.trouble is Trouble.ANOTHER_PROGRAM
