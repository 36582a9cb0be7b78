"""NBMiner: raw numbers, -1 for what it does not know, an uptime by the clock."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.edge_sentry.miners.programs.replies import read_with, reasons

ONE = "nbminer-40.0"


def test_uptime_is_since_its_start() -> None:
    assert read_with(ONE, lambda _: None).uptime_s == 3600.0
    future = read_with(ONE, lambda reply: reply.update(start_time=2e9))
    assert future.uptime_s is None
    assert "uptime_s" in reasons(future)


def test_minus_one_is_not_known() -> None:
    assert [device.memory_temperature_c for device in read_with(ONE, lambda _: None).devices] == [None, 104.0]


@pytest.mark.parametrize(("at_pool", "hashrate"), [("217.9 M", 217.9e6), ("0.000 ", None), ("?", None)])
def test_the_pools_view(at_pool: str, hashrate: float | None) -> None:
    reading = read_with(ONE, lambda reply: reply["stratum"].update(pool_hashrate_10m=at_pool))
    assert reading.algorithms[0].hashrate_at_pool == hashrate


def test_dual_mining() -> None:
    def change(reply: Any) -> None:
        reply["stratum"].update(dual_mine=True, algorithm2="tensority", accepted_shares2=3)
        reply["miner"]["total_hashrate2_raw"] = 7.5
        reply["miner"]["devices"][0]["hashrate2_raw"] = 7.5

    reading = read_with(ONE, change)
    assert [(row.name, row.accepted) for row in reading.algorithms] == [("ethash", 7), ("tensority", 3)]
    assert [device.hashrates[1] for device in reading.devices] == [7.5, 0.0]
    assert reading.algorithms[1].pool.address is None
