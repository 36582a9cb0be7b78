"""Whatever happens in a hall, in any order: each machine keeps its entry."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from asic_edge.roster import questions
from asic_edge.roster.book import Roster
from asic_edge.roster.entries import Words
from asic_edge.roster.importing import take
from asic_edge.roster.matching import Fate, admit
from asic_edge.roster.table_file import Row, Table
from tests.fakes.asic_roster import check, mac_of, sighting

MACHINES = 4
ADDRESSES = [f"10.0.0.{number}" for number in range(1, 8)]
machine = st.integers(0, MACHINES - 1)


@dataclass
class Machine:
    """What is true. `entry`: the number that it got; `moved`, `opened`: since the last scan."""

    number: int
    board: int
    address: str
    on: bool = True
    moved: bool = False
    opened: bool = False
    entry: int | None = None
    boards: set[int] = field(default_factory=set)


class Hall(RuleBasedStateMachine):
    """Machines of one model. Nobody moves and gets a new board between two scans, nor a second one before the
    question about the first is answered: that leaves no trace."""

    def __init__(self) -> None:
        super().__init__()
        self.roster, self.at, self.boards = Roster(), 0.0, MACHINES
        self.machines = [Machine(n, n, ADDRESSES[n], boards={n}) for n in range(MACHINES)]

    @rule(who=machine, to=st.sampled_from(ADDRESSES))
    def move(self, who: int, to: str) -> None:
        one = self.machines[who]
        there = next((each for each in self.machines if each.address == to), None)
        if one.opened or (there is not None and there.opened):
            return
        if there is not None:
            there.address, there.moved = one.address, True
        one.address, one.moved = to, True

    @rule(who=machine)
    def new_board(self, who: int) -> None:
        one = self.machines[who]
        if one.on and not one.moved and self.roster.with_mac(mac_of(one.board)) is not None:
            one.board, one.opened, self.boards = self.boards, True, self.boards + 1
            one.boards.add(one.board)

    @rule(who=machine)
    def switch(self, who: int) -> None:
        one = self.machines[who]
        if not one.moved and not one.opened:
            one.on = not one.on

    @rule()
    def scan(self) -> None:
        self.at += 1
        for one in self.machines:
            if not one.on:
                continue
            outcome = admit(self.roster, sighting(one.address, one.board, at=self.at), Words())
            assert outcome.fate is not Fate.TWICE
            if outcome.fate is Fate.ADDED:
                assert one.entry is None, "it had an entry"
                one.entry = outcome.entry.number if outcome.entry else None
            one.moved = one.opened = False

    @precondition(lambda self: self.roster.questions)
    @rule(choice=st.integers(0, 100), takes_back=st.booleans())
    def answer_truly(self, choice: int, takes_back: bool) -> None:
        """Perhaps wrong at first, and taken back."""
        number = sorted(self.roster.questions)[choice % len(self.roster.questions)]
        question = self.roster.questions[number]
        mac = question.sighting.identity.mac
        owner = next(one for one in self.machines if mac in {mac_of(each) for each in one.boards})
        is_same = owner.entry == question.of
        if takes_back:
            before = self.roster.kept()
            questions.different(self.roster, number) if is_same else questions.same(self.roster, number)
            check(self.roster)
            questions.undo(self.roster, number)
            after = self.roster.kept()
            assert (after.entries, set(after.questions)) == (before.entries, set(before.questions))
        if is_same:
            questions.same(self.roster, number)
        else:
            owner.entry = questions.different(self.roster, number).number

    @rule(who=machine)
    def import_by_address(self, who: int) -> None:
        one = self.machines[who]
        row = Row(2, one.address, None, Words(place=f"place {who}"))
        if self.roster.at(one.address) is not None:
            take(self.roster, Table((row,), (), ()), self.at)

    @invariant()
    def nothing_is_shared(self) -> None:
        check(self.roster)

    @invariant()
    def each_machine_keeps_its_entry(self) -> None:
        for one in self.machines:
            found = self.roster.with_mac(mac_of(one.board))
            assert found is None or found.number == one.entry


TestHall = Hall.TestCase
TestHall.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
