"""Reads the processor: what it is, how busy, how fast and how hot."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import psutil

from edge_sentry.reading import Reading, merged, spec_or_reason, value_or_reason

METRICS = ("cpu_load_pct", "cpu_frequency_hz", "cpu_temperature_c")

# Names of Linux drivers that measure the processor itself, not the board around it.
_CPU_SENSORS = (
    "coretemp",
    "k10temp",
    "zenpower",
    "k8temp",
    "cpu_thermal",
    "cpu-thermal",
    "cpu0_thermal",
    "soc_thermal",
    "x86_pkg_temp",
    "via_cputemp",
)
_SHORTEST_S = 0.1


class SensorReading(Protocol):
    """What psutil says of one sensor: degrees Celsius."""

    @property
    def label(self) -> str: ...
    @property
    def current(self) -> float | None: ...


class CpuTimes(NamedTuple):
    """Seconds of all threads together since the start of the system."""

    busy: float
    total: float


def start(_folder: Path) -> Callable[[], Reading]:
    """Reads once what cannot change; the load counts from here."""
    fixed = _fixed()
    load = Load(_cpu_times)

    def collect() -> Reading:
        return merged(fixed, load.collect(), _frequency(), _temperature())

    return collect


class Load:
    """The busy part of the time between one sample and the next."""

    def __init__(self, cpu_times: Callable[[], CpuTimes]) -> None:
        self._cpu_times = cpu_times
        self._before = cpu_times()

    def collect(self) -> Reading:
        """Unread when hardly any time has passed: the system counts in hundredths of a second."""
        now, before = self._cpu_times(), self._before
        passed = now.total - before.total
        if passed < _SHORTEST_S:
            return Reading(unread={"cpu_load_pct": "too soon after the sample before"})
        self._before = now
        busy_pct = 100 * (now.busy - before.busy) / passed
        return Reading(values={"cpu_load_pct": round(min(max(busy_pct, 0.0), 100.0), 2)})


def hottest(sensors: Mapping[str, Sequence[SensorReading]]) -> float | None:
    """The highest reading of the processor's sensors in °C, None when it has none."""
    found = [
        sensor.current
        for driver in _CPU_SENSORS
        for sensor in _true_readings(sensors.get(driver, ()))
        if sensor.current is not None
    ]
    return max(found, default=None)


def model_of_cpuinfo(lines: Iterable[str]) -> str | None:
    """The processor's name in Linux's /proc/cpuinfo, which differs between architectures."""
    for line in lines:
        key, _, value = line.partition(":")
        if key.strip() in {"model name", "Hardware", "Model", "cpu model", "uarch"}:
            return value.strip() or None
    return None


def _true_readings(sensors: Sequence[SensorReading]) -> list[SensorReading]:
    """AMD's Tctl is for fans and up to 27 °C above the truth where Tdie stands beside it."""
    has_tdie = any(sensor.label == "Tdie" for sensor in sensors)
    return [sensor for sensor in sensors if not (has_tdie and sensor.label == "Tctl")]


def _fixed() -> Reading:
    return merged(
        spec_or_reason("cpu_model", _model(), "the system does not tell"),
        spec_or_reason("cpu_cores", psutil.cpu_count(logical=False), "the system does not tell"),
        spec_or_reason("cpu_threads", psutil.cpu_count(), "the system does not tell"),
    )


def _model() -> str | None:
    if sys.platform == "win32":
        return _windows_model()
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as lines:
            return model_of_cpuinfo(lines)
    except OSError:
        return platform.processor() or None


def _windows_model() -> str | None:
    if sys.platform != "win32":
        return None
    import winreg  # noqa: PLC0415 - exists there only

    path = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
            return str(winreg.QueryValueEx(key, "ProcessorNameString")[0]).strip()
    except OSError:
        return platform.processor() or None


def _cpu_times() -> CpuTimes:
    times = psutil.cpu_times()._asdict()
    # Linux counts guests in user and nice already; waiting for a disk is not being busy.
    total = sum(seconds for name, seconds in times.items() if not name.startswith("guest"))
    return CpuTimes(busy=total - times["idle"] - times.get("iowait", 0.0), total=total)


def _frequency() -> Reading:
    frequency = psutil.cpu_freq()
    # typeshed forgets that it is None where the system does not tell.
    hz = float(getattr(frequency, "current", 0.0)) * 1e6 or None
    return value_or_reason("cpu_frequency_hz", hz, "the system does not tell")


def _temperature() -> Reading:
    if not hasattr(psutil, "sensors_temperatures"):
        return Reading(unread={"cpu_temperature_c": "not available on this system"})
    try:
        celsius = hottest(psutil.sensors_temperatures())
    except PermissionError:
        return Reading(unread={"cpu_temperature_c": "permission denied"})
    return value_or_reason("cpu_temperature_c", celsius, "no sensor found")
