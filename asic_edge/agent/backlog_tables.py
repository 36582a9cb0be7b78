"""What the backlog of an edge does to the tables of its spool, each within a transaction of the caller.

A row of `sample` is one round of one batch; one of `block` is a closed block of one device, its times
counted from `first_ms`, so that all of it moves with that one figure.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from wire.messages import Block
from wire.uplink.blocks import LENGTH_S, SAMPLES_MAX, Values, block_of, freeze, thaw, thinned, to_ms
from wire.uplink.spool import Tables
from wire.uplink.tables import count, get, put

if TYPE_CHECKING:
    from wire.uplink.spool import Connection

ROW_BYTES: Final = 64  # beside the body
AT_ONCE: Final = 200
_LENGTH_MS = LENGTH_S * 1000
_SPREAD = 0.618034  # of the golden ratio: any run of batches is spread evenly

OF_AN_EDGE = Tables(
    create="""
CREATE TABLE IF NOT EXISTS sample (
  id INTEGER PRIMARY KEY, batch INTEGER NOT NULL, at_ms INTEGER NOT NULL, undated INTEGER NOT NULL,
  body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS block (
  id INTEGER PRIMARY KEY, number INTEGER NOT NULL, after_ms INTEGER, first_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL, samples INTEGER NOT NULL, undated INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS device (
  number INTEGER PRIMARY KEY, after_ms INTEGER NOT NULL, undated INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS sample_batch ON sample (batch);
CREATE INDEX IF NOT EXISTS block_number ON block (number, first_ms);
""",
    columns={
        "sample": ("id", "batch", "at_ms", "undated", "body"),
        "block": ("id", "number", "after_ms", "first_ms", "last_ms", "samples", "undated", "body"),
        "device": ("number", "after_ms", "undated"),
    },
)

Held = dict[int, tuple[int, dict[str, float]]]
"""Of one round and batch: by the device's number the ms since the row's time, and the sample."""
_held_decoder = msgspec.msgpack.Decoder(Held)


class Sample(NamedTuple):
    """One reading of a device."""

    number: int
    at_ms: int
    values: Values


class Closed(NamedTuple):
    """A closed block on its way. `after_ms`: the time of the device's sample before it, where known."""

    id: int
    number: int
    after_ms: int | None
    samples: int
    block: Block


def add(db: Connection, batch: int, samples: Sequence[Sample], *, undated: bool) -> None:
    """One round of one batch."""
    at_ms = min(each.at_ms for each in samples)
    held = {each.number: (each.at_ms - at_ms, each.values) for each in samples}
    body = zlib.compress(msgspec.msgpack.encode(held), 1)
    row = (batch, at_ms, int(undated), body)
    db.execute("INSERT INTO sample (batch, at_ms, undated, body) VALUES (?, ?, ?, ?)", row)


def close_due(db: Connection, now_ms: int | None) -> int:
    """Closes what lies in other five minutes than `now_ms`, None: everything. Returns how many blocks.

    The five minutes of each batch begin at another moment, so that not all close at once.
    """
    query = "SELECT batch, min(at_ms), max(at_ms) FROM sample GROUP BY batch"
    closed = 0
    for batch, first_ms, last_ms in db.execute(query).fetchall():
        present = None if now_ms is None else slot_of(batch, now_ms)
        if present is None or {slot_of(batch, first_ms), slot_of(batch, last_ms)} != {present}:
            closed += _close(db, batch, present)
    return closed


def slot_of(batch: int, at_ms: int) -> int:
    """Which five minutes of the batch."""
    return (at_ms + int(batch * _SPREAD % 1 * _LENGTH_MS)) // _LENGTH_MS


def shift(db: Connection, by_ms: int, *, undated: bool) -> None:
    """All that was dated before the commander's time was known moves. `undated`: it is not known yet."""
    moves = {
        "sample": "at_ms = at_ms + ?1",
        "block": "first_ms = first_ms + ?1, last_ms = last_ms + ?1, after_ms = after_ms + ?1",
        "device": "after_ms = after_ms + ?1",
    }
    for table, move in moves.items():
        db.execute(f"UPDATE {table} SET {move}, undated = ?2 WHERE undated", (by_ms, int(undated)))  # noqa: S608 - names of our own
    _part_equals(db)


def drop_after(db: Connection, limit_ms: int) -> int:
    """Drops what lies beyond; returns how many samples."""
    ids = [row[0] for row in db.execute("SELECT id FROM block WHERE last_ms > ?", (limit_ms,)).fetchall()]
    gone = delete(db, ids)
    rows = db.execute("SELECT id, body FROM sample WHERE at_ms > ?", (limit_ms,)).fetchall()
    for key, body in rows:
        gone += len(_held(body))
        db.execute("DELETE FROM sample WHERE id = ?", (key,))
    db.execute("UPDATE device SET after_ms = ?1 WHERE after_ms > ?1", (limit_ms,))
    return gone


def forget(db: Connection, numbers: Collection[int], batch_of: Mapping[int, int]) -> int:
    """Drops all of these devices; returns how many samples."""
    gone = 0
    for number in numbers:
        query = "SELECT id FROM block WHERE number = ?"
        gone += delete(db, [row[0] for row in db.execute(query, (number,)).fetchall()])
        db.execute("DELETE FROM device WHERE number = ?", (number,))
        query = "SELECT id, body FROM sample WHERE batch = ?"
        for key, body in db.execute(query, (batch_of[number],)).fetchall():
            held = _held(body)
            if held.pop(number, None) is not None:
                gone += 1
                _rewrite(db, key, held)
    return gone


def delete(db: Connection, ids: Iterable[int]) -> int:
    """Deletes closed blocks; returns how many samples they held."""
    samples = rows = size = 0
    query = "DELETE FROM block WHERE id = ? RETURNING samples, length(body)"
    for each in ids:
        row = db.execute(query, (each,)).fetchone()
        if row is not None:
            samples, rows, size = samples + row[0], rows + 1, size + row[1] + ROW_BYTES
    count(db, "blocks", -rows)
    count(db, "bytes", -size)
    return int(samples)


def bound(db: Connection, most_bytes: int) -> int:
    """Thins, then drops the oldest blocks until the rest is small enough; returns samples lost."""
    gone = 0
    while (get(db, "bytes") or 0) > most_bytes:
        thin_to = get(db, "thin_to") or 0
        query = "SELECT id, samples, body FROM block WHERE id > ? ORDER BY id LIMIT ?"
        full = db.execute(query, (thin_to, AT_ONCE)).fetchall()
        if full:
            gone += sum(_thin(db, *row) for row in full)
            put(db, "thin_to", full[-1][0])
            continue
        oldest = db.execute("SELECT id FROM block ORDER BY id LIMIT ?", (AT_ONCE,)).fetchall()
        if not oldest:
            put(db, "bytes", 0)
            break
        gone += delete(db, [row[0] for row in oldest])
    return gone


def closed(db: Connection, ids: Iterable[int]) -> list[Closed]:
    """Those that are still there."""
    query = "SELECT number, after_ms, first_ms, samples, body FROM block WHERE id = ?"
    found = ((key, db.execute(query, (key,)).fetchone()) for key in ids)
    return [
        Closed(key, row[0], row[1], row[3], _moved(thaw(row[4]), row[2]))
        for key, row in found
        if row is not None
    ]


def _close(db: Connection, batch: int, present: int | None) -> int:
    rows = db.execute(
        "SELECT id, at_ms, undated, body FROM sample WHERE batch = ? ORDER BY id", (batch,)
    ).fetchall()
    by_slot: dict[int, list[tuple[int, int, int, bytes]]] = {}
    for row in rows:
        by_slot.setdefault(slot_of(batch, row[1]), []).append(row)
    closed = 0
    for slot in sorted(by_slot):
        if slot != present:
            closed += _freeze_rows(db, by_slot[slot])
    return closed


def _freeze_rows(db: Connection, rows: Sequence[tuple[int, int, int, bytes]]) -> int:
    """One block, or more where there are too many samples, for each device that has any."""
    samples: dict[int, list[tuple[int, Values]]] = {}
    undated = max(row[2] for row in rows)
    for key, at_ms, _, body in rows:
        for number, (later_ms, values) in _held(body).items():
            samples.setdefault(number, []).append((at_ms + later_ms, values))
        db.execute("DELETE FROM sample WHERE id = ?", (key,))
    made = 0
    for number, held in samples.items():
        for begin in range(0, len(held), SAMPLES_MAX):
            _insert(db, number, held[begin : begin + SAMPLES_MAX], undated)
            made += 1
    return made


def _insert(db: Connection, number: int, held: Sequence[tuple[int, Values]], undated: int) -> None:
    row = db.execute("SELECT after_ms, undated FROM device WHERE number = ?", (number,)).fetchone()
    # What was dated by another measure says nothing of these times.
    after_ms = row[0] if row is not None and row[1] == undated else None
    ascending = _ascending(held, after_ms)
    first_ms, last_ms = ascending[0][0], ascending[-1][0]
    body = freeze(block_of([(at_ms - first_ms, values) for at_ms, values in ascending]))
    db.execute(
        "INSERT INTO block (number, after_ms, first_ms, last_ms, samples, undated, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (number, after_ms, first_ms, last_ms, len(ascending), undated, body),
    )
    db.execute("INSERT OR REPLACE INTO device VALUES (?, ?, ?)", (number, last_ms, undated))
    count(db, "blocks", 1)
    count(db, "bytes", len(body) + ROW_BYTES)


def _ascending(held: Sequence[tuple[int, Values]], after_ms: int | None) -> list[tuple[int, Values]]:
    """The clock may have been set back a little; times must ascend."""
    told: list[tuple[int, Values]] = []
    for at_ms, values in sorted(held, key=lambda each: each[0]):
        before = told[-1][0] if told else after_ms
        told.append((at_ms if before is None else max(at_ms, before + 1), values))
    return told


def _thin(db: Connection, key: int, samples: int, body: bytes) -> int:
    block = thinned(thaw(body))
    less = freeze(block)
    last_ms = to_ms(block.at[-1])
    update = "UPDATE block SET samples = ?, last_ms = first_ms + ?, body = ? WHERE id = ?"
    db.execute(update, (len(block.at), last_ms, less, key))
    count(db, "bytes", len(less) - len(body))
    return samples - len(block.at)


def _part_equals(db: Connection) -> None:
    """A block is known by its device and its first time: no two may have the same."""
    same = "SELECT max(id) FROM block GROUP BY number, first_ms HAVING count(*) > 1"
    while ids := db.execute(same).fetchall():
        db.executemany("UPDATE block SET first_ms = first_ms + 1, last_ms = last_ms + 1 WHERE id = ?", ids)


def _rewrite(db: Connection, key: int, held: Held) -> None:
    if held:
        body = zlib.compress(msgspec.msgpack.encode(held), 1)
        db.execute("UPDATE sample SET body = ? WHERE id = ?", (body, key))
    else:
        db.execute("DELETE FROM sample WHERE id = ?", (key,))


def _held(body: bytes) -> Held:
    return _held_decoder.decode(zlib.decompress(body))


def _moved(block: Block, first_ms: int) -> Block:
    return msgspec.structs.replace(block, at=tuple((first_ms + to_ms(at)) / 1000 for at in block.at))
