"""A file that is too large is refused with what to do."""

from __future__ import annotations

from pathlib import Path

from asic_edge.errands.roster_changes import counted, import_rows, too_long
from asic_edge.roster.store import read_roster
from wire.edge import CSV_MAX_LETTERS, ImportRows


def test_a_file_that_is_too_large_says_how_many_rows_fit(tmp_path: Path) -> None:
    row = "10.0.0.1,rack-1\n"
    csv = "address,name\n" + row * 20_000
    fit = (CSV_MAX_LETTERS - len("address,name\n")) // len(row)
    result = import_rows(tmp_path, ImportRows(csv, apply=True), 1.0)
    assert not result.ok
    assert f"{CSV_MAX_LETTERS:,} fit: about {fit:,} of its 20,000 rows" in result.text
    assert result.text == too_long(csv)
    assert not (tmp_path / "roster.json").exists()


def test_columns_that_are_not_known_are_told(tmp_path: Path) -> None:
    result = import_rows(tmp_path, ImportRows("\ufeffaddress,owner\n10.0.0.1,x\n", apply=False), 1.0)
    assert result.text.endswith("Columns that are not known are left out: owner.")
    assert [each.fate for each in result.lines] == ["added"]
    assert not (tmp_path / "roster.json").exists()


def test_where_all_rows_are_faults_nothing_was_done(tmp_path: Path) -> None:
    result = import_rows(tmp_path, ImportRows("address\n8.8.8.8\n", apply=True), 1.0)
    assert (result.ok, result.text) == (False, "1 row: 0 added, 0 changed, 0 as they are, 1 not taken.")
    assert [(each.of, each.fate) for each in result.lines] == [("2", "fault")]
    assert "not within a private network" in result.lines[0].text
    both = import_rows(tmp_path, ImportRows("address\n8.8.8.8\n10.0.0.1\n", apply=True), 1.0)
    assert (both.ok, [each.address for each in read_roster(tmp_path)]) == (True, ["10.0.0.1"])


def test_nothing_to_count() -> None:
    assert counted([]) == "Nothing to do."
