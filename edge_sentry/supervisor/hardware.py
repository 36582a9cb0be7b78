"""Troubles of the machine itself: cards that are lost, a driver that hangs, and the reboot that may help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from edge_sentry.supervisor.defaults import Defaults
from edge_sentry.supervisor.events import Kind, Level, Note
from edge_sentry.supervisor.facts import RigFacts
from edge_sentry.supervisor.judge import Row, Timers, judge


@dataclass(frozen=True)
class RigView:
    """One reading of the machine."""

    facts: RigFacts
    defaults: Defaults

    @property
    def now(self) -> float:
        """When it was read, by the steady clock."""
        return self.facts.at


class RigCourse(msgspec.Struct, frozen=True):
    """`at`: the newest reading that was judged; `asked_at`: when a reboot was last asked for."""

    timers: Timers = Timers()
    at: float = float("-inf")
    asked_at: float = float("-inf")


class RigStep(NamedTuple):
    """`reboot` is the reason to reboot now, None not to."""

    course: RigCourse
    notes: tuple[Note, ...]
    reboot: str | None


def _lost(view: RigView) -> Mapping[str, str]:
    return {address: f"{address}: {reason}" for address, reason in view.facts.lost.items()}


def _hung(view: RigView) -> Mapping[str, str]:
    readings = view.facts.hung_readings
    if readings < view.defaults.driver_hung_readings:
        return {}
    return {"": f"the graphics driver gave no answer {readings} times in a row"}


ROWS: tuple[Row[RigView], ...] = (
    Row(
        Kind.GPU_LOST,
        _lost,
        lambda view: view.defaults.gpu_lost_s,
        "the card is there again",
        level=Level.CRITICAL,
    ),
    Row(
        Kind.DRIVER_HUNG,
        _hung,
        lambda view: view.defaults.gpu_lost_s,
        "the graphics driver answers again",
        level=Level.CRITICAL,
    ),
)


def rig_step(
    course: RigCourse,
    rig: RigFacts | None,
    unkillable: tuple[str, ...],
    *,
    reboot_allowed: bool,
    uptime_s: float,
    now: float,
    defaults: Defaults,
) -> RigStep:
    """`unkillable`: playbooks with a process that outlives SIGKILL, which only a reboot ends."""
    notes: tuple[Note, ...] = ()
    if rig is not None and rig.at > course.at:
        judgement = judge(ROWS, course.timers, {}, RigView(rig, defaults))
        course = RigCourse(judgement.timers, rig.at, course.asked_at)
        notes = judgement.notes
    causes = (*course.timers.told, *(f"{Kind.CANNOT_BE_KILLED}/{each}" for each in unkillable))
    # A machine that has just come up is left alone: else a card that is broken would reboot it for ever.
    may = reboot_allowed and min(uptime_s, now - course.asked_at) >= defaults.reboot_every_s
    if not causes or not may:
        return RigStep(course, notes, None)
    reason = ", ".join(sorted(causes))
    note = Note(Kind.REBOOT, f"rebooting: {reason}", Level.CRITICAL)
    return RigStep(RigCourse(course.timers, course.at, now), (*notes, note), reason)
