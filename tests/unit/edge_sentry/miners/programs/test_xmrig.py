"""XMRig: windows that are not full yet, threads that share a card, pools that are away."""

from __future__ import annotations

from typing import Any

import pytest

from edge_sentry.miners.normal_form import MOST_DEVICES, State, Trouble
from tests.unit.edge_sentry.miners.programs.replies import read_with, reasons

PLAIN = "xmrig-6.22.1"
CARDS = "xmrig-opencl"
BACKENDS = 1


@pytest.mark.parametrize(
    ("total", "hashrate"),
    [([None, 20.5, 21.5], 20.5), ([None, None, 21.5], 21.5), ([0.0, 20.5, 21.5], 0.0), ([None] * 3, None)],
)
def test_the_shortest_window_that_is_full(total: list[float | None], hashrate: float | None) -> None:
    reading = read_with(PLAIN, lambda reply: reply["hashrate"].update(total=total))
    assert reading.algorithms[0].hashrate == hashrate


def test_a_card_on_which_two_threads_work_is_one_device() -> None:
    reading = read_with(CARDS, lambda _: None)
    assert [(device.key, device.hashrates) for device in reading.devices] == [
        ("cpu0", (100.0,)),
        ("0000:0a:00.0", (25.75,)),
    ]


def test_a_sum_of_threads_of_which_one_is_not_known_is_not_known() -> None:
    def change(backends: Any) -> None:
        backends[1]["threads"][1]["hashrate"] = [None, None, None]

    reading = read_with(CARDS, change, BACKENDS)
    assert reading.devices[1].hashrates == (None,)
    assert reasons(reading)["devices[1].hashrates"] == "the program does not know it of each thread"


def test_a_processor_of_many_threads_is_summed_whole() -> None:
    def change(backends: Any) -> None:
        backends[0]["threads"] = [{"hashrate": [1.5, None, None]}] * 768

    assert read_with(CARDS, change, BACKENDS).devices[0].hashrates == (1152.0,)


def test_more_cards_than_a_rig_can_have_are_cut_and_said() -> None:
    def change(backends: Any) -> None:
        backends[1]["threads"] = [
            {"bus_id": f"{bus:02x}:00.{function}"} for bus in range(1, 60) for function in range(8)
        ]

    reading = read_with(CARDS, change, BACKENDS)
    assert len(reading.devices) == MOST_DEVICES
    assert reasons(reading)["devices"] == "there are 473, of which the first 256 are read"


def test_a_lost_pool_has_no_figures_but_its_failures() -> None:
    def change(summary: Any) -> None:
        summary["connection"].update(uptime=0, ping=0, diff=0, failures=12)

    pool = read_with(PLAIN, change).algorithms[0].pool
    assert (pool.connected, pool.failures, pool.uptime_s) == (False, 12, 0.0)
    assert (pool.tls, pool.ping_s, pool.difficulty) == (None, None, None)


@pytest.mark.parametrize(("tls", "secure"), [("TLSv1.3", True), (None, False)])
def test_tls(tls: str | None, secure: bool) -> None:
    reading = read_with(PLAIN, lambda summary: summary["connection"].update(tls=tls))
    assert reading.algorithms[0].pool.tls is secure


def test_paused_is_not_stalled() -> None:
    def change(summary: Any) -> None:
        summary.update(paused=True, uptime=5000)
        summary["hashrate"]["total"] = [0.0, 0.0, 0.0]

    assert read_with(PLAIN, change).state is State.PAUSED


def test_the_algorithm_of_the_pool_counts() -> None:
    reading = read_with(PLAIN, lambda summary: summary["connection"].pop("algo"))
    assert reading.algorithms[0].name == "rx/0"
    assert read_with("xmrig-6.26.0-cuda", lambda _: None).algorithms[0].name == "kawpow"


def test_more_good_shares_than_all_is_no_count_of_bad_ones() -> None:
    reading = read_with(PLAIN, lambda summary: summary["results"].update(shares_total=1))
    assert reading.algorithms[0].rejected is None
    assert "algorithms[0].rejected" in reasons(reading)


def test_a_proxy_is_no_miner() -> None:
    reading = read_with(PLAIN, lambda summary: summary.update(kind="proxy"))
    assert reading.trouble is Trouble.ANOTHER_PROGRAM
