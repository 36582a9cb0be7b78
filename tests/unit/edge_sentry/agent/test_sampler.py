"""What one source does never costs another its values; nothing unbelievable passes as a value."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from edge_sentry.agent.sampler import Sampler, believable, mining_of, specs_of, unread_of
from edge_sentry.collectors import Collect, Source
from edge_sentry.reading import Reading
from tests.unit.edge_sentry.machines import NOWHERE, source
from wire.messages import Device, MachineReport, Mining, Specs, Unread


def broken() -> Reading:
    raise RuntimeError("driver gone")


def working() -> Reading:
    return Reading(values={"memory_used_pct": 20.0}, specs={"hostname": "rig"})


def test_a_source_that_raises_is_unread_and_the_rest_is_read() -> None:
    sources = (source(broken, "cpu_load_pct", "cpu_frequency_hz", name="a"), source(working, name="b"))
    reading = Sampler(sources, NOWHERE).sample()
    assert reading.values == {"memory_used_pct": 20.0}
    assert reading.unread == {
        "cpu_load_pct": "RuntimeError: driver gone",
        "cpu_frequency_hz": "RuntimeError: driver gone",
    }


def test_the_same_failure_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    sampler = Sampler((source(broken, "cpu_load_pct"),), NOWHERE)
    for _ in range(3):
        sampler.sample()
    assert len(caplog.records) == 1


def test_a_source_that_cannot_start_is_tried_again() -> None:
    tries: list[Path] = []

    def start(folder: Path) -> Collect:
        tries.append(folder)
        if len(tries) == 1:
            raise OSError("not yet")
        return working

    sampler = Sampler((Source("late", ("memory_used_pct",), start),), Path("/somewhere"))
    assert sampler.sample().unread == {"memory_used_pct": "OSError: not yet"}
    assert sampler.sample().values == {"memory_used_pct": 20.0}
    sampler.sample()
    assert tries == [Path("/somewhere")] * 2


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("cpu_load_pct", 101.0, "read 101, which is outside 0 to 100 %"),
        ("cpu_temperature_c", math.nan, "read nan, which is not a finite number"),
        ("beauty", 1.0, "is not a metric that we know"),
    ],
)
def test_what_cannot_be_true_becomes_unread(name: str, value: float, reason: str) -> None:
    reading = believable(Reading(values={name: value, "load_1min": 1.0}))
    assert reading.values == {"load_1min": 1.0}
    assert reading.unread == {name: reason}


def test_specs_and_reasons_keep_to_the_wires_limits() -> None:
    reading = Reading(
        specs={"hostname": "x" * 500, "cpu_cores": 4, "addresses": ("192.0.2.1",)},
        unread={"load_1min": "y" * 500, "cpu_load_pct": "z"},
    )
    specs = specs_of(reading, "1")
    assert specs == Specs(hostname="x" * 200, cpu_cores=4, addresses=("192.0.2.1",), agent_version="1")
    assert unread_of(reading) == (Unread("cpu_load_pct", "z"), Unread("load_1min", "y" * 200))
    assert msgspec.json.decode(msgspec.json.encode(specs), type=Specs) == specs


def test_what_is_mined_passes_through_every_step() -> None:
    rows = (Mining("randomx", 9000.0, coin="XMR"), Mining("equihash", 2e3, "Sol/s", "ZEC"))
    sources = (source(lambda: Reading(mining=rows[:1])), source(lambda: Reading(mining=rows[1:]), name="b"))
    assert mining_of(Sampler(sources, NOWHERE).sample()) == rows


@pytest.mark.parametrize("hashrate", [math.nan, math.inf, -1.0, 1e25, None])
def test_a_hashrate_that_cannot_be_true_is_not_read(hashrate: float | None) -> None:
    assert mining_of(Reading(mining=(Mining("randomx", hashrate),))) == (Mining("randomx", None),)


def test_what_two_programs_mine_is_added_as_far_as_it_can_be() -> None:
    rows = (
        Mining("x", 5.0, coin="A"),
        Mining("x", 6.0, coin="A"),
        Mining("x", 1.0, coin="B"),
        Mining("x", 9.0, "Sol/s", "B"),
        Mining("y", 7.0),
        Mining("y", None),
    )
    assert mining_of(Reading(mining=rows)) == (
        Mining("x", 11.0, coin="A"),
        Mining("x", 1.0, coin="B"),
        Mining("y", None),
    )


def test_mining_keeps_to_the_wires_limits() -> None:
    rows = [
        Mining("", 1.0),
        Mining("x" * 99, 1.0, coin=""),
        *(Mining(f"a{n}", 1.0, coin="c" * 99) for n in "abcdefgh"),
    ]
    kept = mining_of(Reading(mining=(*rows, *rows)))
    assert len(kept) == 8
    assert kept[0] == Mining("x" * 40, 2.0)
    part = MachineReport("m1", mining=kept)
    assert msgspec.json.decode(msgspec.json.encode(part), type=MachineReport) == part


def many_cards(count: int) -> Reading:
    devices = tuple(
        Device(f"gpu-{number}", vendor="amd", address=f"0000:{number:02x}:00.0") for number in range(count)
    )
    return Reading(
        values={f"gpu_temperature_c@{device.device}": 50.04 for device in devices},
        unread={f"gpu_fan_pct@{device.device}": "not supported by this card" for device in devices},
        devices=devices,
    )


def test_a_cards_figures_are_checked_and_stepped_as_its_metric_says() -> None:
    values = {
        "gpu_temperature_c@gpu-a": 61.04,
        "gpu_load_pct@gpu-a": 101.0,
        "gpu_temperature_c": 61.0,
        "load_1min@gpu-a": 1.0,
    }
    reading = believable(Reading(values=values))
    assert reading.values == {"gpu_temperature_c@gpu-a": 61.0}
    assert reading.unread == {
        "gpu_load_pct@gpu-a": "read 101, which is outside 0 to 100 %",
        "gpu_temperature_c": "is not a metric that we know",
        "load_1min@gpu-a": "is not a metric that we know",
    }


def test_cards_become_specs_and_add_to_the_machines_own_figures(tmp_path: Path) -> None:
    card = Device("gpu-a", "RTX 3080", "nvidia", "0000:01:00.0", memory_bytes=1024)
    cards = Reading(values={"gpu_temperature_c@gpu-a": 61.0, "gpu_power_w@gpu-a": 200.0}, devices=(card,))
    processor = Reading(values={"power_w": 60.0})
    sampler = Sampler((source(lambda: cards), source(lambda: processor, "power_w", name="b")), tmp_path)
    reading = sampler.sample()
    assert reading.values["power_w"] == 260.0
    assert reading.values["gpu_hottest_c"] == 61.0
    specs = specs_of(reading, "1")
    assert specs.devices == (card,)
    assert msgspec.json.decode(msgspec.json.encode(specs), type=Specs) == specs


def test_of_too_many_cards_the_first_are_told_and_that_there_are_more(tmp_path: Path) -> None:
    reading = Sampler((source(lambda: many_cards(300)),), tmp_path).sample()
    assert len(reading.devices) == 64
    assert len([name for name in reading.values if "@" in name]) == 64
    assert reading.unread["devices"] == "only 64 of 300 cards are told"
    part = MachineReport("m1", specs=specs_of(reading, "1"), unread=unread_of(reading))
    assert msgspec.json.decode(msgspec.json.encode(part), type=MachineReport) == part


def test_where_reasons_are_too_many_the_machines_own_are_told() -> None:
    unread = {**{f"gpu_fan_pct@gpu-{number}": "x" for number in range(300)}, "uptime_s": "y"}
    told = unread_of(Reading(unread=unread))
    assert len(told) == 200
    assert told[0] == Unread("uptime_s", "y")


def test_a_card_that_goes_is_an_event_of_a_sample(tmp_path: Path) -> None:
    cards = [many_cards(2)]
    row = Source("amd", (), lambda _folder: lambda: cards[0], vendor="amd")
    sampler = Sampler((row,), tmp_path)
    sampler.sample()
    cards[0] = many_cards(1)
    events = [event for _ in range(4) for event in sampler.sample().card_events]
    assert [(event.kind, event.device) for event in events] == [("gpu_gone", "gpu-1")]
    assert [report.name for report in sampler.sources] == ["amd"]


def test_a_card_beyond_those_that_are_told_does_not_come_and_go_with_others(tmp_path: Path) -> None:
    all_cards = many_cards(70)
    without_one = replace(
        all_cards,
        devices=tuple(each for each in all_cards.devices if each.device != "gpu-5"),
        values={name: value for name, value in all_cards.values.items() if not name.endswith("@gpu-5")},
    )
    readings = [*[all_cards] * 2, *[without_one] * 5, *[all_cards] * 5]
    row = Source("amd", (), lambda _folder: lambda: readings.pop(0), vendor="amd")
    sampler = Sampler((row,), tmp_path)
    samples = [sampler.sample() for _ in range(12)]
    assert {event.device for each in samples for event in each.card_events} == {"gpu-5"}
    assert {len(each.devices) for each in samples} == {64}
