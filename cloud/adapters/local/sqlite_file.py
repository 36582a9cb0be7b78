"""Opens the store's SQLite file, and refuses one that is damaged or not ours before touching it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

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


class StoreFileError(Exception):
    """The file cannot serve as a store; the message says why, in a sentence for the operator."""


def open_writer(path: Path) -> sqlite3.Connection:
    """The one connection that writes; creates an empty store where there is no file."""
    existed = path.exists()
    try:
        connection = _connect(path)
        if existed:
            _check(connection, path)
        else:
            _create(connection)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    except sqlite3.Error as error:
        raise StoreFileError(f"{path} cannot be used as a store: {error}.") from error
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection for reading, of one thread."""
    connection = _connect(path)
    connection.execute("PRAGMA query_only=ON")
    return connection


def _connect(path: Path) -> sqlite3.Connection:
    # One thread uses a connection, but another may close it at the end.
    return sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
    connection.executescript(f"BEGIN; {_SCHEMA} COMMIT;")


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application_id != APPLICATION_ID:
        raise StoreFileError(f"{path} is not a store of Rig Commander.")
    if version != SCHEMA_VERSION:
        raise StoreFileError(
            f"{path} has version {version} of the store; this program knows {SCHEMA_VERSION}."
        )
    if path.stat().st_size <= _CHECKED_MAX_BYTES:
        _check_pages(connection, path)


def _check_pages(connection: sqlite3.Connection, path: Path) -> None:
    """Reads every page; a larger file would make each start slow, and is checked as it is read."""
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        reason = " ".join(verdict.split())
        raise StoreFileError(f"{path} is damaged: {reason}. Nothing was changed in it.")
