"""The folder of one machine's commander."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud.gateway.first_steps import Rig
from cloud.gateway.folder import Folder, FolderError, default_path


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    held = Folder(tmp_path / "a" / "b")
    yield held
    held.release()


def test_default_is_an_absolute_folder_of_ours() -> None:
    assert default_path().is_absolute()
    assert default_path().name == "rig-commander"


def test_folder_is_made_for_its_owner_alone(folder: Folder, tmp_path: Path) -> None:
    assert folder.path == tmp_path / "a" / "b"
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert folder.store_file == folder.path / "commander.sqlite"
    assert folder.sentry == folder.path / "sentry"


def test_one_commander_at_a_time(folder: Folder) -> None:
    with pytest.raises(FolderError, match="in use by another commander"):
        Folder(folder.path)
    folder.release()
    Folder(folder.path).release()


def test_file_is_read_as_it_was_written_by_its_owner_alone(folder: Folder) -> None:
    assert folder.read("rig.json", Rig) is None
    path = folder.write("rig.json", Rig("one", "token"))
    folder.write("rig.json", Rig("two", "token"))
    assert folder.read("rig.json", Rig) == Rig("two", "token")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(found.name for found in folder.path.iterdir()) == ["lock", "rig.json"]


def test_half_written_file_of_a_killed_commander_is_no_hindrance(folder: Folder) -> None:
    folder.write("rig.json", Rig("one", "token"))
    (folder.path / "farm.new").write_bytes(b'{"fa')
    assert folder.read("rig.json", Rig) == Rig("one", "token")
    folder.write("rig.json", Rig("two", "token"))
    assert folder.read("rig.json", Rig) == Rig("two", "token")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"farm":5}', b"\xff\x00"])
def test_damaged_file_is_named_and_left_alone(folder: Folder, content: bytes) -> None:
    path = folder.path / "rig.json"
    path.write_bytes(content)
    with pytest.raises(FolderError, match=r"rig\.json cannot be read"):
        folder.read("rig.json", Rig)
    assert path.read_bytes() == content


def test_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(FolderError, match="cannot be made"):
        Folder(tmp_path / "taken")
    with pytest.raises(FolderError, match="cannot be made"):
        Folder(tmp_path / "taken" / "below")
    assert (tmp_path / "taken").read_text() == "mine"


def test_file_that_cannot_be_written_is_told_in_a_sentence(folder: Folder) -> None:
    (folder.path / "rig.json").mkdir()
    with pytest.raises(FolderError, match=r"rig\.json"):
        folder.write("rig.json", Rig("one", "token"))
