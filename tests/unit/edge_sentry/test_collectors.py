"""Every metric has one collector, and each reads or explains it on this very machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from edge_sentry.agent.sampler import Sampler
from edge_sentry.cards.totals import DERIVED
from edge_sentry.collectors import COLLECTORS, Source
from edge_sentry.collectors.cpu import CpuTimes, Load, hottest, model_of_cpuinfo
from edge_sentry.collectors.host import os_name, usable_addresses
from edge_sentry.collectors.network import loopbacks, summed
from wire.asic_metrics import ASIC_METRICS
from wire.messages import Specs
from wire.metrics import METRICS, Of


class Sensor(NamedTuple):
    label: str
    current: float | None


def test_each_metric_has_exactly_one_collector() -> None:
    owners = Counter(metric for row in COLLECTORS for metric in row.metrics)
    of_rigs = [metric for metric in METRICS if metric not in ASIC_METRICS]
    own = Counter(metric.name for metric in of_rigs if metric.of is Of.MACHINE)
    assert owners + Counter(DERIVED) == own


@pytest.mark.parametrize("row", COLLECTORS, ids=lambda row: row.name)
def test_each_reads_or_explains_its_metrics_here(row: Source, tmp_path: Path) -> None:
    reading = row.start(tmp_path)()
    explained = set(reading.unread) - set(Specs.__struct_fields__)
    assert {name for name in {*reading.values, *explained} if "@" not in name} == set(row.metrics)
    assert not set(reading.values) & explained
    assert set(reading.specs) <= set(Specs.__struct_fields__)
    assert all(reading.unread.values())


def test_nothing_read_here_is_unbelievable(tmp_path: Path) -> None:
    sampler = Sampler(COLLECTORS, tmp_path)
    sampler.sample()
    reading = sampler.sample()
    assert {"memory_used_pct", "disk_used_pct", "uptime_s"} <= set(reading.values)
    assert not any("which is" in reason for reason in reading.unread.values())


def load_of(*times: CpuTimes) -> Load:
    left: Iterator[CpuTimes] = iter(times)
    return Load(lambda: next(left))


def test_load_is_the_busy_part_since_the_sample_before() -> None:
    load = load_of(CpuTimes(50, 100), CpuTimes(51, 104), CpuTimes(55, 108))
    assert [load.collect().values["cpu_load_pct"] for _ in range(2)] == [25.0, 100.0]


def test_load_too_soon_is_unread_and_the_next_counts_from_before() -> None:
    load = load_of(CpuTimes(50, 100), CpuTimes(50, 100), CpuTimes(52, 104))
    assert "cpu_load_pct" in load.collect().unread
    assert load.collect().values == {"cpu_load_pct": 50.0}


def test_load_of_counters_that_run_backwards_stays_within_bounds() -> None:
    load = load_of(CpuTimes(50, 100), CpuTimes(49.9, 101), CpuTimes(55, 102))
    assert [load.collect().values["cpu_load_pct"] for _ in range(2)] == [0.0, 100.0]


@pytest.mark.parametrize(
    ("sensors", "celsius"),
    [
        ({}, None),
        ({"acpitz": [Sensor("", 27.8)], "nvme": [Sensor("Composite", 60.0)]}, None),
        ({"coretemp": [Sensor("Package id 0", 71.0), Sensor("Core 3", 74.0)]}, 74.0),
        ({"k10temp": [Sensor("Tctl", 92.0), Sensor("Tdie", 65.0), Sensor("Tccd1", 61.0)]}, 65.0),
        ({"k10temp": [Sensor("Tctl", 66.0)]}, 66.0),
        ({"cpu_thermal": [Sensor("", None)]}, None),
    ],
)
def test_the_hottest_of_the_processors_own_sensors(
    sensors: dict[str, list[Sensor]], celsius: float | None
) -> None:
    assert hottest(sensors) == celsius


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD Ryzen 9\n", "AMD Ryzen 9"),
        ("processor : 0\nBogoMIPS : 108\n\nModel : Raspberry Pi 4\n", "Raspberry Pi 4"),
        ("model name\t: \n", None),
        ("", None),
    ],
)
def test_the_model_is_found_in_cpuinfo(text: str, model: str | None) -> None:
    assert model_of_cpuinfo(text.splitlines()) == model


def test_addresses_under_which_nobody_is_reached_are_left_out() -> None:
    found = ["127.0.0.1", "::1", "169.254.3.4", "fe80::1%eth0", "02:fc:00:00:00:01", "0.0.0.0"]
    assert usable_addresses([*found, "192.0.2.2", "2001:db8::5%eth0", "192.0.2.2"]) == (
        "192.0.2.2",
        "2001:db8::5",
    )


def test_there_are_never_too_many_addresses() -> None:
    assert len(usable_addresses(f"192.0.2.{number}" for number in range(200))) == 64


def test_the_system_has_a_name() -> None:
    assert os_name()


class Card(NamedTuple):
    bytes_recv: int
    bytes_sent: int


class CardState(NamedTuple):
    flags: str


def test_network_counters_are_summed_over_cards_without_loopback() -> None:
    cards = {"lo": Card(1, 1), "eth0": Card(10, 20), "wlan0": Card(100, 200), "dummy": Card(5, 5)}
    states = {"lo": CardState(""), "eth0": CardState("up,running"), "dummy": CardState("up,loopback")}
    reading = summed(cards, loopbacks(states))
    assert reading.values == {"network_received_bytes": 110, "network_sent_bytes": 220}


def test_a_machine_without_a_network_card_says_so() -> None:
    assert summed({"lo": Card(1, 1)}, frozenset({"lo"})).unread == {
        "network_received_bytes": "no network card found",
        "network_sent_bytes": "no network card found",
    }
