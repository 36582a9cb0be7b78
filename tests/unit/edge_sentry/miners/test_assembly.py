"""Sums that are whole or none, states that follow from what is told."""

from __future__ import annotations

import pytest

from edge_sentry.miners.assembly import age_s, difference, finished, names_of, total, total_count, uptime_s
from edge_sentry.miners.normal_form import Algorithm, Device, Figures, State
from edge_sentry.miners.told import Told


@pytest.mark.parametrize(
    ("values", "summed"),
    [([1.5, 2.5], 4.0), ([1.5, None], None), ([], None), ([0.0], 0.0), ([1e24, 1e24], None)],
)
def test_a_sum_of_which_a_part_is_not_known_is_not_known(
    values: list[float | None], summed: float | None
) -> None:
    assert total(values) == summed


@pytest.mark.parametrize(
    ("values", "summed"), [([1, 2], 3), ([1, None], None), ([], None), ([2**53 - 1, 1], None)]
)
def test_counters_alike(values: list[int | None], summed: int | None) -> None:
    assert total_count(values) == summed


@pytest.mark.parametrize(
    ("all_", "some", "rest"), [(4, 3, 1), (4, 4, 0), (3, 4, None), (None, 1, None), (1, None, None)]
)
def test_differences_are_never_negative(all_: int | None, some: int | None, rest: int | None) -> None:
    assert difference(all_, some) == rest


@pytest.mark.parametrize(
    ("at", "age"), [(990, 10.0), (1000.5, 0.0), (1100, None), (0, None), (-5, None), ("990", None)]
)
def test_ages(at: object, age: float | None) -> None:
    told = Told({"at": at})
    assert age_s(told, "age_s", "at", now=1000) == age
    assert bool(told.unread()) is (age is None)


def test_uptime_in_minutes() -> None:
    assert uptime_s(Told({"minutes": 21}), "minutes", unit_s=60) == 1260.0
    assert uptime_s(Told({"minutes": 1e12}), "minutes", unit_s=60) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [("Etchash + kHeavyHash", ["etchash", "kheavyhash"]), ("a+b", ["a", "b"]), ("A", ["a"]), ("+", [])],
)
def test_names_of_dual_mining(text: str, names: list[str]) -> None:
    assert names_of(text) == names


@pytest.mark.parametrize(
    ("hashrate", "uptime", "paused", "state"),
    [
        (5.0, 10, False, State.MINING),
        (5.0, 10, True, State.PAUSED),
        (0.0, 10, False, State.STARTING),
        (None, 10, False, State.STARTING),
        (0.0, 181, False, State.STALLED),
        (None, 181, False, State.STALLED),
        (None, None, False, State.STARTING),
    ],
)
def test_states(hashrate: float | None, uptime: float | None, paused: bool, state: State) -> None:
    figures = Figures(uptime_s=uptime, algorithms=(Algorithm(name="a", hashrate=hashrate),))
    assert finished(Told({}), figures, paused=paused).state is state


def test_devices_have_a_value_for_each_algorithm() -> None:
    algorithms = (Algorithm(name="a"), Algorithm(name="b"))
    devices = (Device(key=None, hashrates=(1.0,), accepted=(1, 2, 3)), Device(key=None))
    whole = finished(Told({}), Figures(algorithms=algorithms, devices=devices))
    assert whole.devices[0].hashrates == (1.0, None)
    assert whole.devices[0].accepted == (1, 2)
    assert whole.devices[1].stale == (None, None)


def test_the_power_of_all_devices_is_known_or_not() -> None:
    known = Figures(devices=(Device(key=None, power_w=100.0), Device(key=None, power_w=50.0)))
    unknown = Figures(devices=(Device(key=None, power_w=100.0), Device(key=None)))
    assert finished(Told({}), known).power_w == 150.0
    assert finished(Told({}), unknown).power_w is None
