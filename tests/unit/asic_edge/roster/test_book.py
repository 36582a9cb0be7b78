"""Nothing that must be one's own is shared, and every limit holds."""

from __future__ import annotations

import pytest

from asic_edge.roster.book import Roster
from asic_edge.roster.entries import MOST_DEVICES, MOST_QUESTIONS, Entry, Kept, Question, RosterError
from tests.fakes.asic_roster import check, mac_of, sighting


def entry(number: int, name: str, address: str | None = None, mac: str | None = None) -> Entry:
    return Entry(number=number, name=name, address=address, mac=mac, added_at=0.0)


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (entry(2, "ONE"), "has the name"),
        (entry(2, "two", "10.0.0.1"), "has the address"),
        (entry(2, "two", mac=mac_of(1)), "has the MAC"),
    ],
)
def test_what_another_has_is_refused_and_nothing_changed(second: Entry, words: str) -> None:
    first = entry(1, "one", "10.0.0.1", mac_of(1))
    roster = Roster(Kept(entries=(first,)))
    with pytest.raises(RosterError, match=words):
        roster.put(second)
    assert list(roster) == [first]
    check(roster)


def test_it_takes_so_many_devices_and_no_more() -> None:
    roster = Roster(Kept(entries=tuple(entry(n, f"n{n}") for n in range(1, MOST_DEVICES + 1))))
    roster.put(entry(1, "renamed"))
    with pytest.raises(RosterError, match="5,000 devices already"):
        roster.put(entry(MOST_DEVICES + 1, "one too many"))


def test_it_asks_so_many_questions_and_no_more() -> None:
    roster = Roster(Kept(entries=(entry(1, "one"),)))
    for number in range(2, MOST_QUESTIONS + 2):
        roster.ask(Question(number=number, of=1, sighting=sighting("10.0.0.1", number), because=""))
    with pytest.raises(RosterError, match="answer some"):
        roster.ask(Question(number=9999, of=1, sighting=sighting("10.0.0.1", 9999), because=""))


def test_numbers_are_never_used_twice() -> None:
    roster = Roster()
    number = roster.number()
    roster.put(entry(number, "one"))
    roster.remove(number)
    assert Roster(roster.kept()).number() == number + 1


@pytest.mark.parametrize("text", ["Rack-1", "10.0.0.1", "02-00-00-00-00-01", "02:00:00:00:00:01", "#1"])
def test_found_by_what_a_person_types(text: str) -> None:
    roster = Roster(Kept(entries=(entry(1, "rack-1", "10.0.0.1", mac_of(1)),)))
    found = roster.found(text)
    assert found is not None
    assert found.number == 1


@pytest.mark.parametrize("text", ["", "#", "#99999999999999", "10.0.0.2", "rack"])
def test_what_is_not_there(text: str) -> None:
    assert Roster(Kept(entries=(entry(1, "rack-1"),))).found(text) is None


def test_a_free_name_is_as_short_as_names_are() -> None:
    roster = Roster(Kept(entries=(entry(1, "x" * 80), entry(2, "x" * 78 + "-2"))))
    assert roster.free_name("x" * 90) == "x" * 78 + "-3"


def test_removing_takes_its_questions_along() -> None:
    roster = Roster(Kept(entries=(entry(1, "one"),)))
    roster.ask(Question(number=2, of=1, sighting=sighting("10.0.0.1", 2), because=""))
    roster.remove(1)
    assert not roster.questions
