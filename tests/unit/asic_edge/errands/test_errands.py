"""Errands: what the dashboard wants is done in its order, and how it ended is told in words."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from asic_edge.errands.kept import DAMAGED, NAME
from asic_edge.errands.outcome import LINES_BYTES_MAX
from asic_edge.roster.store import read_roster
from tests.fakes.asic_errands import (
    PLACES,
    Desk,
    FakeWays,
    found_before,
    lines_of,
    rows,
    searching,
)
from wire.edge import (
    AddFound,
    AnswerQuestion,
    GivenErrand,
    ImportRows,
    RemoveDevices,
)


def test_what_was_found_is_read_in_full_and_added_with_what_is_said_of_it(tmp_path: Path) -> None:
    ways = FakeWays()
    found_before(tmp_path, ways)
    ways.silent = {PLACES[1]}
    desk = Desk(tmp_path, ways)
    wish = AddFound((*PLACES, "8.8.8.8"), "{place}-{ip4}", "A", "Ada", ("loud", "old"))
    (result,) = desk.done(wish)
    assert (result.ok, result.text, result.counts) == (True, "2 added, 2 faults.", {"fault": 2, "added": 2})
    assert lines_of(result) == [
        "8.8.8.8: fault: 8.8.8.8 is not within a private network.",
        "10.0.0.2: fault: gave no answer",
        "10.0.0.1: added: A-1 is added",
        "10.0.0.3: added: A-3 is added",
    ]
    kept = [(each.name, each.place, each.client, each.tags, each.mac) for each in read_roster(tmp_path)]
    assert kept[0] == ("A-1", "A", "Ada", ("loud", "old"), "02:00:00:00:00:01")
    assert ways.identified == []

    moved = msgspec.structs.replace(ways.devices[PLACES[0]], address="10.0.0.9")
    ways.devices = {"10.0.0.9": moved, PLACES[2]: ways.devices[PLACES[2]]}
    (result,) = desk.done(
        AddFound((PLACES[2],), place="B"),
    )
    assert lines_of(result) == ["10.0.0.3: changed: A-3 is in the roster"]
    (result,) = desk.done(AddFound((PLACES[2],)))
    assert (result.text, result.lines) == ("1 unchanged.", ())


def test_an_address_that_was_not_found_is_asked_what_it_is(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    async def story(places: tuple[str, ...]) -> None:
        desk.errands.take([GivenErrand(1, AddFound(places))])
        await desk.ended(1)

    searching(desk, 2, story)
    (result,) = desk.errands.results()
    assert result.counts == {"added": 1, "fault": 1}
    assert result.lines[0].text == "is no ASIC that is known here"


def test_bad_words_change_nothing(tmp_path: Path) -> None:
    ways = FakeWays()
    found_before(tmp_path, ways)
    told = Desk(tmp_path, ways).done(AddFound(PLACES, "{what}"), AddFound(PLACES, place="=A1"))
    assert [each.ok for each in told] == [False, False]
    assert "has a field that is not known" in told[0].text
    assert "its place begins with =" in told[1].text
    assert ways.read_ == []


def test_a_table_of_1800_rows_with_20_faults(tmp_path: Path) -> None:
    """1,780 are added, 20 explained, and a second run changes nothing."""
    lines = [f"10.1.{number // 250}.{number % 250 + 1},,rack-{number}" for number in range(1800)]
    lines[5:1800:90] = [f"10.1.0.{300 + number},,bad-{number}" for number in range(20)]
    desk = Desk(tmp_path)
    preview, first = desk.done(rows(*lines, apply=False), rows(*lines))
    assert (
        preview.text == "1,800 rows: 1,780 would be added, 0 would be changed, 0 as they are, 20 not taken."
    )
    assert first.text == "1,800 rows: 1,780 added, 0 changed, 0 as they are, 20 not taken."
    assert first.lines == preview.lines
    assert [each.fate for each in first.lines[:21]] == ["fault"] * 20 + ["added"]
    assert first.lines[0].text == "'10.1.0.300' is no IPv4 address"
    assert first.lines[0].of == "7"
    assert len(first.lines) == 1800
    kept = (tmp_path / "roster.json").read_bytes()
    (second,) = desk.done(rows(*lines))
    assert second.counts == {"fault": 20, "unchanged": 1780}
    assert len(second.lines) == 20
    assert (tmp_path / "roster.json").read_bytes() == kept


def test_what_is_no_table_is_refused_in_words(tmp_path: Path) -> None:
    (result,) = Desk(tmp_path).done(ImportRows("who,where\nx,y\n", apply=True))
    assert (result.ok, result.text) == (
        False,
        "The first line must name the columns, 'address' or 'mac' among them.",
    )


def test_machines_are_removed_by_their_seats(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.done(rows("10.0.0.1,,one", "10.0.0.2,,two"))
    desk.seats = {"m1": 1, "m9": 9}
    (result,) = desk.done(RemoveDevices(("m1", "m9", "m7")))
    assert result.text == "1 removed, 2 faults."
    assert lines_of(result) == [
        "m9: fault: is not in the roster of this edge",
        "m7: fault: is not in the roster of this edge",
        "10.0.0.1: removed: one is removed",
    ]
    assert [each.name for each in read_roster(tmp_path)] == ["two"]


def test_a_question_is_answered_and_the_answer_taken_back(tmp_path: Path) -> None:
    ways = FakeWays()
    found_before(tmp_path, ways)
    desk = Desk(tmp_path, ways)
    desk.done(AddFound((PLACES[0],), "{ip4}"))
    board = msgspec.structs.replace(ways.devices[PLACES[0]], mac="02:00:00:00:00:AA")
    ways.devices[PLACES[0]] = board
    (asked,) = desk.done(AddFound((PLACES[0],)))
    assert asked.counts == {"asked": 1}
    assert asked.text == "1 to be answered."
    (number,) = read_roster(tmp_path).questions
    told = desk.done(
        AnswerQuestion(number, "same"), AnswerQuestion(number, "undo"), AnswerQuestion(number, "different")
    )
    assert [each.text for each in told] == [
        "1 has the MAC 02:00:00:00:00:AA from now on.",
        "The question about 1 is open again.",
        "S19-Pro-0-1 is added.",
    ]
    (failed,) = desk.done(AnswerQuestion(number, "same"))
    assert (failed.ok, failed.text) == (
        False,
        f"There is no open question {number}; `asic-edge list` shows them.",
    )


def test_what_is_told_twice_is_done_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.seats = {"m1": 1}
    first = desk.done(rows("10.0.0.1,,one"))
    errand = GivenErrand(1, RemoveDevices(("m1",)))

    async def story() -> None:
        desk.errands.take([errand, GivenErrand(2, rows("10.0.0.2,,two"))])
        desk.errands.take([errand, GivenErrand(2, rows("10.0.0.3,,three"))])
        await desk.ended(2)

    asyncio.run(desk.running(story))
    assert first[0].ok
    assert [each.name for each in read_roster(tmp_path)] == ["one", "two"]


def test_another_agent_begins_anew_and_so_does_one_whose_list_is_damaged(tmp_path: Path) -> None:
    Desk(tmp_path).done(rows("10.0.0.1,,one"), rows("10.0.0.2,,two"))
    assert Desk(tmp_path).errands.done == 2
    assert Desk(tmp_path, agent="agent-2").errands.done == 0
    (tmp_path / NAME).write_text("{")
    desk = Desk(tmp_path)
    assert (desk.errands.done, desk.errands.trouble) == (0, DAMAGED)
    assert desk.done(rows("10.0.0.3,,three"))[0].ok
    assert desk.errands.trouble == ""


def test_what_cannot_be_noted_is_not_done(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    (result,) = Desk(folder).done(rows("10.0.0.1,,one"))
    assert (result.ok, "Cannot write" in result.text) == (False, True)
    assert not folder.exists()


def test_a_mishap_ends_one_errand_alone(tmp_path: Path) -> None:
    seats: dict[str, int] = {}
    desk = Desk(tmp_path, number_of=seats.__getitem__)
    first, second = desk.done(RemoveDevices(("m1",)), rows("10.0.0.1,,one"))
    assert (first.ok, first.text) == (False, "It could not be carried out: KeyError.")
    assert second.ok


def test_a_report_holds_few_results_and_never_too_much(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    async def story() -> None:
        long = [f"10.1.{n // 250}.{n % 250 + 1},,{'x' * 70}{n}" for n in range(1700)]
        wishes = [rows(*long, apply=False), *[rows("10.0.0.1,,one", apply=False)] * 6]
        desk.errands.take(GivenErrand(number, each) for number, each in enumerate(wishes, 1))
        await desk.ended(7)

    asyncio.run(desk.running(story))
    told: list[int] = []
    while results := desk.errands.results():
        assert len(results) <= 4
        assert len(msgspec.json.encode(results)) <= LINES_BYTES_MAX + 10_000
        told.extend(each.number for each in results)
        desk.errands.accepted(each.number for each in results)
    assert told == [1, 2, 3, 4, 5, 6, 7]
