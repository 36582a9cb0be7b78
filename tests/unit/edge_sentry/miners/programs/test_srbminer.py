"""SRBMiner: an instant hashrate where there is one, cards known by the program's own names."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.edge_sentry.miners.programs.replies import read_with, reasons

CARD = "srbminer-multi-3.6.4"
BOTH = "srbminer-multi-3.4.6"


def test_algorithms_are_never_added() -> None:
    reading = read_with(BOTH, lambda _: None)
    assert [row.hashrate for row in reading.algorithms] == [98700000.0, 7011.25]
    assert [device.hashrates for device in reading.devices] == [(98700000.0, None), (None, 7011.25)]


def test_card_and_processor_on_one_algorithm_are() -> None:
    def change(reply: Any) -> None:
        reply["algorithms"][0]["hashrate"]["cpu"] = {"total": 1.5}
        reply["algorithms"][0]["hashrate"]["gpu"] = {"gpu0": 10.25, "total": 10.25}

    assert read_with(CARD, change).algorithms[0].hashrate == 11.75


@pytest.mark.parametrize(("hashrates", "hashrate"), [({"1min": 7.5}, 7.5), ({"now": 8.5, "1min": 7.5}, 8.5)])
def test_means_where_there_is_no_instant(hashrates: dict[str, float], hashrate: float) -> None:
    reading = read_with(CARD, lambda reply: reply["algorithms"][0].update(hashrate=hashrates))
    assert reading.algorithms[0].hashrate == hashrate


def test_an_empty_object_of_hashrates_is_not_zero() -> None:
    """As it stands at the top of the newer page until there is something to tell."""
    reading = read_with(CARD, lambda reply: reply["algorithms"][0].update(hashrate={}))
    assert reading.algorithms[0].hashrate is None
    assert reading.devices[0].hashrates == (None,)
    assert reasons(reading)["devices[0].hashrates"] == "no algorithm tells of this card"


@pytest.mark.parametrize(("bus", "key"), [(10, "0000:0a:00.0"), ("0a:00.0", "0000:0a:00.0"), (0, None)])
def test_the_bus_where_it_is_told(bus: object, key: str | None) -> None:
    reading = read_with(CARD, lambda reply: reply["gpu_devices"][0].update(bus_id=bus))
    assert reading.devices[0].key == key


def test_the_time_of_mining_before_that_of_the_pool() -> None:
    assert read_with(CARD, lambda reply: reply.update(mining_time=99)).uptime_s == 99.0
    assert read_with(CARD, lambda _: None).uptime_s == 11076.0
