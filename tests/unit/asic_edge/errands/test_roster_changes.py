"""A file that is too large is refused with what to do."""

from __future__ import annotations

from pathlib import Path

from asic_edge.errands.roster_changes import counted, import_rows, too_long
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


def test_nothing_to_count() -> None:
    assert counted([]) == "Nothing to do."
