"""Chooses what goes into one report: newest states of whole batches, and closed blocks where room is left."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from asic_edge.agent.backlog import Backlog
from asic_edge.agent.backlog_tables import Closed
from asic_edge.agent.telling import Newest, Telling, filled
from wire.codec import encode
from wire.edge import EdgeState, batch_of
from wire.messages import MachineReport

INFLATED_MOST_BYTES: Final = 900_000
SENT_MOST_BYTES: Final = 200_000
MACHINES_MAX: Final = 500
LEAST_BYTES: Final = 20_000
BLOCKS_MAX: Final = 200
"""Of one machine, in one report."""
LOOKED_AT: Final = 2000
"""Closed blocks that are looked through for some whose devices have a seat."""
_HEAD_BYTES = 500

SeatOf = Callable[[int], str | None]
"""The machine of a device by its number; None: it has no seat."""


class Parcel(NamedTuple):
    """`parts` of the report and the number of the device of each; `ids` of closed blocks by part."""

    parts: tuple[MachineReport, ...] = ()
    numbers: tuple[int, ...] = ()
    ids: tuple[tuple[int, ...], ...] = ()
    batches: tuple[int, ...] = ()
    edge: EdgeState | None = None

    @property
    def all_ids(self) -> list[int]:
        """Of all blocks in it."""
        return [each for ids in self.ids for each in ids]

    @property
    def is_empty(self) -> bool:
        """There is nothing to say."""
        return not self.parts and self.edge is None


class Room(NamedTuple):
    """How much may be chosen; less after a commander found something too large."""

    bytes: int = INFLATED_MOST_BYTES
    blocks: int = MACHINES_MAX * BLOCKS_MAX
    extras: bool = True


def newest(
    batches: Mapping[int, Sequence[Newest]],
    telling: Telling,
    edge: EdgeState | None,
    room: Room,
    latest_at: float,
) -> Parcel:
    """As many of `batches`, in their order, as fit; at least one. What is new beside figures goes with
    them while it fits, else with a later report.
    """
    parts: list[MachineReport] = []
    numbers: list[int] = []
    taken: list[int] = []
    left = room.bytes - _HEAD_BYTES - (0 if edge is None else len(encode(edge)))
    for batch, states in batches.items():
        base = [telling.newest(state, latest_at) for state in states]
        size = sum(len(encode(part)) for part in base)
        if taken and (size > left or len(parts) + len(base) > MACHINES_MAX):
            break
        left -= size
        for state, part in zip(states, base, strict=True):
            extras = telling.extras(state) if room.extras else {}
            more = len(msgspec.json.encode(extras)) if extras else 0
            fits = more <= left
            left -= more if fits else 0
            parts.append(filled(part, extras) if fits else part)
            numbers.append(state.number)
        taken.append(batch)
    return Parcel(tuple(parts), tuple(numbers), ((),) * len(parts), tuple(taken), edge)


class Late(NamedTuple):
    """What was chosen. `gone`: devices that are in no roster any more. `is_idle`: of the blocks as far as
    `looked_to`, 0 if there were none, nothing can be sent, for their devices have no seat.
    """

    parcel: Parcel
    gone: frozenset[int]
    is_idle: bool
    looked_to: int


def with_blocks(
    parcel: Parcel,
    backlog: Backlog,
    room: Room,
    after_id: int,
    seat_of: SeatOf,
    knows: Callable[[int], bool],
) -> Late:
    """The same, with the oldest closed blocks behind `after_id` that fit.

    A part holds what its blocks follow one another and end before its newest state.
    """
    waiting = backlog.waiting(after_id, LOOKED_AT)
    gone = frozenset(each.number for each in waiting if not knows(each.number))
    wanted = [each.id for each in waiting if each.number not in gone and seat_of(each.number)]
    left = room.bytes - _HEAD_BYTES - (len(encode(parcel.edge)) if parcel.edge else 0)
    left -= sum(len(encode(part)) for part in parcel.parts)
    box = _Box(parcel, left, room.blocks, seat_of)
    for begin in range(0, len(wanted), MACHINES_MAX):
        if not box.take(backlog.closed(wanted[begin : begin + MACHINES_MAX])):
            break
    return Late(box.parcel(), gone, not wanted, waiting[-1].id if waiting else 0)


class _Box:
    """Parts as they fill up with blocks."""

    def __init__(self, parcel: Parcel, left: int, blocks: int, seat_of: SeatOf) -> None:
        self._given, self._left, self._blocks_left, self._seat_of = parcel, left, blocks, seat_of
        self._place = {number: index for index, number in enumerate(parcel.numbers)}
        self._numbers = list(parcel.numbers)
        self._parts = list(parcel.parts)
        self._blocks: list[list[Closed]] = [[] for _ in parcel.parts]

    def take(self, blocks: Iterable[Closed]) -> bool:
        """Whether there is room for more."""
        for each in blocks:
            size = len(encode(each.block)) + (0 if each.number in self._place else 100)
            if size > self._left and (self._parts or self._given.edge):
                return False
            if self._blocks_left <= 0:
                return False
            if self._add(each):
                self._left -= size
                self._blocks_left -= 1
        return self._left > 0

    def parcel(self) -> Parcel:
        """With all that was taken."""
        parts = [
            _filled(part, blocks) if blocks else part
            for part, blocks in zip(self._parts, self._blocks, strict=True)
        ]
        ids = tuple(tuple(each.id for each in blocks) for blocks in self._blocks)
        return self._given._replace(parts=tuple(parts), numbers=tuple(self._numbers), ids=ids)

    def _add(self, closed: Closed) -> bool:
        place = self._place.get(closed.number)
        if place is None:
            machine = self._seat_of(closed.number)
            if machine is None or len(self._parts) >= MACHINES_MAX:
                return False
            place = self._place[closed.number] = len(self._parts)
            self._numbers.append(closed.number)
            self._parts.append(MachineReport(machine, batch=batch_of(closed.number)))
            self._blocks.append([])
        before, part = self._blocks[place], self._parts[place]
        follows = not before or before[-1].block.at[-1] < closed.block.at[0]
        precedes = part.open is None or closed.block.at[-1] < part.open.at[0]
        if not (follows and precedes) or len(before) >= BLOCKS_MAX:
            return False
        before.append(closed)
        return True


def _filled(part: MachineReport, blocks: Sequence[Closed]) -> MachineReport:
    after_ms = blocks[0].after_ms
    return msgspec.structs.replace(
        part,
        blocks=tuple(each.block for each in blocks),
        after=None if after_ms is None else max(after_ms, 0) / 1000,
    )


def is_small_enough(body: bytes) -> bool:
    """Whether it stays below what is sent at once; `body` before it is compressed."""
    return len(body) <= INFLATED_MOST_BYTES and len(zlib.compress(body, 1)) <= SENT_MOST_BYTES
