"""Puts the parts of a reply together: sums that are whole, states that follow, no more than fits."""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec

from edge_sentry.miners.normal_form import (
    HIGHEST_COUNT,
    HIGHEST_HASHRATE,
    MOST_ALGORITHMS,
    MOST_DEVICES,
    Device,
    Figures,
    State,
)
from edge_sentry.miners.told import Key, Told

# A program that has been up for longer and hashes nothing does not just start.
_STARTS_WITHIN_S = 180.0
LONGEST_S = 3.2e9
S_OF_MS = 0.001
S_OF_MINUTE = 60.0


def total(values: Iterable[float | None]) -> float | None:
    """The sum, None when a part is not known: without it the sum would be too low. None of nothing."""
    known = list(values)
    whole = [value for value in known if value is not None]
    summed = math.fsum(whole)
    return summed if whole and len(whole) == len(known) and summed <= HIGHEST_HASHRATE else None


def total_count(values: Iterable[int | None]) -> int | None:
    """The same for counters."""
    known = list(values)
    whole = [value for value in known if value is not None]
    return sum(whole) if whole and len(whole) == len(known) and sum(whole) < HIGHEST_COUNT else None


def difference(all_: int | None, some: int | None) -> int | None:
    """All less some, None when one is not known or the parts are more than the whole."""
    return None if all_ is None or some is None or some > all_ else all_ - some


def uptime_s(told: Told, *path: Key, unit_s: float = 1.0) -> float | None:
    """How long the program has been up, from a number of seconds or of `unit_s`."""
    return told.number("uptime_s", *path, most=LONGEST_S, factor=unit_s)


def age_s(part: Told, name: str, *path: Key, now: float) -> float | None:
    """How long ago an epoch second was; 0 is how programs say never."""
    at = part.number(name, *path, unknown=(0,))
    # A second of slack: a program's own clock may have ticked since `now` was taken.
    age = None if at is None else part.believed(name, now - at, path, least=-1.0, most=LONGEST_S)
    return None if age is None else max(age, 0.0)


def names_of(algorithm: str | None) -> list[str]:
    """The algorithms of "a + b", in lower case."""
    names = [name.strip().lower() for name in (algorithm or "").split("+")]
    return [name for name in names if name][:MOST_ALGORITHMS]


def finished(told: Told, figures: Figures, *, paused: bool = False) -> Figures:
    """Adds what follows from the rest: the state, the power of all devices, the reasons."""
    power_w = figures.power_w
    if power_w is None:
        power_w = total(device.power_w for device in figures.devices)
    slots, shown = len(figures.algorithms), figures.devices[:MOST_DEVICES]
    if len(shown) < len(figures.devices):
        told.note("devices", f"there are {len(figures.devices)}, of which the first {MOST_DEVICES} are read")
    return msgspec.structs.replace(
        figures,
        state=state_of(figures, paused=paused),
        power_w=power_w,
        devices=tuple(_with_slots(device, slots) for device in shown),
        unread=told.unread(),
    )


def state_of(figures: Figures, *, paused: bool) -> State:
    """Stalled only when it has been up for long enough to hash and tells that it does not."""
    if paused:
        return State.PAUSED
    if any(algorithm.hashrate for algorithm in figures.algorithms):
        return State.MINING
    long_up = figures.uptime_s is not None and figures.uptime_s > _STARTS_WITHIN_S
    return State.STALLED if long_up else State.STARTING


def _with_slots(device: Device, slots: int) -> Device:
    """A value for each algorithm, None where the program tells none."""
    nothing = (None,) * slots
    return msgspec.structs.replace(
        device,
        hashrates=(device.hashrates + nothing)[:slots],
        accepted=(device.accepted + nothing)[:slots],
        rejected=(device.rejected + nothing)[:slots],
        stale=(device.stale + nothing)[:slots],
        invalid=(device.invalid + nothing)[:slots],
    )
