"""The program's own checks, before anything is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloud.__main__ import main


def test_new_password_makes_no_folder_where_there_is_no_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "typo" / "x"
    assert main(["new-password", "--data", str(place)]) == 1
    assert capsys.readouterr().err == f"commander: There is no store in {place}.\n"
    assert list(tmp_path.iterdir()) == []
