"""Every metric once: its unit, its bounds, how samples fold, and what it means."""

from __future__ import annotations

import math
from enum import StrEnum

import msgspec


class RollUp(StrEnum):
    """How the samples of a bucket become one value."""

    MEAN = "mean"
    MAX = "max"
    LAST = "last"


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table. `minimum` and `maximum` are inclusive; a value outside is a misreading."""

    name: str
    label: str
    unit: str
    roll_up: RollUp
    minimum: float
    maximum: float
    help: str


METRICS: tuple[Metric, ...] = (
    Metric(
        name="cpu_load_pct",
        label="CPU load",
        unit="%",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=100,
        help="Time that all cores together were busy since the sample before.",
    ),
    Metric(
        name="cpu_temperature_c",
        label="CPU temperature",
        unit="°C",
        roll_up=RollUp.MAX,
        minimum=-60,
        maximum=200,
        help="Hottest reading of the processor's own sensors.",
    ),
    Metric(
        name="cpu_frequency_hz",
        label="CPU frequency",
        unit="Hz",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=20e9,
        help="Mean clock of all cores, as the system reports it.",
    ),
    Metric(
        name="load_1min",
        label="Load average",
        unit="",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=1e6,
        help="Processes running or waiting, averaged over a minute.",
    ),
    Metric(
        name="memory_used_pct",
        label="Memory used",
        unit="%",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=100,
        help="Memory that is not available to a new program.",
    ),
    Metric(
        name="disk_used_pct",
        label="Disk used",
        unit="%",
        roll_up=RollUp.LAST,
        minimum=0,
        maximum=100,
        help="Used part of the disk that holds the sentry's own folder.",
    ),
    Metric(
        name="uptime_s",
        label="Uptime",
        unit="s",
        roll_up=RollUp.LAST,
        minimum=0,
        maximum=3.2e9,
        help="Time since the machine started.",
    ),
)

BY_NAME: dict[str, Metric] = {metric.name: metric for metric in METRICS}


def misreading(metric: Metric, value: float) -> str | None:
    """The reason why `value`, in the metric's unit, cannot be true; None when it can."""
    if not math.isfinite(value):
        return "is not a finite number"
    if not metric.minimum <= value <= metric.maximum:
        return f"is outside {metric.minimum:g} to {metric.maximum:g} {metric.unit}".rstrip()
    return None
