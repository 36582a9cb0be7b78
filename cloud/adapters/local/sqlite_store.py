"""The store on one machine: a SQLite file with one writer and a reader connection per thread."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from cloud.adapters.commit_limits import check_sizes, check_writes
from cloud.adapters.local import sqlite_file
from cloud.adapters.local.sqlite_writer import Changes, SqliteWriter
from cloud.domain.keys import Key
from cloud.ports import (
    Absent,
    AtRevision,
    Change,
    Clock,
    Item,
    Newer,
    Page,
    Present,
    Put,
    StoreUnavailable,
    Write,
)

_COLUMNS = "pk, sk, kind, body, revision, expires_at, watched"
_SELECT = f"SELECT {_COLUMNS} FROM items WHERE"  # noqa: S608 - constants; values are bound
_MANY = 200
"""Keys in one statement, well under SQLite's limit of variables."""
_ALIVE = "(expires_at IS NULL OR expires_at > ?)"
# In this order, so that each wanted key is looked up; `IN (VALUES …)` would scan all items.
_WANTED = f"""
WITH wanted(wanted_pk, wanted_sk) AS (VALUES {{}}) SELECT {_COLUMNS}
FROM wanted CROSS JOIN items ON pk = wanted_pk AND sk = wanted_sk WHERE {_ALIVE}
"""  # noqa: S608 - constants; values are bound
_INSERT = "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?, ?)"
_PURGE = "DELETE FROM items WHERE (pk, sk) IN (SELECT pk, sk FROM items WHERE expires_at <= ? LIMIT ?)"
_PURGED_AT_ONCE = 1000
"""A commit of some milliseconds: writers wait for it."""
_PURGE_S = 60.0


class SqliteReader:
    """The port `StoreReads`, of a file that another process may be writing."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._thread = threading.local()
        self._readers: list[sqlite3.Connection] = []

    def get(self, key: Key) -> Item | None:
        items = self._read(f"{_SELECT} pk = ? AND sk = ? AND {_ALIVE}", (*key, self._clock()))
        return items[0] if items else None

    def get_many(self, keys: Sequence[Key], *, stale_ok: bool = False) -> dict[Key, Item]:  # noqa: ARG002
        found: dict[Key, Item] = {}
        for start in range(0, len(keys), _MANY):
            part = keys[start : start + _MANY]
            wanted = _WANTED.format(", ".join(["(?, ?)"] * len(part)))
            values = (*(text for key in part for text in key), self._clock())
            found |= {item.key: item for item in self._read(wanted, values)}
        return found

    def query(
        self,
        pk: str,
        first: str,
        last: str,
        *,
        forwards: bool = True,
        limit: int = 1000,
        after: str | None = None,
    ) -> Page:
        order, beyond = ("ASC", ">") if forwards else ("DESC", "<")
        where = f"pk = ? AND sk BETWEEN ? AND ? AND {_ALIVE}"
        values: tuple[object, ...] = (pk, first, last, self._clock())
        if after is not None:
            where, values = f"{where} AND sk {beyond} ?", (*values, after)
        items = self._read(f"{_SELECT} {where} ORDER BY sk {order} LIMIT ?", (*values, limit + 1))
        return Page(items[:limit], items[limit - 1].key.sk if len(items) > limit else None)

    def close(self) -> None:
        """Lets go of the file; nobody may be reading any more."""
        for connection in self._readers:
            connection.close()

    def _read(self, statement: str, values: Sequence[object]) -> list[Item]:
        try:
            return [_item(row) for row in self._reader().execute(statement, values)]
        except sqlite3.Error as error:
            raise StoreUnavailable(str(error)) from error

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._thread, "connection", None)
        if connection is None:
            connection = self._thread.connection = sqlite_file.open_reader(self._path)
            self._readers.append(connection)
        return connection


class SqliteStore(SqliteReader):
    """The port `Store`; raises StoreFileError when the file cannot serve."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        on_changes: Callable[[Sequence[Change]], None] = lambda _: None,
    ) -> None:
        super().__init__(path, clock)
        self._writer = SqliteWriter(sqlite_file.open_writer(path), on_changes)

    def write(self, write: Write) -> bool:
        return self.commit([write])

    def write_all(self, writes: Sequence[Put]) -> list[bool]:
        """In one transaction, so with one sync."""
        check_sizes(writes)
        now, held = self._clock(), list[bool]()

        def job(connection: sqlite3.Connection, changes: Changes) -> bool:
            held.extend(_apply(connection, write, now, changes) for write in writes)
            return True

        return held if writes and self._writer.carry_out(job) else []

    def commit(self, writes: Sequence[Write]) -> bool:
        check_writes(writes)
        now = self._clock()

        def job(connection: sqlite3.Connection, changes: Changes) -> bool:
            return all(_apply(connection, write, now, changes) for write in writes)

        return self._writer.carry_out(job)

    def purge_expired(self, limit_s: float = _PURGE_S) -> None:
        """Removes what has expired, to give its room back; call it now and then.

        Each part is a commit of its own, so that writers get in between; after `limit_s` the rest waits.
        """
        until = time.monotonic() + limit_s
        while self._purge_some() == _PURGED_AT_ONCE and time.monotonic() < until:
            pass

    def _purge_some(self) -> int:
        now, removed = self._clock(), 0

        def job(connection: sqlite3.Connection, _: Changes) -> bool:
            nonlocal removed
            removed = connection.execute(_PURGE, (now, _PURGED_AT_ONCE)).rowcount
            return True

        self._writer.carry_out(job)
        return removed

    def close(self) -> None:
        """Finishes what was begun and lets go of the file; nobody may be reading any more."""
        self._writer.close()
        super().close()


def _apply(connection: sqlite3.Connection, write: Write, now: float, changes: Changes) -> bool:
    key = write.item.key if isinstance(write, Put) else write.key
    row = connection.execute(f"{_SELECT} pk = ? AND sk = ?", key).fetchone()
    old = _item(row) if row else None
    alive = old is not None and (old.expires_at is None or old.expires_at > now)
    if not _holds(write.when, old if alive else None, write):
        return False
    if isinstance(write, Put):
        item = write.item
        flat = (*key, item.kind, item.body, item.revision, item.expires_at, item.watched)
        connection.execute(_INSERT, flat)
        changes.append(Change(item))
    elif old is not None:
        connection.execute("DELETE FROM items WHERE pk = ? AND sk = ?", key)
        changes.append(Change(old, removed=True))
    return True


def _holds(when: object, old: Item | None, write: Write) -> bool:
    match when, write:
        case Absent(), _:
            return old is None
        case Present(), _:
            return old is not None
        case AtRevision(revision), _:
            return old is not None and old.revision == revision
        case Newer(least), Put(item):
            return old is None or least <= old.revision < item.revision
        case _:
            return True


def _item(row: tuple[str, str, str, bytes, int, int | None, int]) -> Item:
    pk, sk, kind, body, revision, expires_at, watched = row
    return Item(Key(pk, sk), kind, body, revision, expires_at, bool(watched))
