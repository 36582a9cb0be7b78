"""Small files are whole, for their owner alone, and never followed links."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from asic_edge.settings.files import MOST_BYTES, load
from asic_edge.settings.folder import SettingsError
from asic_edge.settings.identity import Identity, load_identity, save_identity

IDENTITY = Identity(
    url="https://c", token="t", allow_http=False, farm="f", farm_name="F", agent="a", epoch=1, name="edge"
)


def test_what_was_saved_is_loaded_and_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        save_identity(tmp_path, IDENTITY)
    finally:
        os.umask(before)
    assert load_identity(tmp_path) == IDENTITY
    assert (tmp_path / "identity.json").stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["identity.json"]


def test_what_a_killed_writer_left_is_replaced(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("mine")
    (tmp_path / ".identity.json.unfinished").symlink_to(other)
    save_identity(tmp_path, IDENTITY)
    assert other.read_text() == "mine"
    assert load_identity(tmp_path) == IDENTITY


def test_a_failure_leaves_the_former_file(tmp_path: Path) -> None:
    save_identity(tmp_path, IDENTITY)
    (tmp_path / ".identity.json.unfinished").mkdir()
    with pytest.raises(SettingsError, match="Cannot write"):
        save_identity(tmp_path, msgspec.structs.replace(IDENTITY, name="other"))
    assert load_identity(tmp_path) == IDENTITY


def test_links_pipes_and_too_much_are_refused(tmp_path: Path) -> None:
    save_identity(tmp_path, IDENTITY)
    (tmp_path / "link").symlink_to(tmp_path / "identity.json")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe"):
        with pytest.raises(SettingsError):
            load(tmp_path / name, Identity, "")
    os.truncate(tmp_path / "identity.json", MOST_BYTES + 1)
    with pytest.raises(SettingsError, match="damaged"):
        load_identity(tmp_path)
