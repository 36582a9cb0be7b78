"""Reads and changes what a farm's agents are asked for."""

from __future__ import annotations

from collections.abc import Callable

from cloud.domain import keys
from cloud.domain.pace import pace_of
from cloud.domain.records import Cadence
from cloud.ports import Absent, AtRevision, Item, Ports, Put, StoreUnavailable
from wire.live import Pace

_TRIES = 10


def find_cadence(ports: Ports, farm: str) -> Cadence:
    """As the owner set it up, or the default."""
    item = ports.store.get(keys.cadence(farm))
    return item.read(Cadence) if item else Cadence()


def find_pace(ports: Ports, farm: str) -> Pace:
    """What the farm's settings come to."""
    return pace_of(ports.policy, find_cadence(ports, farm).settings)


def change_cadence(ports: Ports, farm: str, change: Callable[[Cadence], Cadence]) -> Cadence:
    """Applies `change` to what is kept; pages renew their watch at any time, so it may be called again."""
    key = keys.cadence(farm)
    for _ in range(_TRIES):
        item = ports.store.get(key)
        changed = change(item.read(Cadence) if item else Cadence())
        revision = item.revision if item else 0
        when = AtRevision(revision) if item else Absent()
        if ports.store.write(Put(Item.of(key, changed, revision=revision + 1), when)):
            return changed
    raise StoreUnavailable("the farm's cadence changes faster than it can be written")
