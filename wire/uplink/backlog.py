"""What a commander has not acknowledged yet: the open block, closed blocks, and counts of what was lost."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from wire.messages import Block
from wire.uplink import tables
from wire.uplink.blocks import Room, Values, block_of, thaw
from wire.uplink.spool import Spool

if TYPE_CHECKING:
    from wire.uplink.spool import Connection

_DAY_MS = 86_400_000
_LEAST_BYTES = 256 * 1024


class Limits(NamedTuple):
    """How much is kept: full blocks for a week and thin ones for a month, within so many bytes.

    `reserve_bytes` of the disk stay free for others.
    """

    bytes: int = 64 * 1024 * 1024
    reserve_bytes: int = 100 * 1024 * 1024
    thin_after_days: float = 7
    drop_after_days: float = 30


class Row(NamedTuple):
    """A closed block by its first time, in ms. `standing`: the commander may hold it as the open block."""

    key: int
    after_ms: int | None
    samples: int
    bytes: int
    standing: bool


class OpenBlock(NamedTuple):
    """The block under way; `key` and `to_ms` are its first and last time."""

    key: int
    to_ms: int
    after_ms: int | None
    block: Block


class Size(NamedTuple):
    """How much waits; `oldest_at` in epoch seconds."""

    blocks: int
    samples: int
    bytes: int
    oldest_at: float | None


class Backlog:
    """The samples of one machine on their way. Two threads may use it: one adds, one sends.

    A closed block is frozen. A block that a commander may hold as its open one is neither thinned nor
    dropped for room, since the report that replaces it there must bring it whole.
    """

    def __init__(self, spool: Spool, limits: Limits = Limits()) -> None:  # noqa: B008 - immutable
        self.spool = spool
        self._limits = limits
        self._lock = threading.RLock()

    @property
    def epoch(self) -> int | None:
        """The epoch in which all this was sent so far; None when that is not known any more."""
        return None if self.spool.lost else self._number("epoch")

    @property
    def machine(self) -> str | None:
        """Whose samples these are."""
        name: str | None = self.spool.run(lambda db: tables.get(db, "machine"))
        return name

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever sent from here, and nothing was lost."""
        return not self.spool.lost and self.epoch is None

    @property
    def dropped(self) -> int:
        """Samples dropped since the epoch began, refused ones included."""
        return self._number("dropped") or 0

    @property
    def refused(self) -> int:
        """Reports refused since the epoch began."""
        return self._number("refused") or 0

    @property
    def clock_offset_s(self) -> float | None:
        """The commander's clock less this machine's, as last learned, perhaps in another process."""
        number = self._number("clock_offset_ms")
        return None if number is None else number / 1000

    def note_clock_offset(self, offset_s: float) -> None:
        """Kept for the next start, when it changed by more than a network's delay."""
        before = self.clock_offset_s
        if before is None or abs(before - offset_s) > 0.5:
            self.spool.run(lambda db: tables.put(db, "clock_offset_ms", round(offset_s * 1000)))

    def begin(self, machine: str, epoch: int) -> None:
        """A new epoch: the open block is closed, counts start over; another machine's samples go."""

        def work(db: Connection) -> None:
            if tables.get(db, "machine") not in {None, machine}:
                for table in ("sample", "block", "meta"):
                    db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
            tables.close_open(db)
            for name, value in (("machine", machine), ("epoch", epoch), ("dropped", 0), ("refused", 0)):
                tables.put(db, name, value)

        self.spool.run(work, durable=True)
        self.spool.forget_mark()

    def add(self, at_ms: int, values: Values, room: Room) -> int:
        """Keeps one sample; returns its time, later where the clock fell back."""
        body = msgspec.msgpack.encode(values)

        with self._lock:
            kept_ms, closed = self.spool.run(lambda db: tables.add(db, at_ms, body, room))
            if closed:
                self._keep_within_bounds()
        return kept_ms

    def rows(self) -> list[Row]:
        """The closed blocks, oldest first."""
        query = "SELECT first_ms, after_ms, samples, length(body), standing FROM block ORDER BY first_ms"
        found = self.spool.run(lambda db: db.execute(query).fetchall())
        return [
            Row(key, after, samples, size, bool(standing)) for key, after, samples, size, standing in found
        ]

    def block(self, key: int) -> Block | None:
        """A closed block, None when it was dropped meanwhile."""
        query = "SELECT body FROM block WHERE first_ms = ?"
        row = self.spool.run(lambda db: db.execute(query, (key,)).fetchone())
        return None if row is None else thaw(row[0])

    def frozen(self, key: int) -> bytes | None:
        """A closed block as it lies there."""
        query = "SELECT body FROM block WHERE first_ms = ?"
        row = self.spool.run(lambda db: db.execute(query, (key,)).fetchone())
        return None if row is None else bytes(row[0])

    def open(self) -> OpenBlock | None:
        """The block under way as far as it goes."""
        after_ms, samples = self.spool.run(lambda db: (tables.get(db, "after_ms"), tables.samples(db)))
        if not samples:
            return None
        return OpenBlock(samples[0][0], samples[-1][0], after_ms, block_of(samples))

    def show(self, open_: OpenBlock | None) -> int | None:
        """Durable from here on: a report is about to be sent. Returns what `unshow` needs."""

        def work(db: Connection) -> int | None:
            if open_ is None:
                return None
            before = tables.shown_to(db, open_.key)
            tables.set_shown(db, open_.key, open_.to_ms)
            return before

        before = self.spool.run(work, durable=True)
        self.spool.note_unsaved()
        return before

    def unshow(self, open_: OpenBlock, before: int | None) -> None:
        """The report was refused: the commander knows of the open block what it knew before."""
        self.spool.run(lambda db: tables.set_shown(db, open_.key, before))

    def acknowledge(self, keys: Iterable[int], open_: OpenBlock | None) -> None:
        """The commander holds these blocks, and nothing else as its open block if there was one."""

        def work(db: Connection) -> None:
            tables.delete(db, keys)
            if open_ is not None:
                db.execute("UPDATE block SET standing = 0 WHERE first_ms != ?", (open_.key,))

        self.spool.run(work)

    def refuse(self, keys: Iterable[int] = (), open_: OpenBlock | None = None) -> None:
        """Drops blocks, and of an open one what the commander never saw; counts one report."""

        def work(db: Connection) -> None:
            tables.count(db, "dropped", tables.delete(db, keys))
            tables.count(db, "refused", 1)
            if open_ is not None and tables.first(db) == open_.key:
                shown_to = tables.get(db, "shown_to")
                gone = "DELETE FROM sample WHERE at_ms > ? AND at_ms <= ?"
                tables.count(db, "dropped", db.execute(gone, (shown_to or -1, open_.to_ms)).rowcount)
                if shown_to is not None:
                    tables.close_open(db)

        self.spool.run(work, durable=True)

    def redate(self, times: Mapping[int, int], limit_ms: int, room: Room) -> int:
        """Gives samples that nobody was shown other times, new by old; returns how many were dropped.

        Those beyond `limit_ms` are: they are of an earlier process and their true time is lost.
        """

        def work(db: Connection) -> int:
            taken = tables.take_out(db, times)
            gone = tables.drop_future(db, limit_ms)
            for each in taken:
                if each.at_ms <= limit_ms:
                    tables.add(db, each.at_ms, each.body, room)
                else:
                    gone += 1
            tables.count(db, "dropped", gone)
            return gone

        return self.spool.run(work, durable=True)

    def size(self) -> Size:
        """How much waits, the open block included."""
        blocks = "SELECT count(*), total(samples), total(length(body)), min(first_ms) FROM block"
        samples = "SELECT count(*), total(length(body)), min(at_ms) FROM sample"
        closed, open_ = self.spool.run(
            lambda db: (db.execute(blocks).fetchone(), db.execute(samples).fetchone())
        )
        oldest = min((at for at in (closed[3], open_[2]) if at is not None), default=None)
        return Size(
            closed[0] + (open_[0] > 0),
            int(closed[1]) + open_[0],
            int(closed[2] + open_[1]),
            None if oldest is None else oldest / 1000,
        )

    def _number(self, name: str) -> int | None:
        number: int | None = self.spool.run(lambda db: tables.get(db, name))
        return number

    def _keep_within_bounds(self) -> None:
        """Durable: the block that was just closed is."""
        limits, most = self._limits, self._most_bytes()

        def work(db: Connection) -> None:
            thin_after_ms, drop_after_ms = limits.thin_after_days * _DAY_MS, limits.drop_after_days * _DAY_MS
            tables.count(db, "dropped", tables.bound(db, most, thin_after_ms, drop_after_ms))

        self.spool.run(work, durable=True)

    def _most_bytes(self) -> int:
        """The limit, less where the disk has less; never so little that nothing could be kept."""
        if self.spool.folder is None:
            return self._limits.bytes
        own = self.size().bytes
        free = _free_bytes(self.spool.folder) - self._limits.reserve_bytes
        return max(min(self._limits.bytes, free + own), min(_LEAST_BYTES, self._limits.bytes))


def _free_bytes(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0
