"""The course of one playbook: from what is seen of it to what is done next, without touching the system."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from edge_sentry.supervisor import heat as hot
from edge_sentry.supervisor.defaults import Defaults
from edge_sentry.supervisor.events import Kind, Level, Note
from edge_sentry.supervisor.exits import counted, in_words, settled
from edge_sentry.supervisor.facts import MinerFacts, RigFacts
from edge_sentry.supervisor.heat import Heat, Limits
from edge_sentry.supervisor.judge import Timers, Told, judge
from edge_sentry.supervisor.memory import Memory, begun, observed
from edge_sentry.supervisor.playbook import Playbook
from edge_sentry.supervisor.processes import Ending, Force, Running
from edge_sentry.supervisor.records import Tally
from edge_sentry.supervisor.rows import ROWS, View
from edge_sentry.supervisor.wishes import Want, Wish

_BY_WANT = {Want.STOP: "stopped by the owner", Want.PAUSE: "paused by the owner"}


class Phase(StrEnum):
    """UNKNOWN until the first look after the agent's own start."""

    UNKNOWN = "unknown"
    IDLE = "idle"
    RUNNING = "running"
    STOPPING = "stopping"


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """Where a playbook stands. Times are steady; `started` is of the run under way or the last one.

    `why`: the reason of the phase, for people. `forced`: how firmly it was told to end, 0 not yet;
    `unkillable`: even SIGKILL did not end it. `refused`: who is in the way.
    """

    phase: Phase = Phase.UNKNOWN
    why: str = ""
    started: float = 0.0
    not_before: float = float("-inf")
    stop_begun: float = 0.0
    forced: int = 0
    unkillable: bool = False
    refused: str | None = None
    tally: Tally = Tally()
    heat: Heat = Heat()
    timers: Timers = Timers()
    memory: Memory = Memory()
    judged_at: float = float("-inf")


@dataclass(frozen=True)
class Seen:
    """All that a step is decided by. `version`: of what runs; `left`: processes remain after an end.

    `playbook` None: it is no longer assigned, or `left_alone`: it is not known any more what was. `ending`:
    of the last run in this boot.
    """

    now: float
    playbook: Playbook | None
    wish: Wish
    running: Running | None
    version: int | None
    left: bool
    ending: Ending | None
    miner: MinerFacts | None
    rig: RigFacts | None
    limits: Limits
    defaults: Defaults
    left_alone: bool = False


class Step(NamedTuple):
    """What follows: start, or tell it to end so firmly, or nothing; and what to tell of it."""

    course: Course
    notes: tuple[Note, ...] = ()
    start: bool = False
    force: Force | None = None


def step(course: Course, seen: Seen) -> Step:
    """One look at one playbook."""
    if course.phase is Phase.STOPPING:
        return _stopping(course, seen)
    if seen.running is not None:
        if course.phase is Phase.RUNNING:
            return _running(course, seen)
        return _adopted(course, seen, seen.running)
    if seen.left and not seen.left_alone:
        return _left_behind(course, seen)
    if course.phase is Phase.RUNNING or (course.phase is Phase.UNKNOWN and seen.ending is not None):
        return _ended(course, seen)
    return _idle(course, seen)


def started(course: Course, playbook: Playbook, now: float) -> Step:
    """After a start that succeeded. Another version has its own record of failures."""
    notes: tuple[Note, ...] = ()
    if course.memory.version not in (0, playbook.version):
        course, notes = _cleared(course, f"{playbook.words(playbook.version)} starts")
    if course.refused is not None:
        notes = (*notes, Note(Kind.REFUSED, "nothing is in the way any more", over=True))
    course = replace(
        course,
        phase=Phase.RUNNING,
        why="",
        started=now,
        refused=None,
        heat=Heat(),
        memory=begun(course.memory, playbook.version, now, adopted=False),
    )
    reason = f"{playbook.words(playbook.version)} of {playbook.program}"
    return Step(course, (*notes, Note(Kind.STARTED, reason)))


def start_failed(course: Course, reason: str, now: float, defaults: Defaults) -> Step:
    """After one that did not: as after an exit."""
    note = Note(Kind.START_FAILED, reason, Level.ALERT)
    return _unwanted_end(replace(course, started=now), note, now, defaults)


