"""Keeps what agents tell of their rigs, each event once however often it is told."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.domain import keys
from cloud.domain.records import Arrival, Event, ToldEvent
from cloud.ports import MAX_COMMIT_WRITES, Absent, Item, Ports, Put, Write
from wire.messages import MachineReport, RigEvent

AHEAD_MAX_S = 60.0
EARLIEST_AT = 1_577_836_800
"""The year 2020: a rig whose clock is before it has not asked for the time yet."""
_EVENTS_PER_COMMIT = MAX_COMMIT_WRITES // 3


def store_events(ports: Ports, arrival: Arrival, machine: MachineReport) -> None:
    """Lists the events that are not kept yet, at their own time where that can be true.

    An event is known by its rig's own time and its number, for it may be told in several reports, which
    arrive at several times and in any order. One whose time cannot be true is listed at the arrival of
    the first report that brought it.
    """
    events = machine.events
    for start in range(0, len(events), _EVENTS_PER_COMMIT):
        part = events[start : start + _EVENTS_PER_COMMIT]
        if not _store(ports, arrival, machine.machine, part):
            for event in part:
                _store(ports, arrival, machine.machine, [event])


def _store(ports: Ports, arrival: Arrival, machine: str, events: Sequence[RigEvent]) -> bool:
    """All of them, or none where one is kept already."""
    return ports.store.commit(
        [write for event in events for write in _writes(ports, arrival, machine, event)]
    )


def _writes(ports: Ports, arrival: Arrival, machine: str, told: RigEvent) -> list[Write]:
    believable = EARLIEST_AT <= told.at <= arrival.received_at + AHEAD_MAX_S
    event = Event(
        told.at if believable else arrival.received_at,
        machine,
        kind=told.kind,
        reason=told.reason,
        level=told.level,
        program=told.program,
        subject=told.subject,
        over=told.over,
    )
    number = f"{told.id:016d}"
    key = keys.told_event(arrival.farm, machine, told.at, number)
    mark = Item.of(key, ToldEvent(), expires_at=event.at + ports.policy.events_kept_s)
    return [Put(mark, Absent()), *event_writes(ports, arrival.farm, event, number)]


def event_writes(ports: Ports, farm: str, event: Event, tail: str = "") -> list[Write]:
    """Lists an event with its farm's and with its machine's; `tail` as in `keys.machine_event`."""
    expires_at = event.at + ports.policy.events_kept_s
    places = (
        keys.event(farm, event.at, event.machine, tail),
        keys.machine_event(farm, event.machine, event.at, tail),
    )
    return [Put(Item.of(place, event, expires_at=expires_at)) for place in places]
