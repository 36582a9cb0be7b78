"""When a rollout may go on, and what it tells of itself."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cloud.domain.records import Latest, ProgramState
from cloud.domain.rig_work import Wish, Work
from cloud.domain.rollouts import StoredRollout, failure, first_state, has_accepted, missing_shares
from wire.assignments import AssignmentState, Step, StepState
from wire.templates import CAREFUL_ABOVE, RolloutState, Speed

WORK = Work("m", "w", {"p": 2, "q": 1}, {}, 1, 7, 1000.0, {"r": {"p": 1, "q": 1}})
HEAD = StoredRollout("r", "what", Wish("same"), RolloutState.REST, 1.0, "ann", 5, 1.0)


def latest(state: AssignmentState | None, *programs: tuple[str, int | None, int | None]) -> Latest:
    """Programs: id, accepted shares, seconds that it runs; told at 1100."""
    rows = (
        ProgramState(name, "xmrig", "running", True, "", None, running_s, accepted, None, None, None)
        for name, accepted, running_s in programs
    )
    return Latest("m", 1100.0, 1100.0, 30, {}, b"", programs=tuple(rows), assignment=state)


@pytest.mark.parametrize(
    ("rigs", "pace", "state"),
    [
        (CAREFUL_ABOVE, Speed.CAREFUL, RolloutState.REST),
        (CAREFUL_ABOVE + 1, Speed.CAREFUL, RolloutState.FIRST),
        (CAREFUL_ABOVE + 1, Speed.AT_ONCE, RolloutState.REST),
    ],
)
def test_many_rigs_wait_for_the_first_one(rigs: int, pace: Speed, state: RolloutState) -> None:
    assert first_state(rigs, pace) is state


def test_a_rig_runs_its_document_or_a_newer_one() -> None:
    told = [(1, 6), (1, 7), (1, 8), (2, 1)]
    assert [has_accepted(WORK, latest(AssignmentState(*each))) for each in told] == [False, True, True, True]
    assert not has_accepted(WORK, None)
    assert not has_accepted(WORK, latest(None))


def test_a_failure_is_of_the_newest_document() -> None:
    steps = (Step("fetch", StepState.DONE), Step("download", StepState.FAILED, "p", "no route"))
    assert failure(WORK, latest(AssignmentState(1, 6, 7, steps))) == "no route"
    assert failure(WORK, latest(AssignmentState(1, 6, 6, steps))) == ""
    unsaid = (Step("start", StepState.FAILED),)
    assert failure(WORK, latest(AssignmentState(1, 6, 7, unsaid))) == "the step start failed"


NOW_RUN = AssignmentState(1, 7)


@pytest.mark.parametrize(
    ("told", "missing"),
    [
        (None, "it has not accepted its document"),
        (latest(AssignmentState(1, 6)), "it has not accepted its document"),
        (latest(NOW_RUN), "no share was accepted yet"),
        (latest(NOW_RUN, ("p", 0, 50)), "no share was accepted yet"),
        (latest(NOW_RUN, ("p", None, 50)), "no share was accepted yet"),
        (latest(NOW_RUN, ("p", 9, 5000)), "no share was accepted yet"),
        (latest(NOW_RUN, ("q", 9, 50)), "no share was accepted yet"),
        (latest(NOW_RUN, ("p", 1, 50)), ""),
        (latest(NOW_RUN, ("p", 1, None)), ""),
    ],
)
def test_the_first_rig_must_have_a_share_of_what_changed(told: Latest | None, missing: str) -> None:
    assert missing_shares(WORK, "r", told) == missing


def test_where_nothing_new_is_to_run_no_share_is_waited_for() -> None:
    assert missing_shares(replace(WORK, wanted={"q": 1}), "r", latest(NOW_RUN)) == ""
    assert missing_shares(replace(WORK, before={}), "r", latest(NOW_RUN)) == ""


def test_it_tells_how_far_it_is_and_why_rigs_were_refused() -> None:
    moved = HEAD.moved(3, [("m", "no script")]).counted(1, 1, 5.0)
    told = moved.told()
    assert (told.signed, told.running, told.failed, told.why) == (2, 1, 2, "m: no script")
    assert not moved.is_settled
    assert moved.moved(2, []).counted(4, 0, 5.0).is_settled
    assert len(HEAD.moved(5, [("m", "x")] * 50).refused) == 20
