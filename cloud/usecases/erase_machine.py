"""Erases an ASIC in the bin with all that is known of it, a bounded part at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from cloud.domain import keys, seats
from cloud.domain.asic_records import BinnedMachine, Evidence
from cloud.domain.keys import Key
from cloud.ports import AtRevision, Delete, Item, Ports, Put, every
from cloud.usecases.note_silence import forget_silence

_BESIDE_HISTORY = 8


def erase_machine(ports: Ports, farm: str, item: Item, room: int) -> int:
    """Deletes about `room` items at most; gives the room that is left, 0 where it may have to go on.

    `item` is its BinnedMachine. It is marked first, so that no edge brings a part of it back, and goes last,
    so that an interrupted erasure is found again.
    """
    binned = item.read(BinnedMachine)
    if binned.erased_at is None:
        marked = replace(binned, erased_at=ports.clock())
        kept = Item.of(item.key, marked, revision=item.revision + 1)
        if not ports.store.write(Put(kept, AtRevision(item.revision))):
            return room
    machine = binned.machine.machine
    left = erase_history(ports, farm, machine, room)
    if left == 0:
        return 0
    forget_silence(ports, farm, machine)
    claims = seats.claims_held(binned.macs, binned.serial)
    for claim in claims:
        _forget_evidence(ports, keys.evidence(farm, *claim), machine)
    for kind in (keys.specs, keys.unread, keys.appliance, keys.binned_machine):
        ports.store.write(Delete(kind(farm, machine)))
    return max(left - _BESIDE_HISTORY - len(claims), 0)


def erase_history(ports: Ports, farm: str, machine: str, room: int) -> int:
    """Of any machine, with its lines among the farm's events; gives the room left, 0 where more may be."""
    found = list(islice(_history(ports, farm, machine), room))
    for key in found:
        ports.store.write(Delete(key))
    return room - len(found)


def _history(ports: Ports, farm: str, machine: str) -> Iterator[Key]:
    for item in every(ports.store, keys.history_pk(farm, machine), "!", "~"):
        if item.key.sk.startswith(keys.EVENT_PREFIX):
            yield keys.farm_event_of(farm, machine, item.key)
        yield item.key


def _forget_evidence(ports: Ports, key: Key, machine: str) -> None:
    """Unless it leads to another machine since."""
    item = ports.store.get(key)
    if item is not None and item.read(Evidence).machine == machine:
        ports.store.write(Delete(key, AtRevision(item.revision)))