def refused(course: Course, reason: str, now: float, defaults: Defaults) -> Step:
    """Another program is in the way; told once."""
    notes = () if course.refused == reason else (Note(Kind.REFUSED, reason, Level.ALERT),)
    not_before = now + defaults.refused_retry_s
    return Step(replace(course, phase=Phase.IDLE, refused=reason, why=reason, not_before=not_before), notes)


def _cleared(course: Course, why: str) -> tuple[Course, tuple[Note, ...]]:
    """All that was told and lasts is over, and nothing is held against the next run but heat."""
    told = (Note(told.kind, why, subject=key.partition("/")[2], over=True) for key, told in _told(course))
    looping = (Note(Kind.CRASH_LOOP, why, over=True),) if course.tally.looping else ()
    cleared = replace(course, timers=Timers(), tally=Tally(hot=course.tally.hot))
    return cleared, (*told, *looping)


def _told(course: Course) -> tuple[tuple[str, Told], ...]:
    return tuple(course.timers.told.items())


def _adopted(course: Course, seen: Seen, running: Running) -> Step:
    version = seen.version or 0
    course = replace(
        course,
        phase=Phase.RUNNING,
        why="",
        started=seen.now - running.age_s,
        memory=begun(course.memory, version, seen.now, adopted=True),
    )
    pid, minutes = running.process.pid, running.age_s / 60
    words = f"version {version}" if seen.playbook is None else seen.playbook.words(version)
    return Step(course, (Note(Kind.ADOPTED, f"pid {pid} of {words}, for {minutes:.0f} min"),))


def _left_behind(course: Course, seen: Seen) -> Step:
    """Its script ended without `exec`, or a child outlived it: what is left must go before a new start."""
    reason = "processes are left of a run that is over; they are ended"
    notes: tuple[Note, ...] = (Note(Kind.LEFT_BEHIND, reason, Level.ALERT),)
    if course.phase is Phase.RUNNING:
        ended = _ended(course, seen)
        course, notes = ended.course, (*ended.notes, *notes)
    return _stop(course, seen, reason, notes)


def _ended(course: Course, seen: Seen) -> Step:
    how = in_words(seen.ending)
    away = " while the agent was away" if course.phase is Phase.UNKNOWN else ""
    if _leaving(seen) is not None:
        note = Note(Kind.EXITED, how + away)
        return Step(replace(course, phase=Phase.IDLE, why=note.reason), (note,))
    note = Note(Kind.EXITED, how + away, Level.ALERT)
    if seen.playbook is None:
        return Step(replace(course, phase=Phase.IDLE, why=note.reason), (note,))
    # How long it ran while the agent was away is not known: not long, to be careful.
    course = replace(course, started=seen.now) if away else course
    return _unwanted_end(course, note, seen.now, seen.defaults)


def _unwanted_end(course: Course, note: Note, now: float, defaults: Defaults) -> Step:
    tally, wait_s = counted(course.tally, now - course.started, now, defaults)
    notes: tuple[Note, ...] = (note._replace(reason=f"{note.reason}; next start in {wait_s:g} s"),)
    if tally.looping and not course.tally.looping:
        reason = f"it ended {len(tally.exits)} times in {defaults.crash_loop_within_s / 60:g} min"
        notes = (*notes, Note(Kind.CRASH_LOOP, reason, Level.ALERT))
    course = replace(course, phase=Phase.IDLE, why=note.reason, tally=tally, not_before=now + wait_s)
    return Step(course, notes)


def _leaving(seen: Seen) -> str | None:
    """Why a run should end whatever it does; None to go on."""
    if seen.playbook is None and not seen.left_alone:
        return "no longer assigned"
    if seen.wish.want is not Want.RUN:
        return _BY_WANT[seen.wish.want]
    if seen.playbook is None:
        return None
    if seen.version is not None and seen.version != seen.playbook.version:
        words = seen.playbook.words
        return f"{words(seen.playbook.version)} replaces {words(seen.version)}"
    return "restarted by the owner" if seen.wish.afresh else None


def _running(course: Course, seen: Seen) -> Step:
    reason = _leaving(seen)
    if reason is not None:
        return _stop(course, seen, reason)
    tally = settled(course.tally, seen.now - course.started, seen.defaults)
    notes: tuple[Note, ...] = ()
    if tally.looping != course.tally.looping:
        notes = (Note(Kind.CRASH_LOOP, "it runs steadily again", over=True),)
    course = replace(course, tally=tally)
    warmed = _warmed(course, seen)
    if warmed.force is not None:
        return warmed._replace(notes=(*notes, *warmed.notes))
    judged = _judged(warmed.course, seen)
    return judged._replace(notes=(*notes, *judged.notes))


