"""What a metric is: a row of the table in `wire.metrics`."""

from __future__ import annotations

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
