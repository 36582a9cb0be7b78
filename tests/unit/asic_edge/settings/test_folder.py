"""Where an edge keeps its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from asic_edge.settings.folder import SettingsError, data_folder, prepare


def test_the_command_line_counts_before_the_environment(tmp_path: Path) -> None:
    environment = {"ASIC_EDGE_DATA": str(tmp_path / "a")}
    assert data_folder(str(tmp_path / "x" / ".." / "b"), environment) == tmp_path / "b"
    assert data_folder(None, environment) == tmp_path / "a"
    assert data_folder(None, {}).name == "asic-edge"


def test_it_is_made_for_its_user_alone(tmp_path: Path) -> None:
    prepare(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="Cannot make the data folder"):
        prepare(tmp_path / "file" / "x")
