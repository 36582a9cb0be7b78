"""Whole batches are told when they change, and seats are believed for the device that they were given to."""

from __future__ import annotations

from pathlib import Path

from asic_edge.agent.registry import AGAIN_S, PUT_OFF_S, Registry
from tests.fakes.edge_uplink import entry_of
from wire.edge import Refusal, RosterBatch, RosterReply, RosterTelling, Seat


def told(registry: Registry, telling: RosterTelling, now: float, *elsewhere: int) -> None:
    """The commander takes all of it."""
    numbers = [entry.number for batch in telling.batches for entry in batch.entries]
    seats = tuple(Seat(each, f"m{each}", each not in elsewhere) for each in numbers)
    registry.told(telling, RosterReply(now, seats), now)


def due(registry: Registry, now: float = 0.0) -> RosterTelling:
    telling = registry.due(1, now)
    assert telling is not None
    return telling


def test_what_changed_is_told_once(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.take_roster([entry_of(1), entry_of(70)])
    told(registry, due(registry), 0.0)
    assert registry.due(1, 1e6) is None
    registry.take_roster([entry_of(1), entry_of(70, place="rack 3")])
    assert [each.batch for each in due(registry).batches] == [1]


def test_an_empty_batch_is_told_once_more(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.take_roster([entry_of(70)])
    told(registry, due(registry), 0.0)
    registry.take_roster([])
    assert [(each.batch, each.entries) for each in due(registry).batches] == [(1, ())]
    told(registry, due(registry), 0.0)
    assert registry.due(1, 1e6) is None
    assert not registry.seats


def test_seats_are_kept_and_void_for_another_device(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.take_roster([entry_of(1), entry_of(2)])
    told(registry, due(registry), 0.0, 2)
    again = Registry(tmp_path)
    assert again.take_roster([entry_of(1, added_at=5.0), entry_of(2)]) == {1}
    assert again.seats.keys() == {2}
    assert again.is_read_here(1)
    assert not again.is_read_here(2)


def test_damaged_seats_are_asked_for_again(tmp_path: Path) -> None:
    (tmp_path / "seats.json").write_text("{")
    registry = Registry(tmp_path)
    registry.take_roster([entry_of(1)])
    assert due(registry).batches[0].batch == 0


def test_who_is_read_elsewhere_is_asked_about_each_minute(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.take_roster([entry_of(1)])
    told(registry, due(registry), 0.0, 1)
    assert registry.due(1, AGAIN_S - 1) is None
    assert registry.next_due(0.0) == AGAIN_S
    told(registry, due(registry, AGAIN_S), AGAIN_S)
    assert registry.is_read_here(1)
    registry.released(["m1"])
    assert not Registry(tmp_path).is_read_here(1)


def test_refused_devices_are_named_with_their_reason(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.take_roster([entry_of(1)])
    telling = due(registry)
    registry.told(telling, RosterReply(0.0, (), (Refusal(1, "the farm is full"),)), 0.0)
    assert registry.refused == {1: "the farm is full"}
    assert registry.due(1, 60.0) is None
    assert registry.due(1, 600.0) is not None


def test_a_refused_telling_holds_up_only_the_batch_that_is_refused(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.take_roster([entry_of(1), entry_of(70)])
    registry.not_taken(due(registry), 0.0)
    alone = due(registry)
    assert [each.batch for each in alone.batches] == [0]
    registry.not_taken(alone, 0.0)
    assert [each.batch for each in due(registry).batches] == [1]
    told(registry, due(registry), 0.0)
    assert registry.due(1, 1.0) is None
    assert registry.due(1, PUT_OFF_S) is not None


def test_a_telling_fits_a_body(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    long = {"place": "x" * 120, "client": "y" * 80, "tags": tuple(f"{i:040}" for i in range(20))}
    registry.take_roster([entry_of(number, **long) for number in range(1, 600)])
    assert len(due(registry).batches) < 10


def test_batches_that_the_commander_knows_from_before_are_told_as_empty(tmp_path: Path) -> None:
    """The folder was lost, and with it that these devices were in the roster once."""
    registry = Registry(tmp_path)
    registry.take_roster([entry_of(1)])
    telling = due(registry)
    registry.told(telling, RosterReply(5.0, (), also=(0, 7)), 0.0)
    assert due(registry) == RosterTelling(telling.epoch, (RosterBatch(7, ()),))
    registry.told(due(registry), RosterReply(5.0, ()), 0.0)
    assert registry.due(telling.epoch, 0.0) is None
