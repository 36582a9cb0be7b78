"""Erases what has lain in the bin long enough: the machine, its figures, its whole history."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import msgspec

from cloud.domain import keys
from cloud.domain.records import Agent, Binned
from cloud.ports import AtRevision, Delete, Item, Ports, Put, every
from cloud.usecases.note_silence import forget_silence

ITEMS_A_ROUND = 2000
"""A year of one machine, or a day of many, is more than one call should delete; the next round goes on."""
_BESIDE_HISTORY = 6


def empty_bin(ports: Ports, farm: str) -> None:
    """Does a bounded part of it; call it again and again."""
    prefix, room = keys.BINNED_PREFIX, ITEMS_A_ROUND
    for item in every(ports.store, keys.farm_pk(farm), prefix, prefix + "~"):
        binned = item.read(Binned)
        if room > 0 and ports.clock() >= binned.binned_at + ports.policy.bin_s:
            room = erase(ports, farm, binned, room)


def erase(ports: Ports, farm: str, binned: Binned, room: int = ITEMS_A_ROUND) -> int:
    """Deletes about `room` items at most; gives the room that is left, 0 where it may have to go on.

    The agent is marked first, so that nothing is restored in part, and the bin's own line goes last, so
    that an interrupted erasure is found again.
    """
    if not _forget_agent(ports, farm, binned):
        return room
    machine = binned.machine.machine if binned.machine else None
    found = list(islice(_items(ports, farm, machine), room)) if machine else []
    for key in found:
        ports.store.write(Delete(key))
    if len(found) == room:
        return 0
    if machine is not None:
        forget_silence(ports, farm, machine)
        for key in (keys.latest(farm, machine), keys.specs(farm, machine), keys.unread(farm, machine)):
            ports.store.write(Delete(key))
    ports.store.write(Delete(keys.binned(farm, binned.agent)))
    return max(room - len(found) - _BESIDE_HISTORY, 0)


def _items(ports: Ports, farm: str, machine: str) -> Iterator[keys.Key]:
    """The machine's history, with its lines among the farm's events."""
    for item in every(ports.store, keys.history_pk(farm, machine), "!", "~"):
        if item.key.sk.startswith(keys.EVENT_PREFIX):
            yield keys.farm_event_of(farm, machine, item.key)
        yield item.key


def _forget_agent(ports: Ports, farm: str, binned: Binned) -> bool:
    """The name stays for a while, so that the agent is told what became of it; False if it was restored."""
    item = ports.store.get(keys.agent(farm, binned.agent))
    agent = item.read(Agent) if item else None
    if item is None or agent is None or agent.erased_at is not None:
        return True
    if agent.binned_at != binned.binned_at:
        return False
    now = ports.clock()
    erased = msgspec.structs.replace(agent, erased_at=now, hardware=(), stranger=None, orders=(), watched=())
    expires_at = now + ports.policy.erased_token_s
    kept = Item.of(item.key, erased, revision=item.revision + 1, expires_at=expires_at)
    return ports.store.write(Put(kept, AtRevision(item.revision)))
