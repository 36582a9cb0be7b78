"""Files that cannot serve as a store are refused, and unchanged byte for byte."""

from __future__ import annotations

import gc
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cloud.adapters.local.sqlite_file import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    check,
    open_reader,
    open_writer,
)
from cloud.ports import StoreFileError

ROW = ("p", "s", "k", b"body", 1, None, 0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


def _fill(path: Path, rows: int = 2000) -> None:
    with closing(open_writer(path)) as writer:
        values = [("p", f"{number:06d}", "k", b"x" * 100, 1, number, 0) for number in range(rows)]
        writer.execute("BEGIN")
        writer.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        writer.execute("COMMIT")


def _refusal(path: Path) -> str:
    """The words of the refusal; fails when the file or its neighbours changed."""
    before = {found.name: found.read_bytes() for found in path.parent.iterdir()}
    with pytest.raises(StoreFileError) as caught:
        open_writer(path)
    words = str(caught.value)
    del caught
    gc.collect()
    assert {found.name: found.read_bytes() for found in path.parent.iterdir()} == before
    return words


def test_new_store_is_ours_empty_and_durable(path: Path) -> None:
    with closing(open_writer(path)) as writer:
        pragmas = ("application_id", "user_version", "journal_mode", "synchronous")
        found = [writer.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
        assert found == [APPLICATION_ID, SCHEMA_VERSION, "wal", 2]
        assert writer.execute("SELECT count(*) FROM items").fetchone() == (0,)


def test_store_is_opened_again_with_what_was_in_it(path: Path) -> None:
    _fill(path, 3)
    with closing(open_writer(path)) as writer:
        assert writer.execute("SELECT count(*) FROM items").fetchone() == (3,)


def test_reader_cannot_write(path: Path) -> None:
    _fill(path, 1)
    with closing(open_reader(path)) as reader, pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM items")


@pytest.mark.parametrize(
    "content", [b"", b"not a database", b"\x00" * 5000, b"SQLite format 3\x00" + b"x" * 5000]
)
def test_file_that_is_no_database(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert str(path) in _refusal(path)


def test_database_of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (a)")
        other.commit()
    assert _refusal(path) == f"{path} is not a store of Rig Commander."


def test_store_of_another_version(path: Path) -> None:
    with closing(open_writer(path)) as writer:
        writer.execute("PRAGMA user_version=2")
    words = _refusal(path)
    assert words == f"{path} has version 2 of the store; this program knows 1."


def test_store_of_another_version_that_was_not_closed_well(path: Path, tmp_path: Path) -> None:
    """A newer program was killed: its last writes still wait in the -wal file."""
    killed = tmp_path / "killed"
    killed.mkdir()
    with closing(open_writer(path)) as writer:
        writer.execute("PRAGMA user_version=2")
        writer.execute("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?)", ROW)
        for name in ("store.sqlite", "store.sqlite-wal"):
            shutil.copy(path.with_name(name), killed / name)
    main = (killed / "store.sqlite").read_bytes()
    with pytest.raises(StoreFileError, match="version 2"):
        open_writer(killed / "store.sqlite")
    gc.collect()
    assert (killed / "store.sqlite").read_bytes() == main
    assert (killed / "store.sqlite-wal").stat().st_size > 0


@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
def test_damage_in_the_middle(path: Path, place: float) -> None:
    _fill(path)
    content = bytearray(path.read_bytes())
    start = int(len(content) * place) // 4096 * 4096
    content[start : start + 2048] = b"\xa5" * 2048
    path.write_bytes(content)
    assert "store.sqlite" in _refusal(path)


def test_file_cut_short(path: Path) -> None:
    _fill(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2 // 4096 * 4096])
    assert "store.sqlite" in _refusal(path)


def test_folder_in_the_place_of_the_file(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreFileError, match="cannot be used as a store"):
        open_writer(path)


def test_no_folder_for_the_file(tmp_path: Path) -> None:
    with pytest.raises(StoreFileError, match="cannot be used as a store"):
        open_writer(tmp_path / "none" / "store.sqlite")


def test_store_whose_making_was_cut_short_is_finished_or_refused(path: Path) -> None:
    """Killed on the first start after the marks were written and before the table was."""
    with closing(sqlite3.connect(path)) as half_made:
        half_made.execute(f"PRAGMA application_id={APPLICATION_ID}")
        half_made.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
    try:
        writer = open_writer(path)
    except StoreFileError:
        return
    with closing(writer):
        assert writer.execute("SELECT name FROM sqlite_master WHERE name = 'items'").fetchone() == ("items",)


def test_where_no_store_is_none_is_found_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(StoreFileError, match="There is no store at"):
        check(tmp_path / "store.sqlite")
    assert list(tmp_path.iterdir()) == []
