"""What one collector read: values, specs, what is mined, and what could not be read and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wire.messages import Mining

Spec = str | int | tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """`values` by metric in its unit, `specs` by field of wire's Specs, `unread` reasons by either's name.

    `mining`: a row for each algorithm and coin at this moment.
    """

    values: Mapping[str, float] = field(default_factory=dict)
    specs: Mapping[str, Spec] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    mining: tuple[Mining, ...] = ()


def value_or_reason(name: str, value: float | None, reason: str) -> Reading:
    """One value, or why there is none."""
    return Reading(unread={name: reason}) if value is None else Reading(values={name: value})


def spec_or_reason(name: str, spec: Spec | None, reason: str) -> Reading:
    """One spec, or why it is not known; empty and 0 mean not known."""
    return Reading(specs={name: spec}) if spec else Reading(unread={name: reason})


def merged(*readings: Reading) -> Reading:
    """All of them as one; what was not read counts as such even if another has it."""
    values = {name: value for each in readings for name, value in each.values.items()}
    specs = {name: spec for each in readings for name, spec in each.specs.items()}
    unread = {name: reason for each in readings for name, reason in each.unread.items()}
    mining = tuple(row for each in readings for row in each.mining)
    return Reading(values=values, specs=specs, unread=unread, mining=mining)
