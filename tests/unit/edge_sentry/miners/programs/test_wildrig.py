"""WildRig: cards in lists side by side, and the older form without them."""

from __future__ import annotations

from typing import Any

from tests.unit.edge_sentry.miners.programs.replies import read_with, reasons

NEW = "wildrig-multi-0.51.2"


def test_the_older_form_has_hashrates_alone() -> None:
    def change(reply: Any) -> None:
        del reply["hwmon"]
        for key in ("shares_accepted", "shares_rejected", "shares_ignored"):
            del reply["results"][key]

    reading = read_with(NEW, change)
    assert [device.hashrates for device in reading.devices] == [(2560.25,), (2560.25,)]
    assert {device.key for device in reading.devices} == {None}
    assert (reading.algorithms[0].accepted, reading.algorithms[0].rejected) == (40, 2)
    assert reasons(reading)["devices[0].temperature_c"] == "'hwmon.temp.0' is not told"


def test_shares_of_each_card_where_there_are_no_totals() -> None:
    def change(reply: Any) -> None:
        del reply["results"]["shares_good"]
        del reply["results"]["shares_total"]

    algorithm = read_with(NEW, change).algorithms[0]
    assert (algorithm.accepted, algorithm.rejected) == (40, 2)


def test_lists_of_different_lengths_shift_nothing() -> None:
    reading = read_with(NEW, lambda reply: reply["hwmon"].update(temp=[58]))
    assert [device.temperature_c for device in reading.devices] == [58.0, None]


def test_a_lost_pool() -> None:
    pool = read_with(NEW, lambda reply: reply["connection"].update(uptime=0)).algorithms[0].pool
    assert (pool.connected, pool.ping_s, pool.failures) == (False, None, 0)
