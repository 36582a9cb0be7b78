"""MiniZ: the truth in either of two fields, a user within the pool's address."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.edge_sentry.miners.programs.replies import read_with

ONE = "miniz-2.5e3"


@pytest.mark.parametrize(
    ("told", "hashrate"),
    [
        ({"speed_sps": 5.5, "sol_ps": 9}, 5.5),
        ({"speed_sps": 0, "sol_ps": 9}, 9.0),
        ({"speed_sps": 0}, 0.0),
        ({"sol_ps": 9}, 9.0),
        ({}, None),
    ],
)
def test_either_field(told: dict[str, float], hashrate: float | None) -> None:
    def change(reply: Any) -> None:
        card = reply["result"][0]
        del card["speed_sps"]
        card.update(told)

    assert read_with(ONE, change).devices[0].hashrates == (hashrate,)


def test_the_user_is_cut_from_the_pools_address() -> None:
    assert read_with(ONE, lambda _: None).algorithms[0].pool.address == "btg.example.com:4040"


@pytest.mark.parametrize(("algorithm", "unit"), [("144,5", "Sol/s"), ("ethash", "H/s"), ("kawpow", "H/s")])
def test_units_follow_the_algorithm(algorithm: str, unit: str) -> None:
    reading = read_with(ONE, lambda reply: reply.update(algorithm=algorithm))
    assert reading.algorithms[0].unit == unit


def test_a_placeholder_is_no_address() -> None:
    reading = read_with(ONE, lambda reply: reply["result"][0].update(busid="busid"))
    assert reading.devices[0].key is None
