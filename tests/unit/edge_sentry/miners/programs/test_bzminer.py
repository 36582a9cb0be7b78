"""BzMiner: places in a device's lists belong to the pools that it names, not to all pools."""

from __future__ import annotations

from typing import Any

from tests.unit.edge_sentry.miners.programs.replies import read_with, reasons

POOLS = "bzminer-100.36"
FEW = "bzminer-100.45"


def test_lists_follow_the_pools_that_a_device_names() -> None:
    reading = read_with(POOLS, lambda _: None)
    assert [row.name for row in reading.algorithms] == ["warthog", "kaspa"]
    # The second device lists kaspa's pool first.
    assert reading.devices[1].hashrates == (1488000000.5, None)
    assert reading.devices[1].accepted == (28, 0)


def test_without_totals_the_sum_is_over_those_that_mine_there() -> None:
    def change(reply: Any) -> None:
        del reply["pools"][0]["hashrate"]
        del reply["pools"][0]["valid_solutions"]

    algorithm = read_with(POOLS, change).algorithms[0]
    assert algorithm.hashrate == 1500000000.5
    assert algorithm.accepted == 40


def test_an_idle_card_is_shown_and_hinders_no_sum() -> None:
    reading = read_with(POOLS, lambda _: None)
    assert [device.state for device in reading.devices] == ["mining", "mining", "idle"]


def test_the_processor_is_no_card() -> None:
    device = read_with(FEW, lambda _: None).devices[0]
    assert (device.key, device.kind) == ("cpu0", "cpu")


def test_a_sum_of_which_a_part_is_missing_says_so() -> None:
    reading = read_with(FEW, lambda _: None)
    assert reading.algorithms[0].rejected is None
    assert reasons(reading)["algorithms[0].rejected"] == "neither the pool nor each of its devices tells it"
