"""Events wait on disk, bounded and counted."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from edge_sentry.supervisor.events import MOST_EVENTS, EventLog, Kind, Level, Note

NOTE = Note(Kind.EXITED, "status 1", Level.ALERT, "0000:01:00.0")


def test_an_event_says_when_what_and_why(tmp_path: Path) -> None:
    log = EventLog(tmp_path, 1000.0)
    log.add("gpu", 1234.5678, (NOTE,))
    (event,) = log.waiting()
    assert (event.at, event.playbook, event.kind) == (1234.568, "gpu", Kind.EXITED)
    assert (event.reason, event.level, event.subject) == ("status 1", Level.ALERT, "0000:01:00.0")


def test_they_survive_and_go_when_acknowledged(tmp_path: Path) -> None:
    log = EventLog(tmp_path, 1000.0)
    log.add("gpu", 1.0, (NOTE, NOTE, NOTE))
    log.save()
    again = EventLog(tmp_path, 1.0)
    assert again.waiting() == log.waiting()
    again.acknowledge(log.waiting()[1].id)
    again.save()
    assert EventLog(tmp_path, 1.0).waiting() == log.waiting()[2:]


def test_the_oldest_of_too_many_go_and_are_counted(tmp_path: Path) -> None:
    log = EventLog(tmp_path, 1000.0)
    log.add("gpu", 1.0, (NOTE,) * (MOST_EVENTS + 7))
    log.save()
    again = EventLog(tmp_path, 1000.0)
    assert len(again.waiting()) == MOST_EVENTS
    assert again.dropped == 7
    ids = [event.id for event in again.waiting()]
    assert ids == list(range(ids[0], ids[0] + MOST_EVENTS))


def test_a_reason_is_bounded_and_the_file_is_the_owners(tmp_path: Path) -> None:
    log = EventLog(tmp_path, 1000.0)
    log.add("gpu", 1.0, (NOTE._replace(reason="x" * 9999),))
    log.save()
    assert len(log.waiting()[0].reason) == 300
    assert (tmp_path / "events.json").stat().st_mode & 0o777 == 0o600


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    log = EventLog(tmp_path, 1000.0)
    log.save()
    log.acknowledge(5)
    log.save()
    assert not (tmp_path / "events.json").exists()


def test_one_of_an_unknown_kind_loses_no_other(tmp_path: Path) -> None:
    log = EventLog(tmp_path, 1000.0)
    log.add("gpu", 1.0, (NOTE, NOTE, NOTE))
    log.save()
    path = tmp_path / "events.json"
    path.write_text(path.read_text().replace('"exited"', '"warp_drive"', 1))
    again = EventLog(tmp_path, 1.0)
    assert again.waiting() == log.waiting()[1:]
    assert again.dropped == 1


@pytest.mark.parametrize("next_id", [str(2**80), "-5", '"x"', "1"])
def test_numbers_that_cannot_be_are_begun_anew_above_those_that_wait(tmp_path: Path, next_id: str) -> None:
    log = EventLog(tmp_path, 1000.0)
    log.add("gpu", 1.0, (NOTE,))
    log.save()
    path = tmp_path / "events.json"
    path.write_text(re.sub(r'"next_id":\d+', f'"next_id":{next_id}', path.read_text()))
    again = EventLog(tmp_path, 2000.0)
    again.add("gpu", 1.0, (NOTE,))
    before, new = again.waiting()
    assert before == log.waiting()[0]
    assert before.id < new.id < 2**53


@pytest.mark.parametrize(("field", "value"), [("id", 2**53), ("id", 0), ("reason", "x" * 301), ("at", 1e300)])
def test_one_that_no_commander_would_take_is_not_told(tmp_path: Path, field: str, value: object) -> None:
    log = EventLog(tmp_path, 1000.0)
    log.add("gpu", 1.0, (NOTE,))
    log.save()
    path = tmp_path / "events.json"
    kept = msgspec.json.decode(path.read_bytes())
    kept["events"][0][field] = value
    path.write_bytes(msgspec.json.encode(kept))
    assert EventLog(tmp_path, 1000.0).waiting() == ()
