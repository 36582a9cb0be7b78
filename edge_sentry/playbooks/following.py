"""Follows what becomes of a hand-over: which programs have stopped, which have started."""

from __future__ import annotations

from edge_sentry.playbooks.lineup import Lineup
from edge_sentry.playbooks.ports import Work
from edge_sentry.playbooks.steps import Steps
from edge_sentry.supervisor.view import PlaybookView, State
from wire.assignments import StepState

_FAILED = (State.REFUSED, State.CRASH_LOOP, State.TOO_HOT)
_AT_REST = (State.STOPPED, State.PAUSED)


class Following:
    """What runs unchanged has no steps."""

    def __init__(self, steps: Steps, work: Work, lineup: Lineup) -> None:
        self._steps, self._work, self._lineup = steps, work, lineup

    @property
    def open(self) -> bool:
        """Whether something has yet to stop or start."""
        return bool(self._steps.unfinished("stop", "start"))

    def expect(self) -> None:
        """What the hand-over that comes next will stop and start."""
        wanted = self._lineup.wanted()
        before = {each.id: each.version for each in self._work.assigned.playbooks}
        for name, version in before.items():
            if wanted.get(name) != version:
                self._steps.put("stop", name, StepState.WAITING)
        for name, version in wanted.items():
            if before.get(name) != version:
                self._steps.put("start", name, StepState.WAITING)

    def look(self) -> None:
        """Where they are now."""
        if not self.open:
            return
        wanted = self._lineup.wanted()
        views = {each.id: each for each in self._work.views()}
        for step in self._steps.unfinished("stop"):
            if _has_stopped(views.get(step.playbook), wanted.get(step.playbook)):
                self._steps.put("stop", step.playbook, StepState.DONE)
        for step in self._steps.unfinished("start"):
            view = views.get(step.playbook)
            if view is not None and view.version == wanted.get(step.playbook):
                self._steps.put("start", step.playbook, *_start(view))

    def nobody_left(self) -> bool:
        """Whether no program of an earlier version runs any more."""
        wanted = self._lineup.wanted()
        return all(_has_stopped(each, wanted.get(each.id)) for each in self._work.views())


def _has_stopped(view: PlaybookView | None, version: int | None) -> bool:
    """The former version; a view of before the hand-over still shows it as assigned."""
    if view is None:
        return version is None
    return view.version == version and view.running_version in (None, version)


def _start(view: PlaybookView) -> tuple[StepState, str]:
    if view.running_version == view.version and view.state is State.RUNNING:
        return StepState.DONE, ""
    if view.state in _AT_REST:
        return StepState.DONE, f"{view.state.value}: {view.reason}"
    return (StepState.FAILED if view.state in _FAILED else StepState.WAITING), view.reason
