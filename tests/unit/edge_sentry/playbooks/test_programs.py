"""The folders of programs: whole or not there, one for each archive, and gone when nobody needs them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_sentry.playbooks.programs import Programs
from edge_sentry.playbooks.unpack import UnpackError
from edge_sentry.playbooks.web import FetchError
from tests.unit.edge_sentry.playbooks.fakes import PROGRAM, archive, assigned
from wire.assignments import Archive


def bring(_: Archive, path: Path) -> None:
    path.write_bytes(PROGRAM)


@pytest.fixture
def programs(tmp_path: Path) -> Programs:
    return Programs(tmp_path)


def test_it_is_installed_and_executable(programs: Programs) -> None:
    assert not programs.is_installed(assigned())
    programs.install(assigned(), bring)
    assert programs.is_installed(assigned())
    assert os.access(programs.executable(assigned()), os.X_OK)
    assert [path.name for path in programs.place(assigned()).iterdir()] == ["miner"]


def test_another_archive_of_the_same_version_is_another_program(programs: Programs) -> None:
    programs.install(assigned(), bring)
    assert not programs.is_installed(assigned(archive=archive(b"other")))


def test_two_playbooks_share_a_program(programs: Programs) -> None:
    programs.install(assigned("one"), bring)
    assert programs.is_installed(assigned("two"))


def test_what_fails_changes_nothing(programs: Programs) -> None:
    programs.install(assigned(), bring)
    before = programs.executable(assigned()).read_bytes()

    def fail(_: Archive, path: Path) -> None:
        path.write_bytes(b"half")
        raise FetchError("No.")

    with pytest.raises(FetchError):
        programs.install(assigned(), fail)
    assert programs.executable(assigned()).read_bytes() == before
    damaged = assigned(archive=replace(archive(), kind="zip"))
    with pytest.raises(UnpackError):
        programs.install(damaged, bring)
    assert len(list(programs.place(assigned()).parent.iterdir())) == 1


def test_one_that_was_taken_away_is_seen_and_comes_back(programs: Programs) -> None:
    programs.install(assigned(), bring)
    programs.executable(assigned()).unlink()
    assert not programs.is_installed(assigned())
    programs.install(assigned(), bring)
    assert programs.is_installed(assigned())


def test_what_no_playbook_needs_goes_with_all_that_a_power_cut_left(programs: Programs) -> None:
    programs.install(assigned(), bring)
    other = assigned(program_version="2.0")
    programs.install(other, bring)
    place = programs.place(assigned())
    place.with_name(f"{place.name}.unfinished").mkdir()
    place.with_name(f".{place.name}.download.unfinished").write_bytes(b"half")
    programs.keep_only([other])
    assert list(place.parent.iterdir()) == [programs.place(other)]
    programs.keep_only([])
    assert list(place.parent.iterdir()) == []
