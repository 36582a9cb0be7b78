"""Stops mining on cards that are too hot, and lets it go on when they have cooled down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from edge_sentry.supervisor.defaults import Defaults
from edge_sentry.supervisor.facts import GpuFacts, RigFacts
from edge_sentry.supervisor.playbook import Assignment, Playbook


class Limits(NamedTuple):
    """At these temperatures it is too hot."""

    core_c: float
    memory_c: float


class Heat(msgspec.Struct, frozen=True):
    """Since when each card is too hot without a break, and the reading that it was last judged by."""

    since: dict[str, float] = {}
    at: float = float("-inf")


def limits_of(assignment: Assignment, defaults: Defaults) -> Limits:
    """The owner's, else those of the table."""
    core_c, memory_c = assignment.core_limit_c, assignment.memory_limit_c
    return Limits(
        defaults.core_limit_c if core_c is None else core_c,
        defaults.memory_limit_c if memory_c is None else memory_c,
    )


def judged(heat: Heat, rig: RigFacts, playbook: Playbook, limits: Limits, defaults: Defaults) -> Heat:
    """With one more reading; a card that could not be read is as before."""
    since = dict(heat.since) if rig.at - heat.at <= defaults.longest_gap_s else {}
    for address, gpu in _own(rig, playbook).items():
        if _hot(gpu, limits):
            since.setdefault(address, rig.at)
        elif gpu.temperature_c is not None or gpu.memory_temperature_c is not None:
            since.pop(address, None)
    return Heat(since, rig.at)


def too_hot(heat: Heat, defaults: Defaults) -> tuple[str, ...]:
    """The cards that have been so for too long."""
    return tuple(address for address, since in heat.since.items() if heat.at - since >= defaults.too_hot_s)


def cooled(hot: tuple[str, ...], rig: RigFacts, limits: Limits, defaults: Defaults) -> bool:
    """Whether each of the cards was read and is well below both limits."""
    core_c, memory_c = (limit - defaults.resume_below_c for limit in limits)
    cards = [rig.gpus.get(address, GpuFacts()) for address in hot]
    return all(
        (card.temperature_c is not None or card.memory_temperature_c is not None)
        and _below(card.temperature_c, core_c)
        and _below(card.memory_temperature_c, memory_c)
        for card in cards
    )


def in_words(hot: tuple[str, ...], rig: RigFacts) -> str:
    """The cards with their temperatures."""
    return ", ".join(f"{address} at {_temperatures(rig.gpus.get(address, GpuFacts()))}" for address in hot)


def _own(rig: RigFacts, playbook: Playbook) -> Mapping[str, GpuFacts]:
    if not playbook.devices:
        return rig.gpus
    return {address: gpu for address, gpu in rig.gpus.items() if address in playbook.devices}


def _hot(gpu: GpuFacts, limits: Limits) -> bool:
    return not _below(gpu.temperature_c, limits.core_c) or not _below(
        gpu.memory_temperature_c, limits.memory_c
    )


def _below(temperature_c: float | None, limit_c: float) -> bool:
    return temperature_c is None or temperature_c < limit_c


def _temperatures(gpu: GpuFacts) -> str:
    told = {"": gpu.temperature_c, " (memory)": gpu.memory_temperature_c}
    return " and ".join(f"{value:.0f} °C{where}" for where, value in told.items() if value is not None)
