"""The preview tells every change and fault; only a yes applies it."""

from __future__ import annotations

from pathlib import Path

import pytest

from asic_edge.__main__ import main
from asic_edge.commands.import_rows import import_rows as command
from asic_edge.roster.store import read_roster
from tests.fakes.person import FakePerson

Capture = pytest.CaptureFixture[str]
ROWS = "address,name,owner\n10.0.0.1,rack-1,x\n10.0.0.2,rack-2,x\n10.0.0.300,rack-3,x\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text(ROWS)
    return path


def import_rows(file: Path, *more: str) -> int:
    return main(["import", str(file), "--data", str(file.parent / "data"), *more])


def names(file: Path) -> list[str]:
    return [each.name for each in read_roster(file.parent / "data")]


def test_without_a_yes_it_only_shows(file: Path, capsys: Capture) -> None:
    assert import_rows(file) == 3
    assert capsys.readouterr().out.splitlines() == [
        "Columns that are not known are left out: owner.",
        "line 2: add: rack-1 (10.0.0.1)",
        "line 3: add: rack-2 (10.0.0.2)",
        "line 4: fault: '10.0.0.300' is no IPv4 address",
        "3 rows: 2 added, 0 changed, 0 as they are, 1 not taken.",
        "Nothing was changed. Apply it with: --yes",
    ]
    assert names(file) == []


def test_a_yes_applies_and_a_second_run_changes_nothing(file: Path, capsys: Capture) -> None:
    assert import_rows(file, "--yes") == 3
    assert "Done: 2 added, 0 changed, 0 as they are, 1 not taken." in capsys.readouterr().out
    kept = (file.parent / "data" / "roster.json").read_bytes()
    assert import_rows(file, "--yes") == 3
    assert "There is nothing to change." in capsys.readouterr().out
    assert (file.parent / "data" / "roster.json").read_bytes() == kept
    assert names(file) == ["rack-1", "rack-2"]


def test_public_addresses_only_when_said(file: Path, capsys: Capture) -> None:
    file.write_text("address,name\n203.0.113.7,rack-1\n0.0.0.0,rack-2\n")
    assert import_rows(file, "--yes") == 3
    assert "203.0.113.7 is not within a private network; asic-edge import --public" in capsys.readouterr().out
    assert names(file) == []
    assert import_rows(file, "--yes", "--public") == 3
    assert names(file) == ["rack-1"]


@pytest.mark.parametrize(("typed", "applied"), [("y", 2), ("", 0)])
def test_somebody_is_asked(file: Path, typed: str, applied: int) -> None:
    command(file.parent / "data", file, FakePerson(typed), yes=False)
    assert len(names(file)) == applied


def test_a_file_that_is_not_there(tmp_path: Path, capsys: Capture) -> None:
    assert import_rows(tmp_path / "none.csv") == 1
    assert "none.csv: No such file" in capsys.readouterr().err
