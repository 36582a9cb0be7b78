"""Nanominer: numbers as texts, devices only with the algorithms that they mine."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.edge_sentry.miners.programs.replies import read_with, reasons

DUAL = "nanominer-3.10.0-dual"


def test_each_device_with_its_algorithm() -> None:
    reading = read_with(DUAL, lambda _: None)
    assert [(device.key, device.hashrates) for device in reading.devices] == [
        ("cpu0", (None, 196.7431)),
        ("0000:01:00.0", (11368520.0, None)),
        ("0000:0a:00.0", (11394100.0, None)),
    ]


@pytest.mark.parametrize(
    ("told", "hashrate"),
    [("2.276262e+07", 22762620.0), (5, 5.0), ("fast", None), ("-1", None), ("nan", None)],
)
def test_numbers_as_texts(told: object, hashrate: float | None) -> None:
    def change(reply: Any) -> None:
        reply["Algorithms"][0]["Ethash"]["Total"]["Hashrate"] = told

    reading = read_with(DUAL, change)
    assert reading.algorithms[0].hashrate == hashrate
    assert ("algorithms[0].hashrate" in reasons(reading)) is (hashrate is None)


def test_devices_are_numbered_as_the_program_does() -> None:
    assert [device.index for device in read_with(DUAL, lambda _: None).devices] == [None, 0, 1]
