"""Chooses what goes into one report: the newest state with the oldest blocks, or late blocks alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from wire.codec import MAX_INFLATED_BYTES, MAX_SENT_BYTES, encode, encode_report
from wire.messages import Block, MachineReport, Report
from wire.uplink.backlog import Backlog, OpenBlock, Row

BLOCKS_MAX = 200
STANDING_MAX = 8


class Parcel(NamedTuple):
    """Blocks by their keys, and the open one in a report of the newest state."""

    keys: tuple[int, ...]
    blocks: tuple[Block, ...]
    after_ms: int | None
    open: OpenBlock | None = None

    def part(self, machine: str) -> MachineReport:
        """As the wire has it, without what describes the machine."""
        after = None if self.after_ms is None else self.after_ms / 1000
        return MachineReport(machine, self.blocks, self.open.block if self.open else None, after)


# Makes the report that carries a parcel, to see how large it is.
Form = Callable[[Parcel], Report]


def newest(backlog: Backlog, form: Form, most: int, apart: Collection[int]) -> Parcel | None:
    """The open block with every block that the commander may hold in its place, and the oldest of the rest.

    None when nothing is open or too many, or one that goes `apart`, may stand in its place: these go first.
    """
    open_ = backlog.open()
    rows = backlog.rows()
    standing = [row for row in rows if row.standing]
    if open_ is None or len(standing) >= STANDING_MAX or any(row.key in apart for row in standing):
        return None
    rest = [row for row in rows if not row.standing and row.key not in apart]
    while True:
        chosen = sorted([*standing, *rest[: max(0, most - len(standing))]])
        parcel = _filled(backlog, chosen, open_)
        if most <= 1 or not parcel.keys or _fits(form(parcel)):
            return parcel
        most = max(len(parcel.keys) // 2, 1)


def late(backlog: Backlog, form: Form, most: int, apart: Collection[int]) -> Parcel | None:
    """The oldest blocks, those first that hold up the newest state; one alone of those that go `apart`."""
    rows = backlog.rows()
    standing = [row for row in rows if row.standing]
    if len(standing) >= STANDING_MAX or any(row.key in apart for row in standing):
        rows = standing
    if any(row.key in apart for row in rows):
        rows, most = [row for row in rows if row.key in apart], 1
    while rows:
        parcel = _filled(backlog, rows[:most], None)
        if most <= 1 or _fits(form(parcel)):
            return parcel if parcel.keys else None
        most = max(min(most, len(parcel.keys)) // 2, 1)
    return None


def _filled(backlog: Backlog, rows: Sequence[Row], open_: OpenBlock | None) -> Parcel:
    """Stops before the blocks alone would be too much; one dropped meanwhile is left out."""
    keys: list[int] = []
    blocks: list[Block] = []
    left = MAX_INFLATED_BYTES - (0 if open_ is None else len(encode(open_.block)))
    for row in rows:
        block = backlog.block(row.key)
        if block is None:
            continue
        left -= len(encode(block))
        if left < 0 and keys and not row.standing:
            break
        keys.append(row.key)
        blocks.append(block)
    if rows and keys:
        return Parcel(tuple(keys), tuple(blocks), rows[0].after_ms, open_)
    return Parcel((), (), open_.after_ms if open_ else None, open_)


def _fits(report: Report) -> bool:
    return len(encode(report)) <= MAX_INFLATED_BYTES and len(encode_report(report)) <= MAX_SENT_BYTES
