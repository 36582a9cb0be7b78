"""MAC and serial number are evidence of what a device is, its address is not."""

from __future__ import annotations

import msgspec
import pytest

from asic_edge.roster.book import Roster
from asic_edge.roster.entries import Entry, RosterError, Words
from asic_edge.roster.matching import Fate, admit, seen
from tests.fakes.asic_roster import check, mac_of, sighting

A, B = "10.0.0.1", "10.0.0.2"
NOTHING = Words()


def roster_of(*entries: Entry) -> Roster:
    roster = Roster()
    for entry in entries:
        roster.put(entry)
    return roster


def entry(number: int, name: str, **rest: object) -> Entry:
    return msgspec.structs.replace(Entry(number=number, name=name, added_at=0.0), **rest)


def test_a_new_device_is_added_with_a_name_by_the_rule_and_known_from_then_on() -> None:
    roster = Roster()
    first = admit(roster, sighting(A, 1), Words(place="R1"), "{model}-{ip4}")
    assert first.fate is Fate.ADDED
    assert first.entry is not None
    assert (first.entry.name, first.entry.place, first.entry.mac) == ("S19-Pro-1", "R1", mac_of(1))
    assert admit(roster, sighting(A, 1, at=2), NOTHING).fate is Fate.KNOWN
    assert len(roster) == 1
    check(roster)


def test_a_new_address_keeps_the_entry() -> None:
    roster = Roster()
    number = admit(roster, sighting(A, 1), NOTHING).entry
    outcome = seen(roster, sighting(B, 1, at=2))
    assert outcome.fate is Fate.MOVED
    assert outcome.entry is not None
    assert number is not None
    assert outcome.entry.number == number.number
    assert outcome.text == f"moved from {A} to {B}"


def test_two_that_swap_addresses_keep_their_entries() -> None:
    roster = Roster()
    for address, board in ((A, 1), (B, 2)):
        admit(roster, sighting(address, board), NOTHING)
    for address, board in ((A, 2), (B, 1)):
        seen(roster, sighting(address, board, at=2))
    assert [(each.number, each.address, each.mac) for each in roster] == [
        (1, B, mac_of(1)),
        (2, A, mac_of(2)),
    ]
    assert not roster.questions


def test_a_new_mac_at_a_known_address_is_asked_about_once() -> None:
    roster = Roster()
    admit(roster, sighting(A, 1), NOTHING)
    for at in (2.0, 3.0):
        outcome = admit(roster, sighting(A, 2, at=at), NOTHING)
        assert outcome.fate is Fate.ASKED
    (question,) = roster.questions.values()
    assert question.sighting.at == 3.0
    assert [each.mac for each in roster] == [mac_of(1)]


def test_who_was_there_before_is_no_longer_asked_about() -> None:
    roster = Roster()
    for at, board in ((1.0, 1), (2.0, 2), (3.0, 3)):
        admit(roster, sighting(A, board, at=at), NOTHING)
    (question,) = roster.questions.values()
    assert question.sighting.identity.mac == mac_of(3)


def test_the_question_is_settled_when_the_former_board_shows_itself() -> None:
    roster = Roster()
    admit(roster, sighting(A, 1), NOTHING)
    admit(roster, sighting(A, 2, at=2), NOTHING)
    assert seen(roster, sighting(B, 1, at=3)).fate is Fate.MOVED
    assert not roster.questions
    assert admit(roster, sighting(A, 2, at=3), NOTHING).fate is Fate.ADDED


def test_another_model_at_a_known_address_is_another_device() -> None:
    roster = Roster()
    admit(roster, sighting(A, 1), NOTHING)
    outcome = admit(roster, sighting(A, 2, model="S21", at=2), NOTHING)
    assert outcome.fate is Fate.ADDED
    assert [each.address for each in roster] == [None, A]


def test_a_known_serial_number_with_a_new_mac_is_asked_about_wherever_it_is() -> None:
    roster = Roster()
    admit(roster, sighting(A, 1, serial="S1"), NOTHING)
    outcome = admit(roster, sighting(B, 2, serial="S1", at=2), NOTHING)
    assert outcome.fate is Fate.ASKED
    assert "serial number" in outcome.text


