"""What a backlog does to the tables of its spool, each within a transaction of the caller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from wire.uplink.blocks import Room, Values, block_of, freeze, samples_of, thaw, thinned

if TYPE_CHECKING:
    from wire.uplink.spool import Connection

ROW_BYTES = 48  # beside the body
_values_decoder = msgspec.msgpack.Decoder(dict[str, float])


class Taken(NamedTuple):
    """A sample that was taken out, to be put back at another time."""

    old_ms: int
    at_ms: int
    body: bytes


def get(db: Connection, name: str) -> Any:
    """One value by its name, a number or a text; None when it was never set."""
    row = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if row is None else row[0]


def put(db: Connection, name: str, value: str | int | None) -> None:
    """Sets one value."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def count(db: Connection, name: str, more: int) -> None:
    """Adds to one number."""
    if more:
        put(db, name, (get(db, name) or 0) + more)


def first(db: Connection) -> int | None:
    """The key of the open block."""
    key: int | None = db.execute("SELECT min(at_ms) FROM sample").fetchone()[0]
    return key


def samples(db: Connection) -> list[tuple[int, Values]]:
    """All of the open block."""
    found = db.execute("SELECT at_ms, body FROM sample ORDER BY at_ms")
    return [(at_ms, _values_decoder.decode(body)) for at_ms, body in found]


def add(db: Connection, at_ms: int, body: bytes, room: Room) -> tuple[int, bool]:
    """Adds a sample; returns its time and whether a block was closed before it."""
    start, end, number = db.execute("SELECT min(at_ms), max(at_ms), count(*) FROM sample").fetchone()
    before = get(db, "after_ms") if end is None else end
    if before is not None and at_ms <= before:
        at_ms = before + 1  # the clock was set back a little; times must ascend
    length_ms = room.seconds * 1000
    closes = start is not None and (at_ms // length_ms != start // length_ms or number >= room.samples)
    if closes:
        close_open(db)
    db.execute("INSERT INTO sample VALUES (?, ?)", (at_ms, body))
    return at_ms, closes


def close_open(db: Connection) -> None:
    """Freezes the open block, if there is one."""
    held = samples(db)
    if not held:
        return
    key, last_ms = held[0][0], held[-1][0]
    standing = get(db, "shown_to") is not None
    row = (key, get(db, "after_ms"), last_ms, len(held), standing, 0, freeze(block_of(held)))
    db.execute("INSERT OR REPLACE INTO block VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    db.execute("DELETE FROM sample")
    put(db, "after_ms", last_ms)
    put(db, "shown_to", None)


def shown_to(db: Connection, key: int) -> int | None:
    """How far a commander may know the open block, which may have been closed meanwhile."""
    if first(db) == key:
        known: int | None = get(db, "shown_to")
        return known
    row = db.execute("SELECT last_ms FROM block WHERE first_ms = ? AND standing", (key,)).fetchone()
    return None if row is None else int(row[0])


def set_shown(db: Connection, key: int, to_ms: int | None) -> None:
    """The counterpart of `shown_to`."""
    if first(db) == key:
        put(db, "shown_to", to_ms)
    else:
        db.execute("UPDATE block SET standing = ? WHERE first_ms = ?", (to_ms is not None, key))


def delete(db: Connection, keys: Iterable[int]) -> int:
    """Deletes closed blocks; returns how many samples they held."""
    gone = 0
    for key in keys:
        row = db.execute("DELETE FROM block WHERE first_ms = ? RETURNING samples", (key,)).fetchone()
        gone += 0 if row is None else row[0]
    return gone


def take_out(db: Connection, times: Mapping[int, int]) -> list[Taken]:
    """Takes out whatever holds one of `times` and was never shown; others in those blocks keep their time."""
    taken: list[Taken] = []
    after: list[int | None] = []
    since = min(times, default=None)
    query = "SELECT first_ms, after_ms, body FROM block WHERE last_ms >= ? AND NOT standing ORDER BY first_ms"
    for key, after_ms, body in db.execute(query, (since,)).fetchall():
        after.append(after_ms)
        delete(db, [key])
        held = samples_of(thaw(body))
        taken += [Taken(at, times.get(at, at), msgspec.msgpack.encode(values)) for at, values in held]
    known = get(db, "shown_to")
    unshown = "DELETE FROM sample WHERE at_ms > ? RETURNING at_ms, body"
    found = db.execute(unshown, (-1 if known is None else known,)).fetchall() if times else []
    taken += [Taken(at, times.get(at, at), body) for at, body in found]
    if after and first(db) is None:
        latest = db.execute("SELECT max(last_ms) FROM block").fetchone()[0]
        put(db, "after_ms", max((ms for ms in (latest, after[0]) if ms is not None), default=None))
    return sorted(taken, key=lambda each: each.at_ms)


def drop_future(db: Connection, limit_ms: int) -> int:
    """Drops what lies beyond and was never shown; returns how many samples."""
    query = "SELECT first_ms FROM block WHERE last_ms > ? AND NOT standing"
    gone = delete(db, [row[0] for row in db.execute(query, (limit_ms,)).fetchall()])
    known = get(db, "shown_to")
    beyond = max(limit_ms, -1 if known is None else known)
    gone += db.execute("DELETE FROM sample WHERE at_ms > ?", (beyond,)).rowcount
    if first(db) is None and (get(db, "after_ms") or 0) > limit_ms:
        put(db, "after_ms", db.execute("SELECT max(last_ms) FROM block").fetchone()[0])
    return gone


def bound(db: Connection, most_bytes: int, thin_after_ms: float, drop_after_ms: float) -> int:
    """Thins and drops the oldest blocks until the rest is small and young enough; returns samples lost."""
    newest = db.execute("SELECT max(last_ms) FROM block").fetchone()[0] or 0
    old = "SELECT first_ms FROM block WHERE NOT standing AND last_ms < ?"
    gone = delete(db, [row[0] for row in db.execute(old, (newest - drop_after_ms,)).fetchall()])
    query = f"{old} AND NOT thin"
    for (key,) in db.execute(query, (newest - thin_after_ms,)).fetchall():
        gone += _thin(db, key)
    for full in (True, False):
        oldest = "SELECT first_ms FROM block WHERE NOT standing AND thin <= ? ORDER BY first_ms"
        for (key,) in db.execute(oldest, (not full,)).fetchall():
            if _bytes(db) <= most_bytes:
                return gone
            gone += _thin(db, key) if full else delete(db, [key])
    return gone


def _thin(db: Connection, key: int) -> int:
    body, before = db.execute("SELECT body, samples FROM block WHERE first_ms = ?", (key,)).fetchone()
    block = thinned(thaw(body))
    update = "UPDATE block SET thin = 1, samples = ?, body = ? WHERE first_ms = ?"
    db.execute(update, (len(block.at), freeze(block), key))
    return int(before) - len(block.at)


def _bytes(db: Connection) -> int:
    return int(db.execute(f"SELECT total(length(body) + {ROW_BYTES}) FROM block").fetchone()[0])  # noqa: S608
