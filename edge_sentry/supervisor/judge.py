"""Holds a table of symptoms against a reading: what lasts too long is told, or is a reason to restart."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

import msgspec

from edge_sentry.supervisor.defaults import Defaults, Limit
from edge_sentry.supervisor.events import Kind, Level, Note


class Seen(Protocol):
    """What a row is held against."""

    @property
    def now(self) -> float:
        """Steady time of the reading."""

    @property
    def defaults(self) -> Defaults:
        """The thresholds."""


V = TypeVar("V", bound=Seen)


def never(_: object) -> float | None:
    """For rows that only tell."""
    return None


def at_once(_: object) -> float | None:
    """For rows that restart when their grace is over."""
    return 0.0


@dataclass(frozen=True)
class Row(Generic[V]):
    """One line of a table.

    `symptoms` gives a reason for each subject that has it, {} when all is well, None when it cannot
    be told. It must last `grace_s`; `restart_after_s` later the program restarts, None for never, as
    often as `limit` allows. `spent` is the kind of event when restarting did not help, `over` the
    sentence when the symptom has gone.
    """

    kind: Kind
    symptoms: Callable[[V], Mapping[str, str] | None]
    grace_s: Callable[[V], float]
    over: str
    restart_after_s: Callable[[V], float | None] = never
    limit: Callable[[Defaults], Limit | None] = lambda _: None
    spent: Kind | None = None
    level: Level = Level.ALERT


class Told(NamedTuple):
    """The last event about a symptom, and whether it was a restart."""

    kind: Kind
    restarted: bool


class Timers(msgspec.Struct, frozen=True):
    """By row and subject: since when it is so, when it was last seen, what was told of it.

    `well_since`: since when one that was a reason to restart is surely not so.
    """

    since: dict[str, float] = {}
    seen_at: dict[str, float] = {}
    told: dict[str, Told] = {}
    well_since: dict[str, float] = {}


class Judgement(NamedTuple):
    """`restart` is the reason, None to go on; `tries` the steady times of restarts by row and subject."""

    timers: Timers
    tries: dict[str, tuple[float, ...]]
    notes: tuple[Note, ...]
    restart: str | None


def judge(
    rows: Sequence[Row[V]], timers: Timers, tries: Mapping[str, tuple[float, ...]], view: V
) -> Judgement:
    """At most one restart; the rows after it are not looked at."""
    judging = _Judging(timers, tries, view)
    for row in rows:
        judging.hold(row)
        if judging.restart is not None:
            judging.since.clear()
            break
    return judging.judgement()


class _Judging(Generic[V]):
    def __init__(self, timers: Timers, tries: Mapping[str, tuple[float, ...]], view: V) -> None:
        self.since = dict(timers.since)
        self._seen_at = dict(timers.seen_at)
        self._told = dict(timers.told)
        self._well_since = dict(timers.well_since)
        self._tries = dict(tries)
        self._view = view
        self._notes: list[Note] = []
        self.restart: str | None = None

    def judgement(self) -> Judgement:
        timers = Timers(self.since, self._seen_at, self._told, self._well_since)
        return Judgement(timers, self._tries, tuple(self._notes), self.restart)

    def hold(self, row: Row[V]) -> None:
        found = row.symptoms(self._view)
        if found is None:
            return
        self._end_absent(row, found)
        for subject, reason in found.items():
            if self.restart is None and self._lasts(row, subject):
                self._act(row, subject, reason)

    def _end_absent(self, row: Row[V], found: Mapping[str, str]) -> None:
        for key in {*self.since, *self._told, *self._tries}:
            kind, _, subject = key.partition("/")
            if kind == row.kind and subject not in found:
                self._well_since.setdefault(key, self._view.now)
                self.since.pop(key, None)
                told = self._told.pop(key, None)
                if told is not None:
                    self._notes.append(Note(told.kind, row.over, Level.NOTE, subject, over=True))

    def _lasts(self, row: Row[V], subject: str) -> bool:
        """Whether the symptom is there without a break for as long as the row bears it."""
        key, now, defaults = f"{row.kind}/{subject}", self._view.now, self._view.defaults
        seen_at = self._seen_at.get(key, -math.inf)
        if key not in self.since or now - seen_at > defaults.longest_gap_s:
            self.since[key] = now
        if now - self._well_since.pop(key, now) > defaults.well_s:
            self._tries.pop(key, None)
        self._seen_at[key] = now
        return now - self.since[key] >= row.grace_s(self._view)

    def _act(self, row: Row[V], subject: str, reason: str) -> None:
        key = f"{row.kind}/{subject}"
        after_s = row.restart_after_s(self._view)
        lasted_s = self._view.now - self.since[key] - row.grace_s(self._view)
        if after_s is not None and lasted_s >= after_s and self._may_restart(row, key):
            self._restart(row, key, subject, reason)
        elif key not in self._told or self._told[key].restarted:
            self._alert(row, key, subject, reason)

    def _may_restart(self, row: Row[V], key: str) -> bool:
        limit = row.limit(self._view.defaults)
        if limit is None:
            return True
        since = -math.inf if limit.within_s is None else self._view.now - limit.within_s
        return sum(at > since for at in self._tries.get(key, ())) < limit.most

    def _restart(self, row: Row[V], key: str, subject: str, reason: str) -> None:
        limit = row.limit(self._view.defaults)
        if limit is not None:
            self._tries[key] = (*self._tries.get(key, ()), self._view.now)[-limit.most :]
        self._told[key] = Told(row.kind, restarted=True)
        self._notes.append(Note(row.kind, f"{reason}; restarting", row.level, subject))
        self.restart = reason

    def _alert(self, row: Row[V], key: str, subject: str, reason: str) -> None:
        spent = bool(self._tries.get(key)) and row.spent is not None
        kind = row.spent if spent and row.spent is not None else row.kind
        tail = "; restarting did not help" if self._tries.get(key) else ""
        self._told[key] = Told(kind, restarted=False)
        self._notes.append(Note(kind, reason + tail, row.level, subject))
