"""Reads and changes what a farm's agents are asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import SystemRandom

from cloud.domain import keys
from cloud.domain.pace import pace_of
from cloud.domain.records import Cadence
from cloud.ports import Absent, AtRevision, Item, Ports, Put, StoreUnavailable
from wire.live import Pace

PAUSE_MAX_S = 0.2
_TRIES = 10
_FIRST_PAUSE_S = 0.01
_random = SystemRandom()


def find_cadence(ports: Ports, farm: str) -> Cadence:
    """As the owner set it up, or the default."""
    item = ports.store.get(keys.cadence(farm))
    return item.read(Cadence) if item else Cadence()


def find_pace(ports: Ports, farm: str) -> Pace:
    """What the farm's settings come to."""
    return pace_of(ports.policy, find_cadence(ports, farm).settings)


def pause_s(failed: int) -> float:
    """How long to wait after so many refused writes: longer each time, and never in step with others."""
    return _random.uniform(0, min(PAUSE_MAX_S, _FIRST_PAUSE_S * 2**failed))


def _pause(failed: int) -> None:
    time.sleep(pause_s(failed))


Keep = Callable[[Put, Cadence], bool]
"""Carries out the write that replaces this cadence; False if its condition did not hold."""


def change_cadence(
    ports: Ports,
    farm: str,
    change: Callable[[Cadence], Cadence],
    pause: Callable[[int], None] = _pause,
    keep: Keep | None = None,
) -> Cadence:
    """Applies `change` to what is kept; pages renew their watch at any time, so it may be called again.

    What changes nothing is not written. `pause` waits after the given number of refused writes; without
    `keep` the store carries them out.
    """
    key = keys.cadence(farm)
    for failed in range(_TRIES):
        if failed:
            pause(failed)
        item = ports.store.get(key)
        known = item.read(Cadence) if item else Cadence()
        changed = change(known)
        if changed == known:
            return known
        revision = item.revision if item else 0
        when = AtRevision(revision) if item else Absent()
        put = Put(Item.of(key, changed, revision=revision + 1), when)
        if keep(put, known) if keep else ports.store.write(put):
            return changed
    raise StoreUnavailable("the farm's cadence changes faster than it can be written")
