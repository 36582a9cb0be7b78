"""OneZeroMiner: values that are null, buses as numbers."""

from __future__ import annotations

import pytest

from tests.unit.edge_sentry.miners.programs.replies import read_with

NEW = "onezerominer-1.8.0"


@pytest.mark.parametrize(
    ("status", "connected"), [("connected", True), ("Disconnected", False), ("reconnecting", None), (1, None)]
)
def test_status_of_the_pool(status: object, connected: bool | None) -> None:
    reading = read_with(NEW, lambda reply: reply["algos"][0].update(pool_status=status))
    assert reading.algorithms[0].pool.connected is connected


def test_small_numbers_stay_what_they_are() -> None:
    assert read_with("onezerominer-1.7.8", lambda _: None).algorithms[0].hashrate == 0.125


def test_two_algorithms_on_the_same_cards() -> None:
    reading = read_with(
        NEW,
        lambda reply: reply["algos"].append(
            {"name": "QHash", "total_hashrate": 3.5, "hashrates": [1.5, 2.0]}
        ),
    )
    assert [device.hashrates for device in reading.devices] == [(22600.25, 1.5), (22610.25, 2.0)]
    assert reading.algorithms[1].accepted is None
