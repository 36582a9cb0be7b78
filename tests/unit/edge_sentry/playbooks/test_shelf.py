"""What is remembered on the disk: of this machine alone, and damage is never taken for the truth."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_sentry.playbooks.kept import Kept, load_kept, pinned, save_kept
from edge_sentry.playbooks.shelf import Record, Shelf, load_pinned
from edge_sentry.settings.loading import Unreadable
from tests.unit.edge_sentry.playbooks.fakes import assigned
from wire.assignments import Document, DocumentPlace
from wire.messages import EnrolmentReply

KEPT = Kept(farm="farm_1", machine="machine_1", key=b"k" * 32, epoch=1, revision=7, etag="mark")
RECORD = Record(farm="farm_1", machine="machine_1", epoch=1, revision=7, document=Document((assigned(),)))
PLACE = DocumentPlace("https://store.example/d", 9e9, 1, 8)
REPLY = EnrolmentReply("farm_1", "Home", "agent_1", "rig", "machine_1", 2, 1.0, 10.0, 60.0, b"j" * 32, PLACE)


def test_what_was_accepted_comes_back(tmp_path: Path) -> None:
    Shelf(tmp_path).accept(RECORD)
    assert Shelf(tmp_path).record(KEPT) == RECORD
    assert (tmp_path / "accepted.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("other", [{"farm": "farm_2"}, {"machine": "machine_2"}])
def test_what_another_machine_accepted_counts_for_nothing(tmp_path: Path, other: dict[str, str]) -> None:
    Shelf(tmp_path).accept(RECORD)
    save_kept(tmp_path, KEPT)
    assert Shelf(tmp_path).record(replace(KEPT, **other)) is None
    assert load_pinned(tmp_path, **{"farm": "farm_1", "machine": "machine_1", **other}) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"farm":"../x"}'])
def test_damage(tmp_path: Path, content: bytes) -> None:
    for name in ("accepted.json", "document.json"):
        (tmp_path / name).write_bytes(content)
    assert Shelf(tmp_path).record(KEPT) is None
    with pytest.raises(Unreadable):
        load_pinned(tmp_path, "farm_1", "machine_1")


def test_the_pin_of_the_same_machine_stays_and_its_place_is_the_new_one() -> None:
    assert pinned(KEPT, REPLY) == replace(KEPT, place=PLACE)
    assert pinned(None, REPLY) == Kept(farm="farm_1", machine="machine_1", key=b"j" * 32, place=PLACE)
    assert pinned(replace(KEPT, machine="machine_2"), REPLY) == pinned(None, REPLY)
    assert pinned(KEPT, replace(REPLY, key=None)) is None


def test_it_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    save_kept(tmp_path, KEPT)
    assert load_kept(tmp_path) == KEPT
    assert (tmp_path / "document.json").stat().st_mode & 0o077 == 0
