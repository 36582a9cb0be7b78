"""What devices complain of is told once, and once when it is over, whatever ends the program between."""

from __future__ import annotations

import asyncio
from pathlib import Path

from asic_edge.agent.notices import DAMAGED, EVENTS_AT_ONCE, EVENTS_KEPT, NAME, Notices
from asic_edge.snapshot import Depth, DeviceMessage, Identity, Snapshot
from wire.messages import EventLevel, Unread

FAN = DeviceMessage("Fan 1 is lost", code=110)
HOT = DeviceMessage("chip at 91.5 °C", "warning")
NOTE = DeviceMessage("started", "note")


def read(*messages: DeviceMessage, at: float = 10.0, depth: Depth = Depth.FULL, unread: str = "") -> Snapshot:
    lacks = (Unread(unread, "its web does not answer"),) if unread else ()
    return Snapshot(Identity("10.0.0.1"), at, depth, messages=messages, unread=lacks)


def told(notices: Notices, number: int = 1) -> list[tuple[int, str, bool]]:
    """Those that are told now are accepted."""
    asyncio.run(notices.keep())
    events = notices.events(number)
    if events:
        notices.told(number, events[-1].id)
    return [(each.id, each.reason, each.over) for each in events]


def test_a_complaint_is_told_when_it_comes_and_when_it_is_over(tmp_path: Path) -> None:
    notices = Notices(tmp_path)
    notices.note(1, read(FAN, HOT, NOTE))
    assert notices.events(1) == ()  # not on disk yet
    asyncio.run(notices.keep())
    first, second = notices.events(1)
    assert (first.kind, first.level, first.at) == ("device_message", EventLevel.ALERT, 10.0)
    assert second.level is EventLevel.NOTE
    assert told(notices) == [(1, "Fan 1 is lost (code 110)", False), (2, "chip at 91.5 °C", False)]
    hotter = DeviceMessage("chip at 93 °C", "warning")
    notices.note(1, read(FAN, hotter))
    assert told(notices) == []
    notices.note(1, read(DeviceMessage("Fan 2 is lost", code=110), hotter))
    assert told(notices) == [(3, "Fan 1 is lost (code 110)", True), (4, "Fan 2 is lost (code 110)", False)]


def test_who_does_not_tell_has_not_ceased_to_complain(tmp_path: Path) -> None:
    notices = Notices(tmp_path)
    notices.note(1, read(FAN), at=99.0)
    asyncio.run(notices.keep())
    assert [each.at for each in notices.events(1)] == [99.0]
    assert len(told(notices)) == 1
    notices.note(1, read(depth=Depth.LIGHT))
    notices.note(1, read(unread="messages"))
    assert told(notices) == []
    notices.note(1, read(unread="power_w"))
    assert told(notices) == [(2, "Fan 1 is lost (code 110)", True)]


def test_numbers_rise_and_nothing_is_told_anew_after_a_restart(tmp_path: Path) -> None:
    notices = Notices(tmp_path)
    notices.note(1, read(FAN))
    notices.note(2, read(HOT))
    assert len(told(notices)) == 1
    asyncio.run(notices.keep())
    again = Notices(tmp_path)
    again.note(1, read(FAN))
    assert told(again, 1) == []
    assert [each[0] for each in told(again, 2)] == [2]
    again.note(1, read())
    assert told(again, 1) == [(3, "Fan 1 is lost (code 110)", True)]


def test_a_device_that_goes_takes_its_complaints_along(tmp_path: Path) -> None:
    notices = Notices(tmp_path)
    notices.note(1, read(FAN))
    notices.forget([1, 2])
    assert told(notices) == []
    notices.note(1, read())
    assert told(notices) == []


def test_what_is_never_taken_is_bounded(tmp_path: Path) -> None:
    notices = Notices(tmp_path)
    for number in range(EVENTS_KEPT + 50):
        notices.tell(1, float(number), "device_moved", f"moved {number}")
    asyncio.run(notices.keep())
    events = notices.events(1)
    assert (len(events), events[0].reason) == (EVENTS_AT_ONCE, "moved 50")
    notices.shift(1000.0)
    assert notices.events(1)[0].at == 1050.0


def test_a_damaged_list_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("{")
    notices = Notices(tmp_path)
    assert notices.trouble == DAMAGED
    notices.note(1, read(FAN))
    assert len(told(notices)) == 1
    assert notices.trouble == ""


def test_a_full_disk_hinders_no_event(tmp_path: Path) -> None:
    notices = Notices(tmp_path / "gone")
    notices.note(1, read(FAN))
    assert len(told(notices)) == 1
    assert "Cannot write" in notices.trouble
