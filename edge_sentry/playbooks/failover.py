"""Decides which of its pools a playbook mines for, where its program does not change between them itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

AWAY_FOR_S: Final = 180.0
STEADY_FOR_S: Final = 900.0
# What was last seen longer ago says nothing of now.
UNSEEN_AFTER_S: Final = 150.0


class Course(Struct, frozen=True):
    """What is remembered between looks, in seconds of the steady clock.

    `away_since`: from when on the present pool has had no connection, None while it has one. `good_since`:
    of other pools, by their place, from when on each attempt to connect has worked.
    """

    pool: int
    away_since: float | None = None
    good_since: Mapping[int, float] = {}
    looked_at: float | None = None


class Seen(NamedTuple):
    """One look. `connected`: None where nobody can tell. `reachable`: newest attempts, of any pools."""

    now: float
    pools: int
    connected: bool | None
    reachable: Mapping[int, bool]


def step(course: Course, seen: Seen) -> Course:
    """The course from here on; its `pool` is another one where the playbook is to change.

    Away for three minutes: the next pool that takes a connection, in the order of the list and from its
    end to its beginning; while none does, a change would win nothing. A better one that took connections
    for a quarter of an hour: back to it.
    """
    course = _remembered(course, seen)
    target = _better(course, seen)
    if target is None and _is_away(course, seen):
        target = _next(course.pool, seen)
    if target is None:
        return course
    return Course(
        target, None, {each: at for each, at in course.good_since.items() if each < target}, seen.now
    )


def is_watched(course: Course) -> bool:
    """Whether other pools matter at present, so that it is worth to ask whether they take connections."""
    return course.pool > 0 or course.away_since is not None


def _remembered(course: Course, seen: Seen) -> Course:
    gap = course.looked_at is not None and seen.now - course.looked_at > UNSEEN_AFTER_S
    away, good = (None, {}) if gap else (course.away_since, dict(course.good_since))
    if seen.connected is not None:
        away = None if seen.connected else (seen.now if away is None else away)
    for pool, works in seen.reachable.items():
        if not works:
            good.pop(pool, None)
        elif pool != course.pool:
            good.setdefault(pool, seen.now)
    return replace(course, away_since=away, good_since=good, looked_at=seen.now)


def _is_away(course: Course, seen: Seen) -> bool:
    return course.away_since is not None and seen.now - course.away_since >= AWAY_FOR_S


def _better(course: Course, seen: Seen) -> int | None:
    steady = (
        pool
        for pool, since in course.good_since.items()
        if pool < course.pool and seen.now - since >= STEADY_FOR_S and seen.reachable.get(pool, False)
    )
    return min(steady, default=None)


def _next(pool: int, seen: Seen) -> int | None:
    others = ((pool + ahead) % seen.pools for ahead in range(1, seen.pools))
    return next((each for each in others if seen.reachable.get(each, False)), None)
