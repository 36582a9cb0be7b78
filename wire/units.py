"""Reads quantities as mining programs print them ("14.2 TH/s") into base units; refuses the unknown."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

HASHES_PER_SECOND = "H/s"
SOLUTIONS_PER_SECOND = "Sol/s"
WATTS = "W"
HERTZ = "Hz"
CELSIUS = "°C"
PERCENT = "%"
SECONDS = "s"
REVOLUTIONS_PER_MINUTE = "rpm"

_PREFIXES = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18, "Z": 1e21}
_PREFIXED = {
    "H/s": HASHES_PER_SECOND,
    "Sol/s": SOLUTIONS_PER_SECOND,
    "W": WATTS,
    "Hz": HERTZ,
}
_PLAIN = {
    "C": CELSIUS,
    "°C": CELSIUS,
    "%": PERCENT,
    "s": SECONDS,
    "rpm": REVOLUTIONS_PER_MINUTE,
    "RPM": REVOLUTIONS_PER_MINUTE,
}
# Case counts (mW is not MW) but for the two spellings that only ever mean one thing.
_SPELLINGS = {"KH/s": "kH/s", "KSol/s": "kSol/s"}
_QUANTITY = re.compile(r"\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(\S+)\s*\Z")


class Quantity(NamedTuple):
    """A number in a base unit: `value` 14.2e12, `unit` "H/s"."""

    value: float
    unit: str


class UnknownUnit(ValueError):
    """The text is no number with a unit that we know; guessing one would be a lie."""


def read_quantity(text: str) -> Quantity:
    """Reads one number with its unit.

    >>> read_quantity("14.2 TH/s")
    Quantity(value=14200000000000.0, unit='H/s')

    Raises UnknownUnit for anything else: no unit, an unknown one, "nan", more text.
    """
    match = _QUANTITY.match(text)
    if match is None:
        raise UnknownUnit(f"{text!r} is not a number followed by a unit")
    factor, unit = _base_unit(match[2])
    value = float(match[1]) * factor
    if not math.isfinite(value):
        raise UnknownUnit(f"{text!r} is too large")
    return Quantity(value, unit)


def _base_unit(written: str) -> tuple[float, str]:
    written = _SPELLINGS.get(written, written)
    if written in _PLAIN:
        return 1.0, _PLAIN[written]
    for suffix, unit in _PREFIXED.items():
        prefix = written.removesuffix(suffix)
        if prefix != written and prefix in _PREFIXES:
            return _PREFIXES[prefix], unit
    raise UnknownUnit(f"{written!r} is not a unit that we know")