def test_a_serial_number_that_two_have_proves_nothing() -> None:
    roster = roster_of(
        entry(1, "one", make="Antminer", serial="S1", mac=mac_of(1)),
        entry(2, "two", make="Antminer", serial="S1", mac=mac_of(2)),
    )
    assert seen(roster, sighting(A, None, serial="S1")).fate is Fate.NEW


def test_the_one_who_is_gone_from_a_place_is_asked_about() -> None:
    roster = Roster()
    admit(roster, sighting(A, 1), Words(place="A-01"))
    admit(roster, sighting(A, 9, model="S21", at=2), NOTHING)
    assert admit(roster, sighting(B, 2, at=3), Words(place="A-01")).fate is Fate.ASKED
    assert admit(roster, sighting("10.0.0.3", 3, at=3), Words(place="A-02")).fate is Fate.ADDED


def test_one_that_does_not_tell_its_mac_is_known_by_its_address_while_nothing_differs() -> None:
    roster = Roster()
    admit(roster, sighting(A, 1), NOTHING)
    assert seen(roster, sighting(A, None, at=2)).fate is Fate.KNOWN
    assert roster.with_mac(mac_of(1)) is not None
    assert seen(roster, sighting(A, None, make="Bitaxe", model="Gamma", at=3)).fate is Fate.NEW
    assert roster.at(A) is None


def test_an_entry_by_address_learns_what_is_there() -> None:
    roster = roster_of(entry(1, "rack-1", address=A))
    outcome = seen(roster, sighting(A, 1))
    assert outcome.fate is Fate.KNOWN
    assert outcome.entry is not None
    assert (outcome.entry.name, outcome.entry.mac, outcome.entry.model) == ("rack-1", mac_of(1), "S19 Pro")


def test_two_entries_for_one_device_are_merged() -> None:
    roster = roster_of(
        entry(1, "S19-0-1", by_rule=True, mac=mac_of(1), tags=("loud",)),
        entry(2, "rack-1", address=A, client="Ada", tags=("old",)),
    )
    outcome = seen(roster, sighting(A, 1))
    assert outcome.fate is Fate.MERGED
    (merged,) = roster
    assert (merged.number, merged.name, merged.client, merged.tags) == (1, "rack-1", "Ada", ("loud", "old"))
    assert (merged.address, merged.mac) == (A, mac_of(1))
    check(roster)


def test_two_entries_are_merged_by_the_serial_number_too() -> None:
    roster = roster_of(
        entry(1, "one", make="Antminer", serial="S1", address=B, seen_at=0.5),
        entry(2, "two", mac=mac_of(1), address=A, seen_at=0.5),
    )
    assert seen(roster, sighting(A, 1, serial="S1")).fate is Fate.MERGED
    assert [each.number for each in roster] == [1]
    check(roster)


def test_one_that_was_seen_without_a_mac_is_not_swallowed_by_one_that_moves_in() -> None:
    roster = Roster()
    admit(roster, sighting(A, None), NOTHING)
    admit(roster, sighting(B, 1), NOTHING)
    assert seen(roster, sighting(A, 1, at=2)).fate is Fate.MOVED
    assert [each.address for each in roster] == [None, A]


def test_two_devices_with_one_mac_are_told_of() -> None:
    roster = Roster()
    admit(roster, sighting(A, 1), NOTHING)
    outcome = admit(roster, sighting(B, 1), NOTHING)
    assert outcome.fate is Fate.TWICE
    assert roster.at(A) is not None


def test_the_former_board_back_at_its_place_is_no_question() -> None:
    roster = roster_of(
        entry(1, "one", address=A, mac=mac_of(2), former_macs=(mac_of(1),), make="Antminer", model="S19 Pro")
    )
    outcome = seen(roster, sighting(A, 1))
    assert outcome.fate is Fate.KNOWN
    assert outcome.entry is not None
    assert (outcome.entry.mac, outcome.entry.former_macs) == (mac_of(1), (mac_of(2),))
    check(roster)


def test_a_name_that_another_has_is_refused() -> None:
    roster = Roster()
    admit(roster, sighting(A, 1), Words("rack-1"))
    with pytest.raises(RosterError, match="has the name"):
        admit(roster, sighting(B, 2), Words("Rack-1"))
    assert len(roster) == 1
