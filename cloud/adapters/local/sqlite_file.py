"""Opens the store's SQLite file, and refuses one that is damaged or not ours before touching it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from cloud.ports import StoreFileError

APPLICATION_ID = 0x52494743  # "RIGC"
SCHEMA_VERSION = 1
_CHECKED_MAX_BYTES = 256 * 1024 * 1024
_SCHEMA = """
CREATE TABLE items (
  pk TEXT NOT NULL,
  sk TEXT NOT NULL,
  kind TEXT NOT NULL,
  body BLOB NOT NULL,
  revision INTEGER NOT NULL,
  expires_at INTEGER,
  watched INTEGER NOT NULL,
  PRIMARY KEY (pk, sk)
) WITHOUT ROWID;
CREATE INDEX items_by_expiry ON items (expires_at) WHERE expires_at IS NOT NULL;
"""


def check(path: Path) -> None:
    """Raises StoreFileError where there is none of our stores, or it is damaged; changes nothing."""
    if not path.exists():
        raise StoreFileError(f"There is no store at {path}.")
    try:
        with closing(_connect_reading(path)) as reader:
            _check(reader, path)
    except (sqlite3.Error, OSError) as error:
        raise _unusable(path, error) from error


def open_writer(path: Path) -> sqlite3.Connection:
    """The one connection that writes; creates an empty store where there is no file."""
    try:
        if path.exists():
            check(path)
        else:
            _create(path)
        connection = _connect(path)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    except (sqlite3.Error, OSError) as error:
        raise _unusable(path, error) from error
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection for reading, of one thread."""
    connection = _connect(path)
    connection.execute("PRAGMA query_only=ON")
    return connection


def _unusable(path: Path, error: Exception) -> StoreFileError:
    return StoreFileError(f"{path} cannot be used as a store: {error}.")


def _connect(path: Path) -> sqlite3.Connection:
    # One thread uses a connection, but another may close it at the end.
    return sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)


def _connect_reading(path: Path) -> sqlite3.Connection:
    """Changes nothing, not even by carrying a write-ahead log into the file or leaving one beside it."""
    how = "mode=ro" if path.with_name(path.name + "-wal").exists() else "immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)


def _create(path: Path) -> None:
    """Under another name first: a start that is cut short leaves no half-made store."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with closing(_connect(new)) as connection:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        connection.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
    new.replace(path)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application_id != APPLICATION_ID:
        raise StoreFileError(f"{path} is not a store of Rig Commander.")
    if version != SCHEMA_VERSION:
        raise StoreFileError(
            f"{path} has version {version} of the store; this program knows {SCHEMA_VERSION}."
        )
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'items'").fetchone() is None:
        raise StoreFileError(f"{path} has no table of items; it was not made whole.")
    if path.stat().st_size <= _CHECKED_MAX_BYTES:
        _check_pages(connection, path)


def _check_pages(connection: sqlite3.Connection, path: Path) -> None:
    """Reads every page; a larger file would make each start slow, and is checked as it is read."""
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        reason = " ".join(verdict.split())
        raise StoreFileError(f"{path} is damaged: {reason}. Nothing was changed in it.")
