"""Two edges that know the same machines: each is listed once, with what one of them says."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cloud.usecases.list_machines import list_machines
from tests.fakes.asic_reports import Shed, hand_over, shed, silent_for
from tests.fakes.reports import NOW
from tests.fakes.world import ALL, World
from wire.edge import batch_of
from wire.live import LiveColumns
from wire.messages import MachineReport, Mining, Report

NUMBERS = (1, 2, 49, 51)
TRUE_HS = {number: 2.0**number_at for number_at, number in enumerate(NUMBERS)}


class Known(NamedTuple):
    """The newest of a batch of an edge: epoch and sequence, and when each machine was read (None: silent)."""

    number: tuple[int, int]
    read_at: dict[str, float | None]


class TwoEdges(RuleBasedStateMachine):
    """Each device mines the same all the time, so that no total may be more than that of all."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        farm = self.world.farm().farm
        self.edges = (shed(self.world, farm, *NUMBERS), shed(self.world, farm, name="barn"))
        self.farm, self.machines = farm, dict(self.edges[0].machines)
        for number, machine in self.machines.items():
            self.edges[1].seat(number, machine, reads=False)
        self.reader = dict.fromkeys(NUMBERS, 0)
        self.sent: list[tuple[int, Report]] = []
        self.silent: set[int] = set()
        self.newest: dict[tuple[int, int], Known] = {}

    def _part(self, edge: Shed, number: int) -> MachineReport:
        if number in self.silent:
            return edge.part(number, silence=silent_for(2))
        told = edge.part(number, self.world.clock.now, {"power_w": [TRUE_HS[number]]})
        return MachineReport(
            told.machine, open=told.open, batch=told.batch, mining=(Mining("SHA256", TRUE_HS[number]),)
        )

    @rule(who=st.sampled_from((0, 1)), data=st.data())
    def reports(self, who: int, data: st.DataObject) -> None:
        """What it reads, and perhaps what it has not learnt yet that it reads no more."""
        self.world.clock.advance(1)
        own = {number for number in NUMBERS if self.reader[number] == who}
        told = own | data.draw(st.sets(st.sampled_from(NUMBERS)))
        edge = self.edges[who]
        report = edge.told(*(self._part(edge, number) for number in sorted(told)))
        reply = edge.tell(report)
        assert set(reply.released) == {self.machines[number] for number in told - own}
        self._note(who, report)
        self.sent.append((who, report))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def comes_again(self, data: st.DataObject) -> None:
        who, report = data.draw(st.sampled_from(self.sent))
        self.edges[who].tell(report)
        self._note(who, report)

    def _note(self, who: int, report: Report) -> None:
        """What is to be known by it, of the machines that the edge reads as it comes."""
        own = {self.machines[number] for number in NUMBERS if self.reader[number] == who}
        for batch in (0, 1):
            parts = [part for part in report.machines if part.batch == batch and part.machine in own]
            known = Known((report.epoch, report.sequence), {part.machine: _read_at(part) for part in parts})
            if parts and known.number > self.newest.get((who, batch), Known((0, 0), {})).number:
                self.newest[who, batch] = known

    @rule(number=st.sampled_from(NUMBERS))
    def is_taken_over(self, number: int) -> None:
        before, after = self.edges[self.reader[number]], self.edges[1 - self.reader[number]]
        hand_over(self.machines[number], number, before, after)
        self.reader[number] = 1 - self.reader[number]

    @rule(number=st.sampled_from(NUMBERS))
    def falls_silent_or_comes_back(self, number: int) -> None:
        self.silent ^= {number}

    @rule(who=st.sampled_from((0, 1)))
    def enrols_anew(self, who: int) -> None:
        edge = self.edges[who]
        edge.epoch, edge.sequence = edge.epoch + 1, 0

    @invariant()
    def each_is_listed_once_with_no_more_than_is_true(self) -> None:
        live = list_machines(self.world.ports, self.farm, None, 100, ALL).live
        assert Counter(live.machine) == dict.fromkeys(self.machines.values(), 1)
        true = {self.machines[number]: TRUE_HS[number] for number in NUMBERS}
        assert _listed(live) <= sum(true.values())
        for machine, mining, power_w in zip(live.machine, live.mining, _power(live), strict=True):
            hashrate = sum(row.hashrate or 0 for row in mining)
            assert (hashrate, power_w) in ((true[machine], true[machine]), (0, None))
        expected = {machine: self._expected(number) for number, machine in self.machines.items()}
        assert dict(zip(live.machine, live.sampled_at, strict=True)) == expected

    def _expected(self, number: int) -> float | None:
        """When the edge that reads it last did so, as far as it has told."""
        known = self.newest.get((self.reader[number], batch_of(number)))
        return known.read_at.get(self.machines[number]) if known else None


def _read_at(part: MachineReport) -> float | None:
    return part.open.at[-1] if part.open else None


def _listed(live: LiveColumns) -> float:
    return sum(row.hashrate or 0 for mining in live.mining for row in mining)


def _power(live: LiveColumns) -> list[float | None]:
    return live.values.get("power_w", [None] * len(live.machine))


TestTwoEdges = TwoEdges.TestCase
TestTwoEdges.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


def test_a_machine_that_was_handed_over_shows_the_new_readers_figures(world: World) -> None:
    farm = world.farm().farm
    first, second = shed(world, farm, 1), shed(world, farm, name="barn")
    first.tell(first.told(first.part(1, series={"power_w": [100.0]})))
    hand_over(first.machines[1], 1, first, second)
    assert list_machines(world.ports, farm, None, 10, ALL).live.received_at == [None]
    second.tell(second.told(second.part(1, series={"power_w": [200.0]})))
    first.tell(first.told(first.part(1, NOW + 5, series={"power_w": [100.0]})))
    assert list_machines(world.ports, farm, None, 10, ALL).live.values["power_w"] == [200.0]
