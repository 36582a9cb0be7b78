"""Simulated rigs believe what real ones believe, and tell what real ones would; nothing is run."""

from __future__ import annotations

import pytest

from edge_sentry.simulator.plan import Plan, PlannedRig
from edge_sentry.simulator.rig import SimulatedRig, fails, rigs_of
from tests.fakes.commander import TOKEN, FakeCommander, serving
from tests.fakes.moments import FakeMoments
from tests.fakes.signed import SigningKey, signed
from tests.unit.edge_sentry.playbooks.fakes import assigned
from tests.unit.edge_sentry.simulator.test_simulator import played
from wire.assignments import AssignedPlaybook, Document, DocumentPlace, StepState
from wire.codec import encode
from wire.messages import MachineReport


class Played:
    """One rig and its commander; `assign` signs and offers."""

    def __init__(self, commander: FakeCommander, moments: FakeMoments, fail: float = 0) -> None:
        self.commander, self.moments = commander, moments
        self.key = SigningKey()
        commander.key = self.key.public
        self.assign(1)
        plan = Plan(url=commander.url, rigs=(PlannedRig(TOKEN),), fail=fail)
        self.rig: SimulatedRig = rigs_of(plan, moments, "1")[0]

    def assign(self, revision: int, *playbooks: AssignedPlaybook, key: SigningKey | None = None) -> None:
        document = signed(
            Document(playbooks), key or self.key, revision=revision, farm="farm1", machine="machine1"
        )
        self.commander.files["/document"] = encode(document)
        self.commander.document = DocumentPlace(f"{self.commander.url}/document", 9e9, 1, revision)

    def play(self, seconds: float) -> MachineReport:
        played(self.rig, self.moments, seconds)
        return self.commander.reports[-1].machines[0]


def test_a_document_is_told_after_one_or_two_intervals_with_a_share() -> None:
    moments = FakeMoments()
    with serving(FakeCommander(clock=moments.true_time)) as commander:
        rig = Played(commander, moments)
        before = rig.play(300)
        assert before.assignment is not None
        assert (before.assignment.revision, before.programs) == (1, ())
        assert before.mining != ()
        rig.assign(2, assigned("cpu", program="xmrig"))
        assert _revision(rig.play(60)) == 1
        after = rig.play(240)
        assert _revision(after) == 2
        [program] = after.programs
        assert (program.program, program.state, program.pool) == ("cpu", "running", "pool0.example:3333")
        assert program.accepted is not None
        assert program.accepted >= 1
        assert [row.algorithm for row in after.mining] == ["randomx"]
        assert after.mining[0].hashrate is not None
        kinds = [event.kind for report in commander.reports for event in report.machines[0].events]
        assert kinds == ["assignment_accepted"]


def test_shares_go_on_where_the_version_stays() -> None:
    moments = FakeMoments()
    with serving(FakeCommander(clock=moments.true_time)) as commander:
        rig = Played(commander, moments)
        rig.assign(2, assigned("cpu", program="xmrig"))
        before = rig.play(600).programs[0].accepted or 0
        rig.assign(3, assigned("cpu", program="xmrig"), assigned("gpu"))
        one, two = rig.play(600).programs
        assert (one.accepted or 0) > before > (two.accepted or 0) - 20


@pytest.mark.parametrize(("fail", "forged"), [(1, False), (0, True)])
def test_one_that_fails_stays_where_it_was(fail: float, forged: bool) -> None:
    moments = FakeMoments()
    with serving(FakeCommander(clock=moments.true_time)) as commander:
        rig = Played(commander, moments, fail)
        rig.assign(2, assigned(), key=SigningKey(2) if forged else None)
        told = rig.play(900)
        assert told.assignment is not None
        assert (told.assignment.revision, told.assignment.offered) == (0, 2)
        assert [each.state for each in told.assignment.steps] == [StepState.FAILED]
        assert told.programs == ()
        kinds = [event.kind for report in commander.reports for event in report.machines[0].events]
        assert kinds == ["assignment_failed"]


@pytest.mark.parametrize(("share", "expected"), [(0, 0), (0.1, 20), (0.005, 1), (1, 200)])
def test_so_many_fail_the_first_one_among_them(share: float, expected: int) -> None:
    plan = Plan(url="", rigs=(), fail=share)
    found = [fails(plan, index) for index in range(200)]
    assert (sum(found), found[0]) == (expected, expected > 0)


def _revision(part: MachineReport) -> int | None:
    return None if part.assignment is None else part.assignment.revision
