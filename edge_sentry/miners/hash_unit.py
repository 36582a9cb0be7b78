"""Units of hashrates: of those that programs write, and of algorithms whose programs write none."""

from __future__ import annotations

import re
from typing import NamedTuple, get_args

from edge_sentry.miners.normal_form import HIGHEST_HASHRATE, Unit
from edge_sentry.miners.told import Key, Told
from wire.units import UnknownUnit, read_quantity

_SOLUTIONS = re.compile(r"equihash|^equi\d|zhash|zelhash|beamhash|^\d+[,/_]\d+")
_GRAPHS = re.compile(r"cuck(oo|aroo|atoo)|^c(29|30|31|32)|^grin|^aeternity")
# `wire.units` knows the prefixes; these units it does not know, and only their prefixes are asked for.
_AS_HASHES = {"g/s": "H/s", "I/s": "H/s", "It/s": "H/s", "h/s": "H/s", "sol/s": "Sol/s"}
_NAMES: dict[str, Unit] = {"g/s": "g/s", "I/s": "I/s", "It/s": "I/s"}


class HashUnit(NamedTuple):
    """`factor` base units in one of the written: "Mh/s" is 1e6 times "H/s"."""

    factor: float
    unit: Unit


def unit_of(algorithm: str | None) -> Unit:
    """What an algorithm counts, where the program does not say: solutions, graphs or, mostly, hashes."""
    name = (algorithm or "").lower()
    if _SOLUTIONS.search(name):
        return "Sol/s"
    return "g/s" if _GRAPHS.search(name) else "H/s"


def unit_of_text(written: str) -> HashUnit | None:
    """From "Mh/s", "kH/s", "Sol/s" or "g/s"; None for what we do not know."""
    suffix = next((each for each in _AS_HASHES if written.endswith(each)), "")
    known = written.removesuffix(suffix) + _AS_HASHES[suffix] if suffix else written
    try:
        value, base = read_quantity(f"1 {known}")
    except UnknownUnit:
        return None
    unit = _NAMES.get(suffix) or next((each for each in get_args(Unit) if each == base), None)
    return None if unit is None else HashUnit(value, unit)


def written_unit(part: Told, *path: Key) -> HashUnit | None:
    """The unit that the reply names; None, with a reason, where there is none that we know."""
    written = part.text("hashrate", *path)
    found = None if written is None else unit_of_text(written)
    if found is None:
        part.note("hashrate", f"'{path[-1]}' is no unit that we know")
    return found


def number_with_prefix(part: Told, name: str, *path: Key) -> float | None:
    """A plain number, or one as people write it: "4.29 G"."""
    if not part.has(*path) or part.is_number(*path):
        return part.number(name, *path)
    text = part.text(name, *path) or ""
    try:
        number = read_quantity(f"{text}H/s").value
    except UnknownUnit:
        part.note(name, f"'{path[-1]}' is not a number")
        return None
    return part.believed(name, number, path, most=HIGHEST_HASHRATE)
