"""What the supervisor decided and why, kept on disk until somebody has acknowledged it."""

from __future__ import annotations

import logging
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from edge_sentry.settings.files import replace_file
from edge_sentry.settings.loading import Unreadable, load

MOST_EVENTS = 500
_LONGEST_REASON = 300
# The wire takes twice as many numbers: there is room for all that come after the last one on disk.
_NUMBERS = 2**52
_NAME = "events.json"

log = logging.getLogger(__name__)


class Kind(StrEnum):
    """What happened. The words are the wire's: none changes its meaning."""

    STARTED = "started"
    ADOPTED = "adopted"
    STOPPED = "stopped"
    EXITED = "exited"
    START_FAILED = "start_failed"
    NOT_MINDED = "not_minded"
    REFUSED = "refused"
    LEFT_BEHIND = "left_behind"
    CRASH_LOOP = "crash_loop"
    API_SILENT = "api_silent"
    API_UNREADABLE = "api_unreadable"
    API_EXPOSED = "api_exposed"
    MINER_PAUSED = "miner_paused"
    NO_HASHRATE = "no_hashrate"
    GPU_STOPPED = "gpu_stopped"
    GPU_DEAD = "gpu_dead"
    HASHRATE_LOW = "hashrate_low"
    NO_SHARES = "no_shares"
    REJECTS = "rejects"
    REJECTS_MANY = "rejects_many"
    POOL_UNREACHABLE = "pool_unreachable"
    GPU_LOST = "gpu_lost"
    DRIVER_HUNG = "driver_hung"
    TOO_HOT = "too_hot"
    CANNOT_BE_KILLED = "cannot_be_killed"
    REBOOT = "reboot"
    OWNER = "owner"
    GPU_APPEARED = "gpu_appeared"
    GPU_GONE = "gpu_gone"
    GPU_MOVED = "gpu_moved"
    ASSIGNMENT_ACCEPTED = "assignment_accepted"
    ASSIGNMENT_FAILED = "assignment_failed"
    POOL_CHANGED = "pool_changed"


class Level(StrEnum):
    """How much it matters to a person."""

    NOTE = "note"
    ALERT = "alert"
    CRITICAL = "critical"


class Note(NamedTuple):
    """An event before it has a time. `over`: what an earlier one told of has ended.

    `subject` is the card or algorithm that it is about, "" for all.
    """

    kind: Kind
    reason: str
    level: Level = Level.NOTE
    subject: str = ""
    over: bool = False


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One decision. `at` is the wall clock's epoch seconds; `playbook` "" is the rig itself.

    The bounds are the wire's: what lies on the disk must not make a report that is refused.
    """

    id: Annotated[int, Meta(ge=1, lt=_NUMBERS)]
    at: Annotated[float, Meta(le=1e11)]
    playbook: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{0,64}\Z")]
    kind: Kind
    reason: Annotated[str, Meta(max_length=_LONGEST_REASON)]
    level: Level = Level.NOTE
    subject: Annotated[str, Meta(max_length=300)] = ""
    over: bool = False


class _Kept(msgspec.Struct, kw_only=True):
    next_id: int
    dropped: int = 0
    events: tuple[Event, ...] = ()


class _Stored(msgspec.Struct, frozen=True):
    """The file, each part of it still to be looked at."""

    next_id: msgspec.Raw = msgspec.Raw(b"0")
    dropped: msgspec.Raw = msgspec.Raw(b"0")
    events: tuple[msgspec.Raw, ...] = ()


class EventLog:
    """At most `MOST_EVENTS`, then the oldest go and are counted. A full disk costs only their survival."""

    def __init__(self, folder: Path, wall: float) -> None:
        """`wall` begins the numbers where no earlier ones are known, so that they go on rising."""
        self._path = folder / _NAME
        self._kept = _loaded(self._path, max(int(wall * 1000), 1))
        self._saved = True

    @property
    def dropped(self) -> int:
        """How many were never acknowledged and are gone."""
        return self._kept.dropped

    def waiting(self) -> tuple[Event, ...]:
        """Oldest first."""
        return self._kept.events

    def add(self, playbook: str, wall: float, notes: tuple[Note, ...]) -> None:
        """Keeps them until acknowledged. To be saved with `save`."""
        for note in notes:
            log.info("%s: %s%s: %s", playbook or "rig", note.kind, " over" * note.over, note.reason)
            event = _event(self._kept.next_id, playbook, wall, note)
            self._kept.next_id += 1
            self._kept.events = (*self._kept.events, event)
            self._saved = False
        self._drop(len(self._kept.events) - MOST_EVENTS)

    def acknowledge(self, last: int) -> None:
        """Forgets all up to the one with this id."""
        left = tuple(event for event in self._kept.events if event.id > last)
        self._saved = self._saved and len(left) == len(self._kept.events)
        self._kept.events = left

    def save(self) -> None:
        """Writes what changed; raises OSError."""
        if not self._saved:
            replace_file(self._path, msgspec.json.encode(self._kept), durable=True)
            self._saved = True

    def _drop(self, count: int) -> None:
        if count > 0:
            self._kept.events = self._kept.events[count:]
            self._kept.dropped += count


def _event(number: int, playbook: str, wall: float, note: Note) -> Event:
    return Event(
        id=number,
        at=round(wall, 3),
        playbook=playbook,
        kind=note.kind,
        reason=note.reason[:_LONGEST_REASON],
        level=note.level,
        subject=note.subject,
        over=note.over,
    )


def _loaded(path: Path, first_id: int) -> _Kept:
    """What is readable of it; events that are not count as dropped."""
    try:
        stored = load(path, _Stored)
    except Unreadable as error:
        log.warning("Events that waited: %s", error)
        stored = None
    if stored is None:
        return _Kept(next_id=first_id)
    known = {event.id: event for each in stored.events if (event := _part(each, Event)) is not None}
    next_id = _part(stored.next_id, Annotated[int, Meta(ge=1, lt=_NUMBERS)]) or first_id
    dropped = _part(stored.dropped, Annotated[int, Meta(ge=0, lt=2**40)]) or 0
    events = tuple(known[id_] for id_ in sorted(known))
    return _Kept(
        next_id=max(next_id, max(known, default=0) + 1),
        dropped=dropped + len(stored.events) - len(events),
        events=events[-MOST_EVENTS:],
    )


def _part(raw: msgspec.Raw, kind: Any) -> Any:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
