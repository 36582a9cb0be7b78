"""What `doctor` says of an assignment."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from edge_sentry.checks.assignment import assignment
from edge_sentry.checks.finding import Level
from edge_sentry.settings.status import save_status
from tests.unit.edge_sentry.checks.fakes import Rig
from tests.unit.edge_sentry.commands.test_status import STATUS
from wire.assignments import AssignmentState, Step, StepState

FAILED = (Step("download", StepState.FAILED, "gpu", "No route."),)


@pytest.mark.parametrize(
    ("state", "level", "words"),
    [
        (None, Level.WARNING, "no key"),
        (AssignmentState(0, 0), Level.OK, "nothing was assigned yet"),
        (AssignmentState(1, 7), Level.OK, "revision 7 is accepted"),
        (AssignmentState(1, 7, 8, FAILED), Level.WARNING, "revision 8: download gpu failed: No route."),
        (AssignmentState(1, 7, None, FAILED), Level.WARNING, "revision 7: download gpu failed"),
    ],
)
def test_each_state_in_words(rig: Rig, state: AssignmentState | None, level: Level, words: str) -> None:
    save_status(rig.folder, replace(STATUS, assignment=state))
    found = assignment(rig.sight())
    assert (found.level, words in found.text) == (level, True)


def test_without_a_sentry_it_is_skipped(rig: Rig) -> None:
    assert assignment(rig.sight()).level is Level.SKIPPED
