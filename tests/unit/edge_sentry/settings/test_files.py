"""The data folder: where it is, who may read it, and that files are replaced whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_sentry.settings.files import replace_file
from edge_sentry.settings.folder import SettingsError, data_folder, prepare
from edge_sentry.settings.identity import Identity, load_identity, save_identity
from edge_sentry.settings.lock import FolderLock, running_pid
from edge_sentry.settings.status import load_status
from tests.fakes.commander import TOKEN

IDENTITY = Identity(
    url="https://rigs.example",
    token=TOKEN,
    allow_http=False,
    farm="farm1",
    farm_name="Home",
    agent="agent1",
    machine="machine1",
    epoch=1,
    name="rig-01",
)


def test_the_folder_is_chosen_by_flag_then_environment_then_system() -> None:
    environment = {"EDGE_SENTRY_DATA": "/from/environment"}
    assert data_folder("/from/flag", environment) == Path("/from/flag")
    assert data_folder(None, environment) == Path("/from/environment")
    assert data_folder(None, {}).name == "edge-sentry"


def test_the_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    prepare(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="Choose another with --data"):
        prepare(tmp_path / "file" / "folder")


def test_a_file_is_replaced_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    replace_file(path, b"new", durable=True)
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_replacement_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    (tmp_path / "target" / "full").mkdir(parents=True)
    with pytest.raises(OSError, match="target"):
        replace_file(tmp_path / "target", b"new", durable=True)
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_the_identity_is_kept_private_and_its_repr_hides_the_token(tmp_path: Path) -> None:
    assert load_identity(tmp_path) is None
    save_identity(tmp_path, IDENTITY)
    assert load_identity(tmp_path) == IDENTITY
    assert (tmp_path / "identity.json").stat().st_mode & 0o777 == 0o600
    assert TOKEN not in repr(IDENTITY)


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"\xff", b"[" * 100_000])
def test_a_damaged_identity_is_explained(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "identity.json").write_bytes(content)
    with pytest.raises(SettingsError, match="enrol --force"):
        load_identity(tmp_path)


def test_one_agent_at_a_time(tmp_path: Path) -> None:
    assert running_pid(tmp_path) is None
    lock = FolderLock(tmp_path)
    pid = running_pid(tmp_path)
    assert pid
    with pytest.raises(SettingsError, match=rf"already runs on .*pid {pid}"):
        FolderLock(tmp_path)
    lock.release()
    assert running_pid(tmp_path) is None
    FolderLock(tmp_path).release()


def test_an_unreadable_status_is_none(tmp_path: Path) -> None:
    assert load_status(tmp_path) is None
    (tmp_path / "status.json").write_bytes(b"")
    assert load_status(tmp_path) is None


def test_a_lock_that_is_a_link_empties_nobodys_file(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "lock").symlink_to(tmp_path / "precious")
    with pytest.raises(SettingsError, match="is a link"):
        FolderLock(tmp_path)
    assert (tmp_path / "precious").read_text() == "precious"
