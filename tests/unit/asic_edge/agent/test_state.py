"""How an edge is doing: the slow, the silent, how often each model is asked, logins, questions."""

from __future__ import annotations

from pathlib import Path

import msgspec

from asic_edge.agent.hall import Hall
from asic_edge.agent.state import Course, edge_state
from asic_edge.gate import Gate
from asic_edge.roster import questions
from asic_edge.roster.book import Roster
from asic_edge.roster.entries import Words
from asic_edge.roster.matching import admit, seen
from asic_edge.snapshot import Depth, NoAnswer, Snapshot
from tests.fakes.asic_errands import Desk
from tests.fakes.asic_roster import mac_of, sighting
from wire.edge import AskedModel, EdgeState, LoginCounts, OpenQuestion, RoundState, Seat
from wire.messages import Unread

ROUND = RoundState(5.0, 1.0, 3, 2, 0)
QUIET = Course(10.0, ROUND, {}, {}, 0)


def roster_of(count: int) -> Roster:
    roster = Roster()
    for number in range(1, count + 1):
        address = f"10.0.{number // 250}.{number % 250 + 1}"
        admit(roster, sighting(address, number), Words(), "d-{ip3}-{ip4}")
    return roster


def hall_of(roster: Roster) -> Hall:
    hall = Hall()
    hall.take_roster(roster)
    return hall


def answers(hall: Hall, number: int, took_s: float = 0.1, unread: tuple[Unread, ...] = ()) -> None:
    entry = hall.devices[number].entry
    read = Snapshot(entry.identity, 1.0, Depth.FULL, unread=unread)
    hall.note(entry.address or "", read, took_s, 1.0)


def is_silent(hall: Hall, number: int, since: float) -> None:
    hall.note(hall.devices[number].entry.address or "", NoAnswer("refuses connections"), 15.0, since)


def state(
    tmp_path: Path, roster: Roster, hall: Hall, course: Course = QUIET, gate: Gate | None = None
) -> EdgeState:
    return edge_state(hall, gate or Gate(), roster, Desk(tmp_path).errands, course)


def test_an_edge_that_has_nothing_yet(tmp_path: Path) -> None:
    told = state(tmp_path, Roster(), Hall(), Course(60.0, None, {}, {}, 0))
    assert told == EdgeState(0, 0, 0, 0, 60.0)


def test_devices_are_counted_by_who_reads_them(tmp_path: Path) -> None:
    roster = roster_of(5)
    seats = {1: Seat(1, "m1", True), 2: Seat(2, "m2", False), 3: Seat(3, "m3", True), 9: Seat(9, "m9", False)}
    course = Course(
        10.0, ROUND, seats, {4: "the farm is full", 8: "so"}, 7, ("10.0.0.5/24",), ("One.", "", "One.")
    )
    told = state(tmp_path, roster, hall_of(roster), course)
    assert (told.devices, told.reads, told.elsewhere, told.refused) == (5, 3, 1, 1)
    assert (told.waiting, told.round, told.networks) == (7, ROUND, ("10.0.0.5/24",))
    assert told.trouble == ("One.",)


def test_the_slowest_and_those_that_are_silent_longest_come_first(tmp_path: Path) -> None:
    roster = roster_of(300)
    hall = hall_of(roster)
    for number in range(1, 151):
        answers(hall, number, took_s=number / 100)
        is_silent(hall, number + 150, since=1000.0 - number)
    told = state(tmp_path, roster, hall, QUIET._replace(seats={150: Seat(150, "m150", True)}))
    assert [each.took_s for each in told.slow[:2]] == [1.5, 1.49]
    assert (len(told.slow), told.slow[0].machine, told.slow[1].machine) == (20, "m150", None)
    assert [each.silence.since for each in told.silent[:2]] == [850.0, 851.0]
    assert (len(told.silent), told.silent_count) == (100, 150)
    assert told.silent[0].name == hall.devices[300].entry.name


def test_models_are_told_with_how_often_they_were_asked(tmp_path: Path) -> None:
    roster = roster_of(2)
    admit(roster, sighting("10.9.0.1", 99, make="IceRiver", model="KS0"), Words())
    gate = Gate()
    for entry in roster:
        gate.count(entry.address or "", Depth.LIGHT, entry.identity)
    gate.count("10.9.0.9", None, sighting("10.9.0.9", make="IceRiver", model="KS1").identity)
    told = state(tmp_path, roster, hall_of(roster), gate=gate)
    assert told.asked == (
        AskedModel("Antminer S19 Pro", 2, 0, 2, 0, 10, 5),
        AskedModel("IceRiver KS0", 1, 0, 1, 0, 1, 10),
        AskedModel("IceRiver KS1", 0, 1, 0, 0, 1, 10),
    )


def test_logins_are_counted_by_what_became_of_them(tmp_path: Path) -> None:
    roster = roster_of(3)
    admit(roster, sighting("10.9.0.1", 99, make="Whatsminer", model="M50S"), Words())
    hall = hall_of(roster)
    answers(hall, 1)
    answers(hall, 2, unread=(Unread("mac", "its password may have been changed"),))
    answers(hall, 4)
    is_silent(hall, 1, 5.0)  # what was found out stays
    assert state(tmp_path, roster, hall).logins == LoginCounts(1, 1, 1, 1)


def test_questions_and_answers_that_can_be_taken_back(tmp_path: Path) -> None:
    roster = roster_of(2)
    for entry, board in zip(tuple(roster), (51, 52), strict=True):
        seen(roster, sighting(entry.address or "", board, at=2.0))
    first, second = roster.questions
    name = next(iter(roster)).name
    questions.same(roster, first)
    told = state(tmp_path, roster, hall_of(roster))
    other = roster.questions[second]
    assert told.questions == (
        OpenQuestion(second, "d-0-3", "10.0.0.3", mac_of(52), "it is of the same model, at the same address"),
    )
    assert other.number == second
    assert [(each.number, each.name, each.same) for each in told.answers] == [(first, name, True)]


def test_a_whole_hall_fits_one_report(tmp_path: Path) -> None:
    """With long names, and everything wrong at once."""
    roster = roster_of(2000)
    for entry in tuple(roster):
        roster.put(msgspec.structs.replace(entry, name=f"{entry.number:04}{'n' * 76}"))
    hall = hall_of(roster)
    for number in hall.devices:
        is_silent(hall, number, 1.0)
    assert len(msgspec.json.encode(state(tmp_path, roster, hall))) < 50_000