def _warmed(course: Course, seen: Seen) -> Step:
    rig, playbook = seen.rig, seen.playbook
    if rig is None or playbook is None or rig.at <= course.heat.at:
        return Step(course)
    heat = hot.judged(course.heat, rig, playbook, seen.limits, seen.defaults)
    course = replace(course, heat=heat)
    cards = hot.too_hot(heat, seen.defaults)
    if not cards:
        return Step(course)
    reason = f"too hot: {hot.in_words(cards, rig)}"
    course = replace(course, tally=replace(course.tally, hot=cards))
    return _stop(course, seen, reason, (Note(Kind.TOO_HOT, reason, Level.CRITICAL),))


def _judged(course: Course, seen: Seen) -> Step:
    facts, playbook = seen.miner, seen.playbook
    if facts is None or playbook is None or facts.at <= max(course.judged_at, course.started):
        return Step(course)
    view = View(playbook, facts, course.memory, seen.rig, course.started, seen.defaults)
    memory = observed(course.memory, facts, seen.defaults, warm=view.warm)
    view = View(playbook, facts, memory, seen.rig, course.started, seen.defaults)
    judgement = judge(ROWS, course.timers, course.tally.tries, view)
    tally = replace(course.tally, tries=judgement.tries)
    course = replace(course, memory=memory, timers=judgement.timers, tally=tally, judged_at=facts.at)
    if judgement.restart is None:
        return Step(course, judgement.notes)
    ended = _unwanted_end(course, Note(Kind.STOPPED, ""), seen.now, seen.defaults)
    return _stop(ended.course, seen, judgement.restart, (*judgement.notes, *ended.notes[1:]))


def _stop(course: Course, seen: Seen, reason: str, notes: tuple[Note, ...] = ()) -> Step:
    course = replace(course, phase=Phase.STOPPING, why=reason, stop_begun=seen.now, forced=Force.ASK)
    return Step(course, notes, force=Force.ASK)


def _stopping(course: Course, seen: Seen) -> Step:
    if seen.running is None and not seen.left:
        return _stopped(course)
    lasted_s, defaults = seen.now - course.stop_begun, seen.defaults
    if lasted_s >= defaults.kill_after_s:
        unkillable = lasted_s >= defaults.unkillable_after_s
        notes: tuple[Note, ...] = ()
        if unkillable and not course.unkillable:
            notes = (Note(Kind.CANNOT_BE_KILLED, "it outlives being killed", Level.CRITICAL),)
        # Again and again: what forks faster than it is found is caught up with.
        course = replace(course, forced=Force.KILL, unkillable=unkillable)
        return Step(course, notes, force=Force.KILL)
    if lasted_s >= defaults.insist_after_s and course.forced < Force.INSIST:
        # Once each: many programs take a second request for a reason to skip what they would still do.
        return Step(replace(course, forced=Force.INSIST), force=Force.INSIST)
    return Step(course)


def _stopped(course: Course) -> Step:
    how = " (killed)" if course.forced == Force.KILL else ""
    note = Note(Kind.STOPPED, course.why + how)
    over = (Note(Kind.CANNOT_BE_KILLED, "it has ended", over=True),) if course.unkillable else ()
    course = replace(course, phase=Phase.IDLE, forced=0, unkillable=False, heat=Heat())
    return Step(course, (*over, note))


def _idle(course: Course, seen: Seen) -> Step:
    course = replace(course, phase=Phase.IDLE)
    if seen.playbook is None or seen.wish.want is not Want.RUN:
        why = _leaving(seen) or course.why
        course, notes = _cleared(replace(course, why=why), why)
        return Step(course, notes)
    notes = ()
    if course.tally.hot:
        rig = seen.rig
        if rig is None or not hot.cooled(course.tally.hot, rig, seen.limits, seen.defaults):
            return Step(course)
        notes = (Note(Kind.TOO_HOT, f"cooled down: {hot.in_words(course.tally.hot, rig)}", over=True),)
        course = replace(course, tally=replace(course.tally, hot=()))
    wait = seen.now < course.not_before and not seen.wish.afresh
    return Step(course, notes, start=not wait)
