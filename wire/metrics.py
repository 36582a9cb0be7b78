"""Every metric once: its unit, its bounds, how samples fold, and what it means."""

from __future__ import annotations

import math
from enum import StrEnum

import msgspec


class RollUp(StrEnum):
    """How the samples of a bucket become one value.

    INCREASE is for counters: what they grew by, where a fall means that they began anew at 0.
    """

    MEAN = "mean"
    MAX = "max"
    LAST = "last"
    INCREASE = "increase"


class Of(StrEnum):
    """What a metric is a figure of: the subjects of its series."""

    MACHINE = "machine"
    DEVICE = "device"
    ALGORITHM = "algorithm"


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table. `minimum` and `maximum` are inclusive; a value outside is a misreading.

    `of` MACHINE has no subject in its series, the others always have one. `code` stands for the name in
    what is stored and never changes; `step` is the precision to which values are taken and kept.
    """

    code: int
    name: str
    step: float
    label: str
    unit: str
    roll_up: RollUp
    minimum: float
    maximum: float
    help: str
    of: Of = Of.MACHINE


METRICS: tuple[Metric, ...] = (
    Metric(
        code=1,
        name="cpu_load_pct",
        step=0.1,
        label="CPU load",
        unit="%",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=100,
        help="Time that all cores together were busy since the sample before.",
    ),
    Metric(
        code=2,
        name="cpu_temperature_c",
        step=0.1,
        label="CPU temperature",
        unit="°C",
        roll_up=RollUp.MAX,
        minimum=-60,
        maximum=200,
        help="Hottest reading of the processor's own sensors.",
    ),
    Metric(
        code=3,
        name="cpu_frequency_hz",
        step=1e6,
        label="CPU frequency",
        unit="Hz",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=20e9,
        help="Mean clock of all cores, as the system reports it.",
    ),
    Metric(
        code=4,
        name="load_1min",
        step=0.01,
        label="Load average",
        unit="",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=1e6,
        help="Processes running or waiting, averaged over a minute.",
    ),
    Metric(
        code=5,
        name="memory_used_pct",
        step=0.1,
        label="Memory used",
        unit="%",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=100,
        help="Memory that is not available to a new program.",
    ),
    Metric(
        code=6,
        name="disk_used_pct",
        step=0.1,
        label="Disk used",
        unit="%",
        roll_up=RollUp.LAST,
        minimum=0,
        maximum=100,
        help="Used part of the disk that holds the sentry's own folder.",
    ),
    Metric(
        code=7,
        name="uptime_s",
        step=1,
        label="Uptime",
        unit="s",
        roll_up=RollUp.LAST,
        minimum=0,
        maximum=3.2e9,
        help="Time since the machine started.",
    ),
    Metric(
        code=8,
        name="network_received_bytes",
        step=1,
        label="Network received",
        unit="B",
        roll_up=RollUp.INCREASE,
        minimum=0,
        maximum=2**62,
        help="Bytes that came in by all network cards since the machine started.",
    ),
    Metric(
        code=9,
        name="network_sent_bytes",
        step=1,
        label="Network sent",
        unit="B",
        roll_up=RollUp.INCREASE,
        minimum=0,
        maximum=2**62,
        help="Bytes that went out by all network cards since the machine started.",
    ),
    Metric(
        code=10,
        name="power_w",
        step=1,
        label="Power",
        unit="W",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=1e6,
        help="Electrical power of the parts that measure it, together.",
    ),
    Metric(
        code=11,
        name="gpu_hottest_c",
        step=0.1,
        label="Hottest GPU",
        unit="°C",
        roll_up=RollUp.MAX,
        minimum=-60,
        maximum=200,
        help="Core temperature of the hottest card.",
    ),
    Metric(
        code=12,
        name="gpu_temperature_c",
        step=0.1,
        label="GPU temperature",
        unit="°C",
        roll_up=RollUp.MAX,
        minimum=-60,
        maximum=200,
        help="The card's core.",
        of=Of.DEVICE,
    ),
    Metric(
        code=13,
        name="gpu_hot_spot_temperature_c",
        step=0.1,
        label="GPU hot spot",
        unit="°C",
        roll_up=RollUp.MAX,
        minimum=-60,
        maximum=200,
        help="The hottest place of the card's core.",
        of=Of.DEVICE,
    ),
    Metric(
        code=14,
        name="gpu_memory_temperature_c",
        step=0.1,
        label="GPU memory temperature",
        unit="°C",
        roll_up=RollUp.MAX,
        minimum=-60,
        maximum=200,
        help="The card's memory.",
        of=Of.DEVICE,
    ),
    Metric(
        code=15,
        name="gpu_fan_pct",
        step=1,
        label="GPU fan",
        unit="%",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=200,
        help="How fast the card's fans are to turn; the mean where it has several.",
        of=Of.DEVICE,
    ),
    Metric(
        code=16,
        name="gpu_power_w",
        step=0.1,
        label="GPU power",
        unit="W",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=5000,
        help="What the card draws, as it measures that itself.",
        of=Of.DEVICE,
    ),
    Metric(
        code=17,
        name="gpu_core_clock_hz",
        step=1e6,
        label="GPU core clock",
        unit="Hz",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=20e9,
        help="Clock of the card's core.",
        of=Of.DEVICE,
    ),
    Metric(
        code=18,
        name="gpu_memory_clock_hz",
        step=1e6,
        label="GPU memory clock",
        unit="Hz",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=100e9,
        help="Clock of the card's memory.",
        of=Of.DEVICE,
    ),
    Metric(
        code=19,
        name="gpu_load_pct",
        step=1,
        label="GPU load",
        unit="%",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=100,
        help="Time that the card was busy.",
        of=Of.DEVICE,
    ),
    Metric(
        code=20,
        name="gpu_memory_used_bytes",
        step=1048576,
        label="GPU memory used",
        unit="B",
        roll_up=RollUp.LAST,
        minimum=0,
        maximum=2**50,
        help="Memory of the card that is in use.",
        of=Of.DEVICE,
    ),
    Metric(
        code=21,
        name="gpu_hashrate",
        step=0.01,
        label="GPU hashrate",
        unit="",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=9e16,
        help="What the card mines of the first algorithm, in that algorithm's unit.",
        of=Of.DEVICE,
    ),
    Metric(
        code=22,
        name="hashrate",
        step=0.01,
        label="Hashrate",
        unit="",
        roll_up=RollUp.MEAN,
        minimum=0,
        maximum=9e16,
        help="What the machine mines of the algorithm, in the algorithm's unit.",
        of=Of.ALGORITHM,
    ),
    Metric(
        code=23,
        name="accepted_shares",
        step=1,
        label="Accepted shares",
        unit="",
        roll_up=RollUp.INCREASE,
        minimum=0,
        maximum=2**53,
        help="Shares that the pool took since the program started.",
        of=Of.ALGORITHM,
    ),
    Metric(
        code=24,
        name="rejected_shares",
        step=1,
        label="Rejected shares",
        unit="",
        roll_up=RollUp.INCREASE,
        minimum=0,
        maximum=2**53,
        help="Shares that the pool refused since the program started.",
        of=Of.ALGORITHM,
    ),
)

BY_NAME: dict[str, Metric] = {metric.name: metric for metric in METRICS}
BY_CODE: dict[int, Metric] = {metric.code: metric for metric in METRICS}


def to_step(metric: Metric, value: float) -> float:
    """The value to the metric's precision: the nearest float to a whole number of steps."""
    return from_steps(metric, round(value / metric.step))


def from_steps(metric: Metric, steps: int) -> float:
    """A number of steps as a value. Divides where it can: 3 / 10 is the float 0.3, 3 * 0.1 is not."""
    if metric.step < 1:
        return steps / round(1 / metric.step)
    return steps * metric.step


def misreading(metric: Metric, value: float) -> str | None:
    """The reason why `value`, in the metric's unit, cannot be true; None when it can."""
    if not math.isfinite(value):
        return "is not a finite number"
    if not metric.minimum <= value <= metric.maximum:
        return f"is outside {metric.minimum:g} to {metric.maximum:g} {metric.unit}".rstrip()
    return None
