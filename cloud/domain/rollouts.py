"""A change of what rigs run, on its way to them one after another."""

from __future__ import annotations

from typing import Final

import msgspec

from cloud.domain.records import Latest, Record
from cloud.domain.rig_work import Wish, Work
from wire.assignments import StepState
from wire.templates import CAREFUL_ABOVE, Rollout, RolloutState, Speed

KEPT_S: Final = 30 * 86_400.0
FIRST_SHARE_WITHIN_S: Final = 900.0
FOLLOWED_S: Final = 3600.0
"""How long rigs are counted after the last one was signed for; who is off then is a rig astray."""
COUNTED_EVERY_S: Final = 60.0
_REFUSED_KEPT: Final = 20
_CLOCKS_APART_S: Final = 60.0
ON_ITS_WAY: Final = (RolloutState.FIRST, RolloutState.REST)


class RolloutRigs(Record, frozen=True):
    """Of a rollout, in the order in which they get it."""

    machines: tuple[str, ...]


class StoredRollout(Record, frozen=True):
    """A rollout but for its rigs. `cursor` of its `rigs` are done; `since`: it is in its state.

    `refused`: the first few rigs that nothing could be signed for, with the reason; `refusals`: how many.
    """

    rollout: str
    what: str
    wish: Wish
    state: RolloutState
    begun_at: float
    by: str
    rigs: int
    since: float
    cursor: int = 0
    first: str | None = None
    running: int = 0
    failed: int = 0
    counted_at: float = 0
    refused: tuple[tuple[str, str], ...] = ()
    refusals: int = 0
    why: str = ""

    def told(self) -> Rollout:
        """As a page is told of it."""
        reasons = "; ".join(f"{machine}: {reason}" for machine, reason in self.refused[:3])
        return Rollout(
            rollout=self.rollout,
            what=self.what,
            state=self.state,
            begun_at=self.begun_at,
            by=self.by,
            rigs=self.rigs,
            signed=self.cursor - self.refusals,
            running=self.running,
            failed=self.failed + self.refusals,
            first=self.first,
            why=self.why or reasons,
        )

    def turned(self, state: RolloutState, now: float, why: str = "") -> StoredRollout:
        """In another state from now on."""
        return msgspec.structs.replace(self, state=state, since=now, why=why)

    def moved(self, done: int, refused: list[tuple[str, str]]) -> StoredRollout:
        """With `done` more rigs, `refused` among them."""
        return msgspec.structs.replace(
            self,
            cursor=self.cursor + done,
            refused=(*self.refused, *refused)[:_REFUSED_KEPT],
            refusals=self.refusals + len(refused),
        )

    def counted(self, running: int, failed: int, now: float) -> StoredRollout:
        """With what became of its rigs."""
        return msgspec.structs.replace(self, running=running, failed=failed, counted_at=now)

    @property
    def is_settled(self) -> bool:
        """Whether each rig that could be signed for runs it."""
        return self.cursor == self.rigs and self.running >= self.rigs - self.refusals


def first_state(rigs: int, pace: Speed) -> RolloutState:
    """Where a rollout begins."""
    careful = pace is Speed.CAREFUL and rigs > CAREFUL_ABOVE
    return RolloutState.FIRST if careful else RolloutState.REST


def has_accepted(work: Work, latest: Latest | None) -> bool:
    """Whether the rig runs its newest document."""
    told = latest.assignment if latest else None
    return told is not None and (told.epoch, told.revision) >= work.place


def failure(work: Work, latest: Latest | None) -> str:
    """Why the rig could not begin its newest document; "" where it did not say so."""
    told = latest.assignment if latest else None
    if told is None or told.offered != work.revision:
        return ""
    failed = (step for step in told.steps if step.state is StepState.FAILED)
    return next((step.reason or f"the step {step.what} failed" for step in failed), "")


def missing_shares(work: Work, rollout: str, latest: Latest | None) -> str:
    """What the first rig has yet to show before the others follow; "" when it mines.

    Of what the rollout changed on it each playbook must have had a share accepted since.
    """
    if latest is None or not has_accepted(work, latest):
        return failure(work, latest) or "it has not accepted its document"
    before = work.before.get(rollout, work.wanted)
    for playbook, version in work.wanted.items():
        if before.get(playbook) != version and not _has_share(playbook, work, latest):
            return "no share was accepted yet"
    return ""


def _has_share(playbook: str, work: Work, latest: Latest) -> bool:
    for program in latest.programs:
        if program.program == playbook and program.accepted:
            begun_at = latest.received_at - (program.running_s or 0)
            return begun_at >= work.signed_at - _CLOCKS_APART_S
    return False
