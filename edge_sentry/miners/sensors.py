"""Reads what a program tells of a card's sensors: base units, and zero where zero means not known."""

from __future__ import annotations

from typing import NamedTuple, TypedDict

from edge_sentry.miners.told import Key, Told

Way = tuple[Key, ...]

_COLDEST_C, _HOTTEST_C = -40.0, 200.0
_FULL_SPEED_PCT = 200.0  # drivers tell more than 100 of a fan that turns faster than intended
_FASTEST_RPM = 50_000.0
_LEAST_W, _MOST_W = 1.0, 1_500.0
_FASTEST_HZ = 1e11
_HZ_OF_MHZ = 1e6
# How programs say that there is no sensor: 0 in most, -1 in some.
_NO_SENSOR = (0.0, -1.0)


class SensorKeys(NamedTuple):
    """The way to each sensor within a device's part of a reply; () where the program has none.

    `power_unit_w`: what the program counts power in, in watts. Clocks are in MHz everywhere.
    """

    core: Way = ()
    memory: Way = ()
    hot_spot: Way = ()
    fan: Way = ()
    fan_rpm: Way = ()
    power: Way = ()
    core_clock: Way = ()
    memory_clock: Way = ()
    power_unit_w: float = 1.0


class Sensors(TypedDict):
    """The fields of a device that come from its sensors."""

    temperature_c: float | None
    memory_temperature_c: float | None
    hot_spot_temperature_c: float | None
    fan_pct: float | None
    fan_rpm: float | None
    power_w: float | None
    core_clock_hz: float | None
    memory_clock_hz: float | None


def sensors_of(card: Told, keys: SensorKeys) -> Sensors:
    """All that the program has a key for. What it tells as unknown, or absurdly, is None with a reason."""
    core_c = _temperature(card, "temperature_c", keys.core)
    return Sensors(
        temperature_c=core_c,
        memory_temperature_c=_temperature(card, "memory_temperature_c", keys.memory),
        hot_spot_temperature_c=_temperature(card, "hot_spot_temperature_c", keys.hot_spot),
        fan_pct=_fan(card, "fan_pct", keys.fan, _FULL_SPEED_PCT, has_sensors=core_c is not None),
        fan_rpm=_fan(card, "fan_rpm", keys.fan_rpm, _FASTEST_RPM, has_sensors=core_c is not None),
        power_w=power_w(card, *keys.power, unit_w=keys.power_unit_w) if keys.power else None,
        core_clock_hz=_clock(card, "core_clock_hz", keys.core_clock),
        memory_clock_hz=_clock(card, "memory_clock_hz", keys.memory_clock),
    )


def power_w(part: Told, *path: Key, unit_w: float = 1.0, most: float = _MOST_W) -> float | None:
    """Electrical power in watts; under one watt nothing that mines runs, so the unit is another."""
    return part.number("power_w", *path, least=_LEAST_W, most=most, unknown=_NO_SENSOR, factor=unit_w)


def _temperature(card: Told, name: str, path: Way) -> float | None:
    if not path:
        return None
    return card.number(name, *path, least=_COLDEST_C, most=_HOTTEST_C, unknown=_NO_SENSOR)


def _fan(card: Told, name: str, path: Way, most: float, *, has_sensors: bool) -> float | None:
    """A fan that stands still is 0 on a card whose temperature is known, and unknown on another."""
    if not path:
        return None
    return card.number(name, *path, most=most, unknown=(-1.0,) if has_sensors else _NO_SENSOR)


def _clock(card: Told, name: str, path: Way) -> float | None:
    if not path:
        return None
    return card.number(name, *path, most=_FASTEST_HZ, unknown=_NO_SENSOR, factor=_HZ_OF_MHZ)
