"""Answers join or part, and can be taken back."""

from __future__ import annotations

import pytest

from asic_edge.roster import questions
from asic_edge.roster.book import Roster
from asic_edge.roster.entries import RosterError, Words
from asic_edge.roster.matching import admit
from tests.fakes.asic_roster import check, mac_of, sighting

A, B = "10.0.0.1", "10.0.0.2"


def asked() -> tuple[Roster, int]:
    """An S19 Pro at A whose MAC is another one now."""
    roster = Roster()
    admit(roster, sighting(A, 1), Words("rack-1", place="A-01"))
    admit(roster, sighting(A, 2, at=2), Words(name="new", client="Ada"))
    return roster, next(iter(roster.questions))


def test_the_same_machine_keeps_its_entry_and_name() -> None:
    roster, number = asked()
    entry = questions.same(roster, number)
    assert (entry.number, entry.name, entry.client, entry.place) == (1, "rack-1", "Ada", "A-01")
    assert (entry.mac, entry.former_macs) == (mac_of(2), (mac_of(1),))
    assert not roster.questions
    check(roster)


def test_a_different_one_gets_its_own_and_the_former_is_nowhere() -> None:
    roster, number = asked()
    made = questions.different(roster, number)
    assert (made.name, made.address, made.mac) == ("new", A, mac_of(2))
    former = roster.get(1)
    assert former is not None
    assert former.address is None
    check(roster)


@pytest.mark.parametrize("answer", [questions.same, questions.different])
def test_an_answer_can_be_taken_back(answer: object) -> None:
    roster, number = asked()
    before = roster.kept()
    assert callable(answer)
    answer(roster, number)
    question = questions.undo(roster, number)
    after = roster.kept()
    assert question.number == number
    assert after.questions == before.questions
    assert [(each.mac, each.address) for each in after.entries] == [(mac_of(1), A)]
    with pytest.raises(RosterError, match="no answer to question"):
        questions.undo(roster, number)


def test_it_cannot_be_taken_back_when_the_former_board_is_elsewhere() -> None:
    roster, number = asked()
    questions.same(roster, number)
    admit(roster, sighting(B, 1, at=3), Words("other"))
    with pytest.raises(RosterError, match="that of other now"):
        questions.undo(roster, number)
    check(roster)


def test_who_came_to_the_address_since_stays_there() -> None:
    roster, number = asked()
    admit(roster, sighting(B, 5, at=1), Words("other"))
    admit(roster, sighting(A, 5, at=9), Words())
    entry = questions.same(roster, number)
    assert entry.address is None
    there = roster.at(A)
    assert there is not None
    assert there.name == "other"


def test_a_question_that_is_not_open() -> None:
    with pytest.raises(RosterError, match="no open question 7"):
        questions.same(Roster(), 7)


def test_only_the_last_answers_are_kept() -> None:
    roster = Roster()
    admit(roster, sighting(A, 0), Words())
    for board in range(1, 24):
        admit(roster, sighting(A, board, at=board + 1), Words())
        questions.same(roster, next(iter(roster.questions)))
    assert len(roster.answers) == 20
    (entry,) = roster
    assert len(entry.former_macs) == 8


def test_a_different_one_cannot_have_the_name_of_the_one_asked_about() -> None:
    roster = Roster()
    admit(roster, sighting(A, 1), Words("rack-1"))
    admit(roster, sighting(A, 2, at=2), Words("rack-1", place="A-01"))
    made = questions.different(roster, next(iter(roster.questions)))
    assert (made.name, made.place) == ("S19-Pro-0-1", "A-01")
    check(roster)
