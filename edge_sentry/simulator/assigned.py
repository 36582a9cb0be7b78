"""What is assigned to a simulated rig: believed as by a real one, then only pretended to run."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Final

import msgspec

from edge_sentry.playbooks.belief import Unbelievable, believed
from edge_sentry.playbooks.kept import Kept
from edge_sentry.playbooks.web import Fetched, FetchError
from wire.assignments import AssignedPlaybook, AssignmentState, DocumentPlace, Step, StepState
from wire.messages import EventLevel, LogLines, Program, ReportReply, RigEvent
from wire.uplink.clock import Moment

SHARE_EVERY_S: Final = 30.0
_NO_DISK: Final = "The disk is full (pretended)."

Fetch = Callable[[str, str], Fetched | None]


class PretendedAssignment:
    """The port `News` of one rig. `work` does what is due; `fails`: no document can ever be installed."""

    def __init__(
        self, kept: Kept, fetch: Fetch, random: Random, *, fails: bool, now: Callable[[], Moment]
    ) -> None:
        self._kept, self._fetch, self._random, self._fails, self._now = kept, fetch, random, fails, now
        self._place = kept.place
        self._noticed: tuple[int, int] | None = None
        self._due = math.inf
        self._events: tuple[RigEvent, ...] = ()
        self._next_id = max(int(now().wall * 1000), 1)
        self._began: dict[str, tuple[int, float]] = {}
        self._state = AssignmentState(0, 0)
        self.playbooks: tuple[AssignedPlaybook, ...] = ()

    def work(self, interval_s: float) -> None:
        """Accepts or refuses a newer document one to two intervals after it was offered."""
        place, now = self._place, self._now().steady
        if place is None or (place.epoch, place.revision) <= self._kept.accepted:
            return
        if (place.epoch, place.revision) != self._noticed:
            self._noticed = (place.epoch, place.revision)
            self._due = now + interval_s * self._random.uniform(1, 2)
        if now >= self._due:
            self._due = now + 2 * interval_s
            self._try(place)

    def programs(self) -> tuple[Program, ...]:
        """A row for each playbook, with a share accepted from the first one on."""
        now = self._now().steady
        return tuple(self._program(each, now - self._began[each.playbook][1]) for each in self.playbooks)

    def events(self) -> tuple[RigEvent, ...]:
        return self._events

    def acknowledge(self, last: int) -> None:
        self._events = tuple(each for each in self._events if each.id > last)

    def orders_done(self) -> int:
        return 0

    def log(self) -> LogLines | None:
        return None

    def log_told(self, log: LogLines) -> None:
        """There is none."""

    def take(self, reply: ReportReply) -> None:
        self._place = reply.document or self._place

    def missed(self) -> None:
        """A simulated rig waits for its commander."""

    def assignment(self) -> AssignmentState | None:
        return self._state

    def _try(self, place: DocumentPlace) -> None:
        try:
            fetched = self._fetch(place.url, self._kept.etag)
            if fetched is None:
                return
            found = believed(fetched.body, self._kept.rig, self._kept.accepted, None)
        except (FetchError, Unbelievable) as error:
            self._fail(place.revision, "fetch", "", str(error))
            return
        playbooks = found.document.playbooks
        if self._fails and playbooks:
            self._fail(place.revision, "install", playbooks[0].playbook, _NO_DISK)
            return
        number = (found.manifest.epoch, found.manifest.revision)
        self._kept = msgspec.structs.replace(
            self._kept, key=found.key, epoch=number[0], revision=number[1], etag=fetched.etag
        )
        now, before = self._now().steady, self._began
        versions = {each.playbook: (each.version, now) for each in playbooks}
        self._began = {
            name: before[name] if before.get(name, (0, 0))[0] == version else (version, at)
            for name, (version, at) in versions.items()
        }
        self.playbooks = playbooks
        matters = bool(self._state.epoch or playbooks)
        steps = tuple(Step("start", StepState.DONE, each.playbook) for each in playbooks)
        self._state = AssignmentState(*number, steps=steps)
        if matters:
            self._tell("assignment_accepted", f"Revision {number[1]} is accepted.", EventLevel.NOTE)

    def _fail(self, revision: int, what: str, playbook: str, reason: str) -> None:
        step = msgspec.convert(
            {"what": what, "state": "failed", "playbook": playbook, "reason": reason}, Step
        )
        if self._state.offered != revision:
            self._tell("assignment_failed", f"Revision {revision} is not run. {reason}", EventLevel.ALERT)
        self._state = msgspec.structs.replace(self._state, offered=revision, steps=(step,))

    def _tell(self, kind: str, reason: str, level: EventLevel) -> None:
        event = RigEvent(self._next_id, max(self._now().wall, 0.0), kind, reason[:300], level)
        self._events = (*self._events, event)[-100:]
        self._next_id += 1

    def _program(self, playbook: AssignedPlaybook, running_s: float) -> Program:
        return Program(
            playbook.playbook,
            playbook.program,
            "running",
            version=playbook.program_version,
            running_s=round(running_s, 1),
            accepted=1 + int(running_s / SHARE_EVERY_S),
            rejected=0,
            pool=playbook.pools[0].address[:100],
            pool_connected=True,
        )
