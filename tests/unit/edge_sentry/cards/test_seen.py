"""Cards that come, go and move, also while no agent ran; what could not be read is not gone."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from edge_sentry.cards.gaps import unread_cards
from edge_sentry.cards.seen import SURE_AFTER, RigCards
from edge_sentry.reading import CardEvent, Reading, merged
from wire.messages import Device

A = Device("gpu-a", "RTX 3080", "nvidia", "0000:01:00.0")
B = Device("gpu-b", "RTX 3070", "nvidia", "0000:02:00.0")
C = Device("gpu-c", "RX 6800", "amd", "0000:03:00.0")
HUNG = unread_cards("nvidia", "no answer within 4 s", hung_readings=1)


class Rig:
    """One machine; `restart` is that of the agent, or of the machine with another `boot`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.restart("boot 1")

    def restart(self, boot: str) -> None:
        self.cards = RigCards(self.folder, boot)

    def read(self, reading: Reading) -> Reading:
        """So often that nothing is doubtful any more; the last one."""
        for _ in range(SURE_AFTER):
            reading_now = self.cards.completed(reading)
        return reading_now

    def sees(self, *devices: Device) -> Reading:
        return self.read(Reading(devices=devices))

    def events(self, *devices: Device) -> list[str]:
        """In words: kind, card and address."""
        return [f"{each.kind} {each.device} {each.address}" for each in self.sees(*devices).card_events]


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def test_the_first_cards_ever_are_no_news(rig: Rig) -> None:
    for _ in range(2 * SURE_AFTER):
        assert rig.cards.completed(Reading(devices=(A, C))).card_events == ()


def test_a_driver_that_answers_late_for_the_first_time_brings_no_news_either(rig: Rig) -> None:
    rig.read(replace(HUNG, devices=(C,)))
    assert rig.events(A, B, C) == []


def test_a_card_that_appears(rig: Rig) -> None:
    rig.sees(A)
    assert rig.sees(A, B).card_events == (
        CardEvent("gpu_appeared", "RTX 3070 at 0000:02:00.0 is new", "gpu-b", "0000:02:00.0"),
    )
    assert rig.events(A, B) == []


def test_a_card_that_is_gone_is_lost_until_one_is_there_again(rig: Rig) -> None:
    rig.sees(A, B)
    reading = rig.sees(A)
    assert reading.card_events == (
        CardEvent("gpu_gone", "RTX 3070 at 0000:02:00.0 is not there any more", "gpu-b", "0000:02:00.0"),
    )
    assert reading.lost == {"0000:02:00.0": "the card is not there any more"}
    assert reading.devices == (A,)
    other = replace_device(C, address="0000:02:00.0")
    assert rig.sees(A, other).lost == {}


def test_a_card_in_another_slot_has_moved(rig: Rig) -> None:
    rig.sees(A, B)
    moved = replace_device(A, address="0000:07:00.0")
    reading = rig.sees(moved, B)
    words = "RTX 3080 at 0000:07:00.0 was at 0000:01:00.0 before"
    assert reading.card_events == (CardEvent("gpu_moved", words, "gpu-a", "0000:07:00.0"),)
    assert reading.lost == {}


def test_two_cards_that_change_places(rig: Rig) -> None:
    rig.sees(A, B)
    swapped = (replace_device(A, address=B.address), replace_device(B, address=A.address))
    assert rig.events(*swapped) == ["gpu_moved gpu-a 0000:02:00.0", "gpu_moved gpu-b 0000:01:00.0"]


def test_a_card_that_is_away_for_a_moment_stays(rig: Rig) -> None:
    rig.sees(A, B)
    for _ in range(3):
        for _ in range(SURE_AFTER - 1):
            reading = rig.cards.completed(Reading(devices=(A,)))
            assert reading.card_events == ()
            assert reading.devices == (A, B)
        rig.cards.completed(Reading(devices=(A, B)))


def test_a_hung_driver_takes_no_card_away(rig: Rig) -> None:
    rig.sees(A, B, C)
    for _ in range(2 * SURE_AFTER):
        reading = rig.cards.completed(merged(Reading(devices=(C,)), HUNG))
        assert reading.devices == (C, A, B)
        assert reading.card_events == ()
        assert reading.lost == {}
    rig.restart("boot 2")
    assert rig.read(merged(Reading(devices=(C,)), HUNG)).devices == (C, A, B)


def test_a_hung_driver_of_one_maker_hides_no_change_at_another(rig: Rig) -> None:
    rig.sees(A, B, C)
    assert [event.device for event in rig.read(HUNG).card_events] == ["gpu-c"]


def test_of_cards_that_are_lost_without_a_name_those_that_are_missing_are_meant(rig: Rig) -> None:
    rig.sees(A, B, C)
    rig.restart("boot 1")
    lost = unread_cards("nvidia", "fell off the bus", lost=True)
    reading = rig.read(merged(Reading(devices=(A, C)), lost))
    assert reading.lost == {"0000:02:00.0": "fell off the bus"}
    assert reading.card_events == ()


@pytest.mark.parametrize("boot", ["boot 1", "boot 2", ""])
def test_what_happened_while_no_agent_ran_is_news(rig: Rig, boot: str) -> None:
    rig.sees(A, B)
    rig.restart(boot)
    moved = replace_device(A, address="0000:07:00.0")
    assert rig.events(moved, C) == [
        "gpu_moved gpu-a 0000:07:00.0",
        "gpu_appeared gpu-c 0000:03:00.0",
        "gpu_gone gpu-b 0000:02:00.0",
    ]


def test_a_card_taken_out_while_the_machine_was_off_is_gone_and_not_lost(rig: Rig) -> None:
    rig.sees(A, B)
    rig.restart("boot 2")
    assert rig.sees(A).lost == {}


def test_a_card_stays_lost_when_only_the_agent_restarts(rig: Rig) -> None:
    rig.sees(A, B)
    rig.sees(A)
    rig.cards.completed(Reading(devices=(A,)))
    rig.restart("boot 1")
    assert rig.sees(A).lost == {"0000:02:00.0": "the card is not there any more"}
    rig.restart("boot 2")
    assert rig.sees(A).lost == {}


def test_events_are_told_again_when_the_agent_ends_before_the_next_reading(rig: Rig) -> None:
    rig.sees(A)
    rig.cards.completed(Reading(devices=(A,)))
    assert len(rig.sees(A, B).card_events) == 1
    rig.restart("boot 1")
    assert len(rig.sees(A, B).card_events) == 1
    rig.cards.completed(Reading(devices=(A, B)))
    rig.restart("boot 1")
    assert rig.sees(A, B).card_events == ()


def test_a_new_driver_is_no_news(rig: Rig) -> None:
    rig.sees(A)
    assert rig.events(replace_device(A, driver="590.1", vbios="x")) == []


def test_a_machine_without_cards_leaves_no_file(rig: Rig) -> None:
    rig.sees()
    rig.sees()
    assert list(rig.folder.iterdir()) == []


def test_a_file_that_cannot_be_read_is_as_none(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    (rig.folder / "cards.json").write_bytes(b"\xff{")
    rig.restart("boot 1")
    assert rig.events(A) == []
    assert "Cannot read what cards there were" in caplog.text


def test_a_full_disk_is_told_once_and_hinders_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rig = Rig(tmp_path / "missing")
    with caplog.at_level(logging.WARNING):
        for _ in range(4):
            rig.sees(A)
    assert len(caplog.records) == 1
    assert rig.events(A, B) == ["gpu_appeared gpu-b 0000:02:00.0"]


def replace_device(device: Device, **changes: object) -> Device:
    return msgspec.structs.replace(device, **changes)
