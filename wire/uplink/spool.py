"""The SQLite file under a backlog: in memory while the disk is full, begun anew when damaged."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

RETRY_DISK_S = 60.0
_NAME = "spool.sqlite"
_UNSAVED = "spool.unsaved"
_META = "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;"

T = TypeVar("T")
Connection = sqlite3.Connection
log = logging.getLogger(__name__)


class Tables(NamedTuple):
    """What a spool holds beside `meta`. `create`: SQL that may run on a file that has them already.

    `columns`: of each table, in their order; a file in which one is missing is damaged.
    """

    create: str
    columns: Mapping[str, tuple[str, ...]]


OF_A_RIG = Tables(
    create="""
CREATE TABLE IF NOT EXISTS sample (at_ms INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS block (
  first_ms INTEGER PRIMARY KEY, after_ms INTEGER, last_ms INTEGER NOT NULL, samples INTEGER NOT NULL,
  standing INTEGER NOT NULL, thin INTEGER NOT NULL DEFAULT 0, body BLOB NOT NULL
);
""",
    columns={
        "sample": ("at_ms", "body"),
        "block": ("first_ms", "after_ms", "last_ms", "samples", "standing", "thin", "body"),
    },
)


class Spool:
    """Runs transactions, one thread at a time; `folder` None keeps everything in memory.

    `trouble` says why the disk is not in use. `lost` becomes True when what had been kept could not be
    read: then nobody knows what the commander was told. `max_pages` bounds the file, for tests.
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        max_pages: int | None = None,
        steady: Callable[[], float] = time.monotonic,
        tables: Tables = OF_A_RIG,
    ) -> None:
        self.folder = folder
        self._tables = tables
        self.trouble: str | None = None
        self.lost = False
        self.max_pages = max_pages
        self._steady = steady
        self._lock = threading.RLock()
        self._retry_at = 0.0
        self._db = _in_memory(tables, page_bytes=1024) if folder is None else self._from_disk(folder)

    def run(self, work: Callable[[Connection], T], *, durable: bool = False) -> T:
        """One transaction; `durable`: it and all before it survive a power cut once this returns."""
        with self._lock:
            self._come_back()
            try:
                return self._transaction(work, durable=durable)
            except sqlite3.DatabaseError as error:
                if self.folder is None or self.trouble is not None:
                    raise
                self._leave_disk(self.folder, error)
                return self._transaction(work, durable=durable)

    def note_unsaved(self) -> None:
        """What is sent now may be known to the commander alone: a later start must know that.

        Written in place, one byte for another, since that works on a full disk too.
        """
        if self.folder is not None and self.trouble is not None:
            self._mark(self.folder, b"1")

    def close(self) -> None:
        """Nothing may run afterwards."""
        with self._lock:
            self._db.close()

    def _transaction(self, work: Callable[[Connection], T], *, durable: bool) -> T:
        if self.folder is not None:
            self._db.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        self._db.execute("BEGIN IMMEDIATE")
        try:
            result = work(self._db)
            if durable:  # a transaction that writes nothing would not wait for the disk
                self._db.execute(
                    "INSERT INTO meta VALUES ('syncs', 1) ON CONFLICT DO UPDATE SET value = value + 1"
                )
            self._db.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise
        return result

    def _from_disk(self, folder: Path) -> Connection:
        """The file's connection; a damaged one is set aside, an unusable disk replaced by memory."""
        try:
            try:
                db = self._opened(folder)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                self._set_aside(folder)
                db = self._opened(folder)
            self._read_mark(folder)
        except (sqlite3.DatabaseError, OSError) as error:
            self._note_trouble(error)
            self.lost = True
            return _in_memory(self._tables)
        return db

    def _opened(self, folder: Path) -> Connection:
        path = folder / _NAME
        path.touch(mode=0o600)
        db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
        try:
            _check(db)
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA journal_size_limit=4194304")
            if self.max_pages is not None:
                db.execute(f"PRAGMA max_page_count={self.max_pages}")
            db.executescript(_META + self._tables.create)
            for table, columns in self._tables.columns.items():
                db.execute(f"SELECT {', '.join(columns)} FROM {table} LIMIT 1")  # noqa: S608 - names of our own
        except BaseException:
            db.close()
            raise
        return db

    def _set_aside(self, folder: Path) -> None:
        number = 1
        while (aside := folder / f"spool.damaged-{number}").exists():
            number += 1
        log.error("The spool is damaged; it is kept as %s and a new one begun.", aside.name)
        (folder / _NAME).replace(aside)
        for ending in ("-wal", "-shm"):
            (folder / (_NAME + ending)).unlink(missing_ok=True)
        self.lost = True

    def _leave_disk(self, folder: Path, error: sqlite3.DatabaseError) -> None:
        """Goes on in memory with all that can still be read."""
        self._note_trouble(error)
        memory = _in_memory(self._tables)
        try:
            self._db.backup(memory)
            _check(memory)
        except sqlite3.DatabaseError:
            memory.close()
            memory = _in_memory(self._tables)
            self.lost = True
        with suppress(sqlite3.Error):
            self._db.close()
        if _is_damage(error):
            with suppress(OSError):
                self._set_aside(folder)
        self._db = memory

    def _come_back(self) -> None:
        """Writes everything to the disk again, if it takes it."""
        if self.folder is None or self.trouble is None or self._steady() < self._retry_at:
            return
        self._retry_at = self._steady() + RETRY_DISK_S
        try:
            disk = self._opened(self.folder)
        except (sqlite3.DatabaseError, OSError):
            return
        try:
            # Row by row in one transaction: it is there or it is not, and a full disk stays as it was.
            _copy(self._db, disk, self._tables)
            self._mark(self.folder, b"1" if self.lost else b"0")
        except (sqlite3.DatabaseError, OSError):
            disk.close()
            return
        self._db.close()
        self._db, self.trouble = disk, None
        log.info("The spool is on the disk again.")

    def _note_trouble(self, error: Exception) -> None:
        self.trouble = f"not on disk: {error}"
        self._retry_at = self._steady() + RETRY_DISK_S
        log.error("The spool cannot use the disk (%s); going on in memory.", error)

    def _read_mark(self, folder: Path) -> None:
        mark = folder / _UNSAVED
        if not mark.exists():
            self._mark(folder, b"0")
        elif mark.read_bytes() != b"0":
            self.lost = True

    def forget_mark(self) -> None:
        """A new epoch has begun: what was told in the former one no longer matters."""
        self.lost = False
        if self.folder is not None and self.trouble is None:
            self._mark(self.folder, b"0")

    def _mark(self, folder: Path, sign: bytes) -> None:
        with suppress(OSError):
            descriptor = os.open(folder / _UNSAVED, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, sign)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _in_memory(tables: Tables, page_bytes: int = 4096) -> Connection:
    # No cache of statements: a thousand simulated rigs have one of these each.
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False, cached_statements=0)
    db.execute(f"PRAGMA page_size={page_bytes}")
    db.executescript(_META + tables.create)
    return db


def _check(db: Connection) -> None:
    if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("the file is damaged")


def _copy(source: Connection, target: Connection, tables: Tables) -> None:
    target.execute("PRAGMA synchronous=FULL")
    target.execute("BEGIN IMMEDIATE")
    counts = {"meta": 2, **{table: len(columns) for table, columns in tables.columns.items()}}
    for table, count in counts.items():
        target.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
        marks = ", ".join("?" * count)
        rows = source.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of our own
        target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - names of our own
    target.execute("COMMIT")


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """A full, read-only or unreachable disk is an OperationalError; what is neither is damage."""
    return not isinstance(error, sqlite3.OperationalError)
