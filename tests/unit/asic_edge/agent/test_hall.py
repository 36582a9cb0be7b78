"""What is known of a device never outlives what it was known of."""

from __future__ import annotations

import pytest

from asic_edge.agent.hall import Changes, Hall
from asic_edge.roster.book import Roster
from asic_edge.roster.entries import Entry, Kept
from asic_edge.snapshot import Depth, NoAnswer
from tests.fakes.edge_uplink import entry_of, snapshot_of

FIRST, SECOND = entry_of(1), entry_of(2)
AT = FIRST.address or ""


def roster_of(*entries: Entry) -> Roster:
    return Roster(Kept(entries=entries))


def hall_of(*entries: Entry) -> Hall:
    hall = Hall()
    hall.take_roster(roster_of(*entries))
    return hall


def test_a_silent_device_keeps_nothing_but_what_it_is() -> None:
    hall = hall_of(FIRST)
    hall.note(AT, snapshot_of(AT, depth=Depth.FULL), 0.1, 100.0)
    for at in (160.0, 220.0):
        hall.note(AT, NoAnswer("refuses connections"), 2.0, at)
    device = hall.devices[1]
    assert device.last is None
    assert device.full is not None
    assert device.silence is not None
    assert (device.silence.since, device.silence.rounds) == (160.0, 2)
    hall.note(AT, snapshot_of(AT), 0.1, 280.0)
    assert device.silence is None


@pytest.mark.parametrize(("took_s", "rounds"), [(2.0, 1), (10.0, 1), (14.0, 2), (15.0, 2), (21.0, 3)])
def test_a_reading_that_took_several_rounds_counts_as_so_many(took_s: float, rounds: int) -> None:
    hall = hall_of(FIRST)
    hall.round_s = 10.0
    device = hall.note(AT, NoAnswer("gave no answer within 15 s"), took_s, 100.0)
    assert device is not None
    assert device.silence is not None
    assert (device.silence.since, device.silence.rounds) == (100.0, rounds)
    hall.note(AT, NoAnswer("refuses connections"), 0.1, 110.0)
    assert device.silence.rounds == rounds + 1


def test_changes_of_the_roster_are_told_by_number() -> None:
    hall = hall_of(FIRST, SECOND)
    moved = entry_of(2, address="10.9.9.9")
    other = entry_of(1, added_at=9.0)
    third = entry_of(3)
    assert hall.take_roster(roster_of(other, moved, third)) == Changes((1, 3), (1,), (2,))
    assert hall.at("10.9.9.9") is hall.devices[2]
    assert set(hall.take_roster(roster_of(third)).removed) == {1, 2}


def test_a_device_that_moved_is_asked_anew_and_stays_what_it_is() -> None:
    hall = hall_of(FIRST)
    hall.note(AT, snapshot_of(AT, depth=Depth.FULL), 0.1, 100.0)
    hall.take_roster(roster_of(entry_of(1, address="10.9.9.9")))
    assert hall.devices[1].last is None
    assert hall.devices[1].full is not None
    assert hall.note(AT, snapshot_of(AT), 0.1, 100.0) is None


def test_who_was_put_out_of_its_address_is_silent_in_words() -> None:
    hall = hall_of(entry_of(1, address=None))
    hall.note_lost(50.0)
    hall.note_lost(110.0)
    silence = hall.devices[1].silence
    assert silence is not None
    assert (silence.since, silence.rounds) == (50.0, 2)
    hall.shift(1000.0)
    silence = hall.devices[1].silence
    assert silence is not None
    assert silence.since == 1050.0
