"""Power is energy by time, over all packages, and unread with a reason where there is no meter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from edge_sentry.collectors.power import Energy, Power, packages


def power_of(*readings: Mapping[str, Energy], step_s: float = 10.0) -> Power:
    left: Iterator[Mapping[str, Energy]] = iter(readings)
    times = iter(number * step_s for number in range(-1, 100))
    return Power(lambda: next(left), lambda: next(times))


def test_watts_of_all_packages_since_the_sample_before() -> None:
    power = power_of(
        {"a": Energy(0, 10**9), "b": Energy(5, 10**9)},
        {"a": Energy(500_000_000, 10**9), "b": Energy(100_000_005, 10**9)},
        {"a": Energy(500_000_000, 10**9), "b": Energy(100_000_005, 10**9)},
    )
    assert [power.collect().values["power_w"] for _ in range(2)] == [60.0, 0.0]


def test_a_counter_that_begins_anew() -> None:
    power = power_of({"a": Energy(900_000_000, 10**9)}, {"a": Energy(100_000_000, 10**9)})
    assert power.collect().values == {"power_w": 20.0}


def test_too_soon_is_unread_and_the_next_counts_from_before() -> None:
    energies = iter({"a": Energy(used, 10**9)} for used in (0, 1_000_000, 100_000_000))
    times = iter([0.0, 0.0, 0.05, 10.0])
    power = Power(lambda: next(energies), lambda: next(times))
    assert "power_w" in power.collect().unread
    assert power.collect().values == {"power_w": 10.0}


def test_packages_that_come_and_go_are_never_guessed() -> None:
    power = power_of({"a": Energy(0, 9)}, {"a": Energy(0, 9), "b": Energy(0, 9)}, {})
    assert power.collect().unread == {"power_w": "no earlier reading to compare with"}
    assert power.collect().unread == {"power_w": "no meter found"}


def test_without_the_right_it_says_so() -> None:
    def refused() -> Mapping[str, Energy]:
        raise PermissionError

    assert "permission denied" in Power(refused, lambda: 0.0).collect().unread["power_w"]


def test_packages_are_counted_without_their_parts(tmp_path: Path) -> None:
    for domain, name, used in (
        ("intel-rapl:0", "package-0", 5),
        ("intel-rapl:0:0", "core", 3),
        ("intel-rapl:1", "package-1", 6),
        ("intel-rapl:2", "psys", 20),
        ("intel-rapl-mmio:0", "package-0", 5),
    ):
        folder = tmp_path / domain
        folder.mkdir()
        for file, text in (("name", name), ("energy_uj", used), ("max_energy_range_uj", 99)):
            (folder / file).write_text(f"{text}\n")
    assert packages(tmp_path) == {"intel-rapl:0": Energy(5, 99), "intel-rapl:1": Energy(6, 99)}


@pytest.mark.parametrize("folder", ["none"])
def test_a_system_without_meters(tmp_path: Path, folder: str) -> None:
    assert packages(tmp_path / folder) == {}
