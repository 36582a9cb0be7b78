"""What a device told becomes figures that a commander takes."""

from __future__ import annotations

import msgspec
import pytest

from asic_edge.agent.readings import appliance_of, mining_of, specs_of, unread_of, values_of
from asic_edge.snapshot import Board, Depth, DeviceMessage, Fan, Identity, PoolState, Snapshot, Unread
from tests.fakes.edge_uplink import entry_of
from wire.codec import check_report
from wire.edge import Login
from wire.messages import MachineReport, Report
from wire.uplink.blocks import block_of

IDENTITY = Identity(
    "10.0.0.2", "Antminer", "S19 Pro", "Stock", firmware_version="2024", mac="02:00:00:00:00:01"
)
FULL = Snapshot(
    IDENTITY,
    5.0,
    Depth.FULL,
    algorithm="sha256",
    hashrate=110e12,
    average_hashrate=109e12,
    expected_hashrate=112e12,
    boards=(Board(0, hashrate=55e12, chips=114, chip_temperature_c=80.04), Board(2, temperature_c=61.0)),
    fans=(Fan(0, 0.0), Fan(1, 5400.0)),
    power_w=3250.4,
    temperature_c=25.0,
    pools=(
        PoolState(0, "pool.example:3333", "worker", active=True, alive=True, accepted=10, rejected=1),
        PoolState(1, "other.example:3333", accepted=2, rejected=0),
    ),
    uptime_s=3600.0,
    messages=(DeviceMessage("fan lost", code=7),),
    unread=(Unread("power_w", "its firmware does not tell"),),
)


def test_every_figure_has_its_series() -> None:
    values = values_of(FULL, None, 7)
    assert values == {
        "power_w": 3250.0,
        "uptime_s": 3600.0,
        "chip_hottest_c": 80.0,
        "coolant_temperature_c": 25.0,
        "fan_slowest_rpm": 0.0,
        "readings": 7.0,
        "hashrate@sha256": 110e12,
        "average_hashrate@sha256": 109e12,
        "expected_hashrate@sha256": 112e12,
        "accepted_shares@sha256": 12.0,
        "rejected_shares@sha256": 1.0,
        "board_hashrate@board-0": 55e12,
        "board_chip_c@board-0": 80.0,
        "board_chips@board-0": 114.0,
        "board_temperature_c@board-2": 61.0,
        "fan_rpm@fan-0": 0.0,
        "fan_rpm@fan-1": 5400.0,
    }


def test_a_commander_takes_all_of_it() -> None:
    part = MachineReport(
        "m1",
        open=block_of([(5000, values_of(FULL, None, 7))]),
        mining=mining_of(FULL, None),
        specs=specs_of(entry_of(1), FULL, "1.0"),
        unread=unread_of(FULL, FULL),
        appliance=appliance_of(FULL, 5.0),
        batch=0,
    )
    check_report(Report(1, 1, 5.0, 60.0, (part,)))
    assert msgspec.json.decode(msgspec.json.encode(part), type=MachineReport) == part


def test_what_cannot_be_true_is_left_out() -> None:
    wrong = msgspec.structs.replace(FULL, hashrate=1e20, power_w=float("nan"), uptime_s=-1.0)
    assert not values_of(wrong, None, 1).keys() & {"hashrate@sha256", "power_w", "uptime_s"}


def test_a_light_reading_is_completed_by_what_does_not_change() -> None:
    light = Snapshot(IDENTITY, 9.0, Depth.LIGHT, hashrate=1e14)
    assert values_of(light, FULL, 1)["hashrate@sha256"] == 1e14
    (mining,) = mining_of(light, FULL)
    assert (mining.algorithm, mining.hashrate, mining.expected) == ("sha256", 1e14, 112e12)
    assert mining.pool == "pool.example:3333"


def test_without_an_algorithm_nothing_is_said_of_hashrates_and_why() -> None:
    light = Snapshot(IDENTITY, 9.0, Depth.LIGHT, hashrate=1e14)
    assert mining_of(light, None) == ()
    assert [each.part for each in unread_of(light, None)] == ["hashrate"]


@pytest.mark.parametrize(
    ("part", "series"),
    [
        ("temperature_c", "coolant_temperature_c"),
        ("temperature_c@2", "board_temperature_c@board-2"),
        ("chip_temperature_c@0", "board_chip_c@board-0"),
        ("chips@0", "board_chips@board-0"),
        ("frequency_hz@1", "board_frequency_hz@board-1"),
        ("hashrate@1", "board_hashrate@board-1"),
        ("average_hashrate", "average_hashrate@sha256"),
        ("hashrate", "hashrate@sha256"),
        ("fans@3", "fan_rpm@fan-3"),
        ("power_w", "power_w"),
        ("accepted@0", "accepted@0"),
        ("serial", "serial"),
    ],
)
def test_what_is_unread_has_the_name_of_the_series_that_it_would_be(part: str, series: str) -> None:
    read = msgspec.structs.replace(FULL, unread=(Unread(part, "why"),))
    assert unread_of(read, None) == (Unread(series, "why"),)


def test_a_counter_that_lacks_a_pool_is_not_told() -> None:
    pools = (PoolState(0, accepted=3, rejected=0), PoolState(1, rejected=1))
    values = values_of(msgspec.structs.replace(FULL, pools=pools), None, 1)
    assert "accepted_shares@sha256" not in values
    assert values["rejected_shares@sha256"] == 1.0


def test_what_it_is_comes_from_the_reading_else_from_the_roster() -> None:
    specs = specs_of(entry_of(1, serial="S1", mac="02:00:00:00:00:09"), FULL, "1.0")
    assert (specs.make, specs.model, specs.mac, specs.serial) == (
        "Antminer",
        "S19 Pro",
        "02:00:00:00:00:01",
        "S1",
    )
    assert specs_of(entry_of(1), None, "1.0").model == "S19 Pro"


def test_the_login_is_a_word_and_messages_go_along() -> None:
    appliance = appliance_of(FULL, 77.0)
    assert (appliance.login, appliance.read_at) == (Login.WORKS, 77.0)
    assert [(each.text, each.code) for each in appliance.notices] == [("fan lost", 7)]
    assert appliance.pools[0].user == "worker"
