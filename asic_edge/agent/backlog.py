"""Samples and closed blocks of all devices of an edge, on disk until the commander has them."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from asic_edge.agent import backlog_tables as tables
from asic_edge.agent.backlog_tables import Closed, Sample
from wire.edge import batch_of
from wire.uplink.spool import Spool
from wire.uplink.tables import count, get, put

if TYPE_CHECKING:
    from wire.uplink.spool import Connection

MOST_BYTES: Final = 256 * 1024 * 1024
"""About 13 h of 2,000 devices that are read each minute, and as long again thinned to a sample in 5 min."""
MOST_BYTES_IN_MEMORY: Final = 64 * 1024 * 1024
RESERVE_BYTES: Final = 100 * 1024 * 1024
_LEAST_BYTES = 256 * 1024


class Waiting(NamedTuple):
    """A closed block that waits: whose, and in which order it was closed."""

    id: int
    number: int


class Backlog:
    """By the numbers of the devices. Two threads may use it: one keeps, one sends.

    Nothing leaves it but what the commander has or will never take; the latter is counted in `dropped`.
    """

    def __init__(self, spool: Spool, most_bytes: int = MOST_BYTES) -> None:
        self.spool = spool
        self._most_bytes = most_bytes

    @property
    def epoch(self) -> int | None:
        """In which all this is sent; None before the first one and when that is not known any more."""
        return None if self.spool.lost else self._number("epoch")

    @property
    def dropped(self) -> int:
        """Samples dropped since the epoch began."""
        return self._number("dropped") or 0

    @property
    def blocks(self) -> int:
        """Closed blocks that wait."""
        return self._number("blocks") or 0

    @property
    def bytes(self) -> int:
        """Of the closed blocks."""
        return self._number("bytes") or 0

    @property
    def clock_offset_ms(self) -> int | None:
        """The commander's clock less this computer's, as last learned, perhaps in another process."""
        return self._number("clock_offset_ms")

    def note_clock_offset(self, offset_ms: int) -> None:
        """Kept for the next start, when it changed by more than a network's delay."""
        before = self.clock_offset_ms
        if before is None or abs(before - offset_ms) > 1000:
            self.spool.run(lambda db: put(db, "clock_offset_ms", offset_ms))

    def begin(self, epoch: int) -> None:
        """A new epoch: nothing is dropped yet. What waits stays."""

        def work(db: Connection) -> None:
            put(db, "epoch", epoch)
            put(db, "dropped", 0)

        self.spool.run(work, durable=True)
        self.spool.forget_mark()

    def resume(self) -> None:
        """At the start: what an earlier process left is closed, for it was dated by another measure."""

        def work(db: Connection) -> None:
            for table in ("sample", "block", "device"):
                db.execute(f"UPDATE {table} SET undated = 0 WHERE undated")  # noqa: S608 - names of our own
            tables.close_due(db, None)

        self.spool.run(work, durable=True)

    def keep(self, samples: Sequence[Sample], now_ms: int, *, undated: bool) -> None:
        """One round, in one transaction; closes what is of former five minutes. Closed blocks are durable."""
        rows = _rows(samples)

        def work(db: Connection) -> int:
            for batch, held in rows:
                tables.add(db, batch, held, undated=undated)
            return tables.close_due(db, now_ms)

        if self.spool.run(work):
            self._keep_within_bounds()

    def shift(self, by_ms: int, *, undated: bool = False) -> None:
        """The times of all that was kept undated were wrong by so much. `undated`: perhaps they still are."""
        self.spool.run(lambda db: tables.shift(db, by_ms, undated=undated), durable=True)

    def drop_after(self, limit_ms: int) -> int:
        """Drops, and counts, what lies in the future; returns how many samples."""

        def work(db: Connection) -> int:
            gone = tables.drop_after(db, limit_ms)
            count(db, "dropped", gone)
            return gone

        return self.spool.run(work, durable=True)

    def waiting(self, after_id: int, limit: int) -> list[Waiting]:
        """The closed blocks behind that one, oldest first."""
        query = "SELECT id, number FROM block WHERE id > ? ORDER BY id LIMIT ?"
        rows = self.spool.run(lambda db: db.execute(query, (after_id, limit)).fetchall())
        return [Waiting(*row) for row in rows]

    def closed(self, ids: Iterable[int]) -> list[Closed]:
        """These blocks, less those that were dropped meanwhile."""
        return self.spool.run(lambda db: tables.closed(db, ids))

    def acknowledge(self, ids: Collection[int]) -> None:
        """The commander has them."""
        if ids:
            self.spool.run(lambda db: tables.delete(db, ids))

    def refuse(self, ids: Collection[int]) -> int:
        """The commander will never take them; returns how many samples are lost."""

        def work(db: Connection) -> int:
            gone = tables.delete(db, ids)
            count(db, "dropped", gone)
            return gone

        return self.spool.run(work, durable=True)

    def forget(self, numbers: Collection[int]) -> int:
        """Drops, and counts, all of devices that are no more; returns how many samples."""

        def work(db: Connection) -> int:
            gone = tables.forget(db, numbers, {each: batch_of(each) for each in numbers})
            count(db, "dropped", gone)
            return gone

        return self.spool.run(work) if numbers else 0

    def numbers(self) -> set[int]:
        """Of which devices closed blocks wait."""
        rows = self.spool.run(lambda db: db.execute("SELECT DISTINCT number FROM block").fetchall())
        return {row[0] for row in rows}

    def _number(self, name: str) -> int | None:
        number: int | None = self.spool.run(lambda db: get(db, name))
        return number

    def _keep_within_bounds(self) -> None:
        """Durable: so are the blocks that were just closed."""
        most = self._bound_bytes()
        self.spool.run(lambda db: count(db, "dropped", tables.bound(db, most)), durable=True)

    def _bound_bytes(self) -> int:
        """Less where the disk has less, or is not in use; never so little that nothing could be kept."""
        if self.spool.folder is None or self.spool.trouble is not None:
            return min(self._most_bytes, MOST_BYTES_IN_MEMORY)
        free = _free_bytes(self.spool.folder) - RESERVE_BYTES + self.bytes
        return max(min(self._most_bytes, free), min(_LEAST_BYTES, self._most_bytes))


def _rows(samples: Iterable[Sample]) -> list[tuple[int, list[Sample]]]:
    """By batch; a device that was read twice stands in two."""
    rows: dict[tuple[int, int], list[Sample]] = {}
    times: Counter[int] = Counter()
    for each in samples:
        rows.setdefault((batch_of(each.number), times[each.number]), []).append(each)
        times[each.number] += 1
    return [(batch, held) for (batch, _), held in rows.items()]


def _free_bytes(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0
