"""Notes as events which machines fell silent and which are back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from cloud.domain import keys, state
from cloud.domain.keys import Key
from cloud.domain.records import Event, Latest, Machine, Outage, Silence, Standing
from cloud.ports import (
    MAX_COMMIT_WRITES,
    Absent,
    AtRevision,
    Item,
    Ports,
    Put,
    StoreUnavailable,
    Write,
    every,
)
from cloud.usecases.find_latest import find_latest
from cloud.usecases.keep_beat import known_outages
from cloud.usecases.keep_cadence import find_pace
from cloud.usecases.store_events import EARLIEST_AT, event_writes
from wire.edge import NoReply
from wire.live import Pace, Transition

_EVENTS_PER_COMMIT = (MAX_COMMIT_WRITES - 1) // 2
_TRIES = 20
ROUND_MAX_S = 60.0
"""An edge asks each ASIC as often at least."""


class _Found(NamedTuple):
    """The silence that a machine fell into, None where it is back; a parked one makes no event of it."""

    machine: str
    silence: Silence | None
    event: Event | None


def note_silence(ports: Ports, farm: str) -> None:
    """Compares what is known of a farm's machines with how they stand now."""
    before = standings(ports, farm)
    silent = {name: silence for item in before.values() for name, silence in _silent(item).items()}
    changed: dict[Key, list[_Found]] = defaultdict(list)
    for found in _changes(ports, farm, silent):
        changed[keys.standing(farm, found.machine)].append(found)
    for key, found_there in changed.items():
        _note(ports, farm, key, before.get(key), found_there)


def standings(ports: Ports, farm: str) -> dict[Key, Item]:
    """The items that hold which machines are silent, at most one a shard."""
    prefix = keys.STANDING_PREFIX
    return {item.key: item for item in every(ports.store, keys.standing_pk(farm), prefix, prefix + "~")}


def _silent(item: Item | None) -> dict[str, Silence]:
    return dict(item.read(Standing).silent) if item else {}


def _changes(ports: Ports, farm: str, silent: dict[str, Silence]) -> Iterator[_Found]:
    now, pace, outages = ports.clock(), find_pace(ports, farm), known_outages(ports)
    for latest, is_parked in _told(ports, farm):
        known = silent.get(latest.machine)
        if known is not None and known.received_at == _last_said_at(latest):
            continue  # it has said nothing since, even if by another limit it would not be offline yet
        found = _silence(latest, now, pace, outages)
        silence = Silence(found[0], _last_said_at(latest)) if found else None
        if found is None and known is not None and latest.silence is None:
            found = Transition.ONLINE, latest.received_at
        if found is not None:
            still = known is not None and latest.silence is not None and known.state is found[0]
            yield _Found(latest.machine, silence, None if is_parked or still else _event(latest, *found))


def _last_said_at(latest: Latest) -> float:
    """Reports on a silent ASIC go on; its silence begins once."""
    return latest.received_at if latest.silence is None else latest.silence.since


def _event(latest: Latest, became: Transition, at: float) -> Event:
    return Event(at, latest.machine, became, reason=latest.silence.reason if latest.silence else "")


def _told(ports: Ports, farm: str) -> Iterator[tuple[Latest, bool]]:
    """What each machine told last, and whether it is parked."""
    prefix = keys.MACHINE_PREFIX
    found = every(ports.store, keys.farm_pk(farm), prefix, prefix + "~")
    machines = {machine.machine: machine for machine in (item.read(Machine) for item in found)}
    for name, latest in find_latest(ports, farm, list(machines.values()), stale_ok=True).items():
        yield latest, machines[name].labels.parked is not None


def _silence(
    latest: Latest, now: float, pace: Pace, outages: tuple[Outage, ...]
) -> tuple[Transition, float] | None:
    """What the machine became and when, None while it is at work."""
    if latest.silence is not None:
        is_offline = latest.silence.rounds >= state.SILENT_ROUNDS
        return (Transition.OFFLINE, _silent_at(latest, latest.silence)) if is_offline else None
    if latest.stopped:
        return Transition.STOPPED, latest.received_at
    offline_at = state.offline_at(latest.received_at, latest.interval_s, pace, outages)
    return (Transition.OFFLINE, offline_at) if now >= offline_at else None


def _silent_at(latest: Latest, silence: NoReply) -> float:
    """When its edge had asked in vain again, a round after the first time, if that can be true."""
    again_at = silence.since + min(latest.interval_s, ROUND_MAX_S)
    return again_at if EARLIEST_AT <= again_at <= latest.received_at else latest.received_at


def _note(ports: Ports, farm: str, key: Key, kept: Item | None, found: list[_Found]) -> None:
    """Each part is one commit, so that a sweep that dies, or meets another one, notes nothing twice."""
    silent, revision = _silent(kept), kept.revision if kept else 0
    for start in range(0, len(found), _EVENTS_PER_COMMIT):
        part = found[start : start + _EVENTS_PER_COMMIT]
        for machine, silence, _ in part:
            silent.pop(machine, None)
            if silence is not None:
                silent[machine] = silence
        writes = [standing_write(key, silent, revision)]
        events = [event for _, _, event in part if event is not None]
        writes += [write for event in events for write in event_writes(ports, farm, event)]
        if not ports.store.commit(writes):
            return
        revision += 1


def standing_write(key: Key, silent: dict[str, Silence], revision: int) -> Write:
    """Keeps a shard's silent machines over `revision`, 0 where nothing is kept yet."""
    item = Item.of(key, Standing(silent), revision=revision + 1)
    return Put(item, AtRevision(revision) if revision else Absent())


def forget_silence(ports: Ports, farm: str, machine: str) -> None:
    """A machine that is erased is not among the silent ones any more."""
    key = keys.standing(farm, machine)
    for _ in range(_TRIES):
        item = ports.store.get(key)
        silent = _silent(item)
        if item is None or silent.pop(machine, None) is None:
            return
        if ports.store.write(standing_write(key, silent, item.revision)):
            return
    raise StoreUnavailable("the farm's silent machines change faster than one can be forgotten")
