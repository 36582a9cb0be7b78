"""Where each playbook stands, in one word and a sentence, for reports and pages."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from edge_sentry.supervisor.course import Course, Phase
from edge_sentry.supervisor.playbook import Playbook
from edge_sentry.supervisor.processes import Running
from edge_sentry.supervisor.wishes import Want, Wish


class State(StrEnum):
    """WAITING: it will start by itself. All but RUNNING and STOPPING have no process."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    PAUSED = "paused"
    REFUSED = "refused"
    TOO_HOT = "too_hot"
    CRASH_LOOP = "crash_loop"


class PlaybookView(msgspec.Struct, frozen=True, kw_only=True):
    """`version` is the assigned one, None when it is no longer assigned; `running_version` what runs.

    `program`: what runs, else what is to run, "" where neither is known.
    `ends`: unwanted ends in the last minutes that count towards a crash loop.
    """

    id: str
    program: str
    state: State
    reason: str
    version: int | None
    running_version: int | None = None
    pid: int | None = None
    running_s: float | None = None
    pause_left_s: float | None = None
    ends: int = 0


def view_of(
    name: str,
    playbook: Playbook | None,
    course: Course,
    wish: Wish,
    running: Running | None,
    runs: Playbook | None,
) -> PlaybookView:
    """As of the last look. `runs`: what the newest run was started from."""
    shown = playbook if running is None or runs is None else runs
    return PlaybookView(
        id=name,
        program="" if shown is None else shown.program,
        state=_state(course, wish),
        reason=course.why,
        version=None if playbook is None else playbook.version,
        running_version=None if running is None or runs is None else runs.version,
        pid=None if running is None else running.process.pid,
        running_s=None if running is None else round(running.age_s, 1),
        pause_left_s=wish.pause_left_s,
        ends=len(course.tally.exits),
    )


def _state(course: Course, wish: Wish) -> State:
    if course.phase is Phase.RUNNING:
        return State.RUNNING
    if course.phase is Phase.STOPPING:
        return State.STOPPING
    if wish.want is not Want.RUN:
        return State.STOPPED if wish.want is Want.STOP else State.PAUSED
    if course.refused is not None:
        return State.REFUSED
    if course.tally.hot:
        return State.TOO_HOT
    return State.CRASH_LOOP if course.tally.looping else State.WAITING
