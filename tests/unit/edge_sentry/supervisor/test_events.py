"""Events wait on disk, bounded and counted."""

from __future__ import annotations

from pathlib import Path

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
