"""What a run leaves on disk."""

from __future__ import annotations

from pathlib import Path

from edge_sentry.supervisor.records import Tally, load_playbook, load_tally, save_playbook, save_tally
from tests.unit.edge_sentry.supervisor.fakes import playbook

TALLY = Tally(exits=(1.0, 2.0), in_row=2, tries={"gpu_stopped/x": (1.0,)}, hot=("x",))


def test_a_tally_holds_within_its_boot(tmp_path: Path) -> None:
    save_tally(tmp_path, "first", 100.0, TALLY)
    assert load_tally(tmp_path, "first", 100.0) == TALLY
    assert load_tally(tmp_path, "second", 200.0) == Tally()


def test_where_the_system_does_not_name_its_boots_a_smaller_time_tells(tmp_path: Path) -> None:
    save_tally(tmp_path, "", 100.0, TALLY)
    assert load_tally(tmp_path, "", 99.0) == Tally()


def test_a_damaged_tally_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "tally.json").write_bytes(b"{")
    assert load_tally(tmp_path, "first", 1.0) == Tally()


def test_the_same_playbook_is_not_written_again(tmp_path: Path) -> None:
    """So that a full disk does not keep a rig from mining after a boot."""
    save_playbook(tmp_path, playbook())
    written = (tmp_path / "record.json").stat().st_ino
    save_playbook(tmp_path, playbook())
    assert (tmp_path / "record.json").stat().st_ino == written
    save_playbook(tmp_path, playbook(version=2))
    assert load_playbook(tmp_path) == playbook(version=2)


def test_no_record_is_none(tmp_path: Path) -> None:
    assert load_playbook(tmp_path) is None


def test_a_tally_of_times_to_come_is_an_empty_one(tmp_path: Path) -> None:
    save_tally(tmp_path, "first", 100.0, Tally(exits=(1e9,)))
    assert load_tally(tmp_path, "first", 200.0) == Tally()
