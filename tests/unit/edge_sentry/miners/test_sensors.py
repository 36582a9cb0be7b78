"""Zero means not known where there is no sensor, and zero where a fan stands still."""

from __future__ import annotations

import pytest

from edge_sentry.miners.sensors import SensorKeys, power_w, sensors_of
from edge_sentry.miners.told import Told

KEYS = SensorKeys(core=("t",), memory=("m",), fan=("f",), power=("p",), core_clock=("c",), power_unit_w=0.001)


@pytest.mark.parametrize("nothing", [0, -1, 0.0])
def test_no_sensor_at_all(nothing: float) -> None:
    read = sensors_of(Told(dict.fromkeys("tmfpc", nothing)), KEYS)
    assert set(read.values()) == {None}


def test_a_fan_that_stands_still_on_a_card_that_is_read() -> None:
    assert sensors_of(Told({"t": 45, "f": 0}), KEYS)["fan_pct"] == 0.0
    assert sensors_of(Told({"t": 0, "f": 0}), KEYS)["fan_pct"] is None
    assert sensors_of(Told({"t": 45, "f": -1}), KEYS)["fan_pct"] is None


def test_units() -> None:
    read = sensors_of(Told({"t": 66, "f": 104, "p": 183250, "c": 1860}), KEYS)
    assert read["temperature_c"] == 66.0
    assert read["fan_pct"] == 104.0
    assert read["power_w"] == 183.25
    assert read["core_clock_hz"] == 1.86e9


@pytest.mark.parametrize("absurd", [5000, -300, 201])
def test_temperatures_that_cannot_be(absurd: float) -> None:
    card = Told({"t": absurd})
    assert sensors_of(card, SensorKeys(core=("t",)))["temperature_c"] is None
    assert [each.part for each in card.unread()] == ["temperature_c"]


@pytest.mark.parametrize(("milliwatts", "watts"), [(75, None), (75_000, 75.0), (2_000_000, None)])
def test_a_power_in_another_unit_is_not_believed(milliwatts: float, watts: float | None) -> None:
    assert power_w(Told({"p": milliwatts}), "p", unit_w=0.001) == watts


def test_what_a_program_has_no_key_for_needs_no_reason() -> None:
    card = Told({})
    assert set(sensors_of(card, SensorKeys()).values()) == {None}
    assert card.unread() == ()
