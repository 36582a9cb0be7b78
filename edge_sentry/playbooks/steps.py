"""The steps of an assignment, as they are told: one thread writes them, others read whole lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec.structs import replace

from wire.assignments import Step, StepState

What = Literal["fetch", "download", "install", "write", "stop", "start"]
_LONGEST_REASON = 300
_MOST = 100


class Steps:
    """In the order in which they began. `told` is never half of a change."""

    def __init__(self, wall: Callable[[], float]) -> None:
        """`wall`: the time in epoch seconds, as right as it is known."""
        self._wall = wall
        self.told: tuple[Step, ...] = ()

    def begin(self) -> None:
        """Another document, or the same one anew."""
        self.told = ()

    def put(self, what: What, playbook: str, state: StepState, reason: str = "") -> None:
        """Where a step stands now; the bytes that were told stay."""
        step = self.of(what, playbook) or Step(what, state, playbook)
        if (step.state, step.reason) != (state, reason) or step.at is None:
            at = round(max(self._wall(), 0.0), 3)
            self._set(replace(step, state=state, reason=reason[:_LONGEST_REASON], at=at))

    def progress(self, what: What, playbook: str, done: int, total: int | None) -> None:
        """How far a download is."""
        step = self.of(what, playbook)
        if step is not None:
            self._set(replace(step, done=done, total=total))

    def fail(self, reason: str) -> Step | None:
        """What was under way failed; gives it, None when nothing was."""
        running = [each for each in self.told if each.state is StepState.RUNNING]
        for each in running:
            self.put(each.what, each.playbook, StepState.FAILED, reason)
        return running[-1] if running else None

    def of(self, what: What, playbook: str) -> Step | None:
        """None before it began."""
        return next((each for each in self.told if (each.what, each.playbook) == (what, playbook)), None)

    def unfinished(self, *kinds: What) -> tuple[Step, ...]:
        """Those that are not done; one that failed may be done yet."""
        return tuple(each for each in self.told if each.what in kinds and each.state is not StepState.DONE)

    def _set(self, step: Step) -> None:
        key = (step.what, step.playbook)
        if self.of(*key) is None:
            self.told = (*self.told, step)[:_MOST]
        else:
            self.told = tuple(step if (each.what, each.playbook) == key else each for each in self.told)
