"""Takes from devices only what can be true; what cannot is None, and is listed with its reason."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from asic_edge.snapshot import Unread

MOST_BOARDS: Final = 32
MOST_FANS: Final = 32
MOST_POOLS: Final = 16
MOST_MESSAGES: Final = 50
LONGEST_TEXT: Final = 200
_LOOKED_AT = 4 * LONGEST_TEXT


class Bounds(NamedTuple):
    """Inclusive, in base units."""

    least: float
    most: float


RATE = Bounds(0, 1e24)
TEMPERATURE_C = Bounds(-60, 200)
POWER_W = Bounds(0, 1e6)
SPEED_RPM = Bounds(0, 100_000)
FREQUENCY_HZ = Bounds(0, 20e9)
DURATION_S = Bounds(0, 3.2e9)
CHIPS = Bounds(0, 100_000)
SHARES = Bounds(0, 2**53)


class Sieve:
    """What one reading did not give, by part; the first reason stays."""

    def __init__(self) -> None:
        self._reasons: dict[str, str] = {}

    @property
    def unread(self) -> tuple[Unread, ...]:
        """As a snapshot holds it."""
        return tuple(Unread(part, reason[:LONGEST_TEXT]) for part, reason in self._reasons.items())

    def lacks(self, part: str, reason: str) -> None:
        """This part was asked for and is not there."""
        self._reasons.setdefault(part, reason)

    def number(self, part: str, told: Any, bounds: Bounds, factor: float = 1) -> float | None:
        """`told` times `factor`. Numbers in texts count; None stays None without a reason."""
        value = number_of(told)
        if value is None:
            if told is not None and told != "":
                self.lacks(part, f"{str(told)[:40]!r} is not a number")
            return None
        value *= factor
        if not (math.isfinite(value) and bounds.least <= value <= bounds.most):
            self.lacks(part, f"{value:g} cannot be true")
            return None
        return value

    def whole(self, part: str, told: Any, bounds: Bounds) -> int | None:
        """The same for counters."""
        value = self.number(part, told, bounds)
        return None if value is None else int(value)


def number_of(told: Any) -> float | None:
    """A number, or one in a text; None for anything else, truth values included."""
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        return None
    try:
        return float(told)
    except (ValueError, OverflowError):
        return None


def text_of(told: Any) -> str | None:
    """A text without control characters, cut; None for empty and for anything else."""
    if not isinstance(told, str):
        return None
    told = told[:_LOOKED_AT]
    shown = told if told.isprintable() else "".join(each for each in told if each.isprintable())
    return shown.strip()[:LONGEST_TEXT] or None


def dict_of(told: Any) -> dict[str, Any]:
    """Itself where it is an object, else an empty one."""
    return told if isinstance(told, dict) else {}


def list_of(told: Any) -> list[Any]:
    """Itself where it is a list, else an empty one."""
    return told if isinstance(told, list) else []


def sum_of(told: list[float | None]) -> float | None:
    """None unless there is something to add and nothing is missing: a sum that lacks a part is wrong."""
    return None if not told or None in told else sum(each for each in told if each is not None)


def pool_address(url: Any) -> str | None:
    """`stratum+tcp://host:port/path` as "host:port"."""
    text = text_of(url)
    return text.rpartition("://")[2].partition("/")[0] or None if text else None
