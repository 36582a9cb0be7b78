"""Finds the newest events of those of a farm's machines that a member limited to some clients sees."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import NamedTuple

from cloud.domain import keys
from cloud.domain.permissions import Seat
from cloud.domain.records import Event
from cloud.ports import Item, Ports
from cloud.usecases.list_machines import seen_machines

SCANNED_MAX = 5000
"""Events of the farm that are looked through before each machine is asked for its own.

Who sees a good part of the farm finds enough among these; who sees little has few machines to ask.
"""
_SCANNED_AT_ONCE = 1000
_OWN_AT_ONCE = 20


class SeenEvent(NamedTuple):
    """An event, and its sort key among those of the farm."""

    farm_sk: str
    event: Event


def find_seen_events(ports: Ports, farm: str, seat: Seat, before: str | None, count: int) -> list[SeenEvent]:
    """The newest `count` events before that sort key, newest first; fewer only where there are no more.

    What others' machines do changes nothing of that, so neither a short page nor its end tells of them.
    """
    seen = {machine.machine for machine in seen_machines(ports, farm, seat)}
    if not seen:
        return []
    found = _among_all(ports, farm, seen, before, count)
    if found is None:
        each = [_of_machine(ports, farm, machine, before) for machine in seen]
        found = heapq.merge(*each, key=lambda event: event.farm_sk, reverse=True)
    return list(islice(found, count))


def _among_all(
    ports: Ports, farm: str, seen: set[str], before: str | None, count: int
) -> Iterable[SeenEvent] | None:
    """None when neither enough nor the end was found among the newest SCANNED_MAX."""
    pk, prefix, found = keys.events_pk(farm), keys.EVENT_PREFIX, list[SeenEvent]()
    for _ in range(SCANNED_MAX // _SCANNED_AT_ONCE):
        page = ports.store.query(
            pk, prefix, prefix + "~", forwards=False, limit=_SCANNED_AT_ONCE, after=before
        )
        events = (SeenEvent(item.key.sk, item.read(Event)) for item in page.items)
        found += [event for event in events if event.event.machine in seen]
        if len(found) >= count or page.next is None:
            return found
        before = page.next
    return None


def _of_machine(ports: Ports, farm: str, machine: str, before: str | None) -> Iterator[SeenEvent]:
    """A machine's events as they stand among those of its farm.

    Within one millisecond the order there is another one, since the machine's id is part of the key.
    """
    own = _backwards(ports, keys.history_pk(farm, machine), _moment(before) if before else "")
    for _, at_once in groupby(own, key=lambda item: _moment(item.key.sk)):
        keyed = [(keys.farm_event_of(farm, machine, item.key).sk, item) for item in at_once]
        told = [SeenEvent(sk, item.read(Event)) for sk, item in keyed if before is None or sk < before]
        yield from sorted(told, key=lambda event: event.farm_sk, reverse=True)


def _moment(sk: str) -> str:
    """The time in an event's sort key, as text."""
    return sk.removeprefix(keys.EVENT_PREFIX).partition("#")[0]


def _backwards(ports: Ports, pk: str, moment: str) -> Iterator[Item]:
    """Events from the end of `moment` on ("": from the newest)."""
    prefix, after = keys.EVENT_PREFIX, None
    while True:
        page = ports.store.query(
            pk, prefix, f"{prefix}{moment}~", forwards=False, limit=_OWN_AT_ONCE, after=after
        )
        yield from page.items
        if page.next is None:
            return
        after = page.next
