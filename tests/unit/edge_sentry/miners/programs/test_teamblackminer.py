"""TeamBlackMiner: totals by pool, threads that do not tell theirs."""

from __future__ import annotations

from typing import Any

from tests.unit.edge_sentry.miners.programs.replies import read_with, reasons

ONE = "teamblackminer-2.44"


def test_with_two_pools_a_threads_hashrate_is_of_none() -> None:
    def change(reply: Any) -> None:
        reply["pool"]["1"] = {"algo": "kheavyhash", "total_hashrate": 5.5, "url": "kas.example.com:5555"}

    reading = read_with(ONE, change)
    assert [row.hashrate for row in reading.algorithms] == [24132474.0, 5.5]
    assert reading.devices[0].hashrates == (None, None)
    assert "devices[0].hashrates" in reasons(reading)


def test_totals_may_stand_at_the_top() -> None:
    def change(reply: Any) -> None:
        reply.update(reply.pop("miner"))

    reading = read_with(ONE, change)
    assert (reading.version, reading.uptime_s) == ("2.44", 300.0)


def test_a_slot_number_is_not_taken_for_a_bus() -> None:
    reading = read_with(ONE, lambda reply: reply["threads"]["0"].update(pcie_id=3))
    assert reading.devices[0].key is None
