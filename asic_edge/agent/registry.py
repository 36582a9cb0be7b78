"""Tells the commander which devices there are; keeps which machine each is and whether it is read here."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from asic_edge.roster.entries import FORMER_MACS_KEPT, Entry
from asic_edge.settings.files import load, save
from asic_edge.settings.folder import SettingsError
from wire.codec import encode
from wire.edge import BATCHES_PER_TELLING, RosterBatch, RosterEntry, RosterReply, RosterTelling, batch_of

NAME: Final = "seats.json"
AGAIN_S: Final = 60.0
"""Where another edge reads some: it may have fallen silent."""
REFUSED_AGAIN_S: Final = 600.0
PUT_OFF_S: Final = 300.0
TELLING_MOST_BYTES: Final = 200_000
_ADVICE = "Remove it: the seats are asked for again."

log = logging.getLogger(__name__)


class KeptSeat(msgspec.Struct, frozen=True):
    """The machine of a number, while the device with that `added_at` has it. `reads`: it is read here."""

    machine: str
    reads: bool
    added_at: float


class _Kept(msgspec.Struct, frozen=True):
    """The file."""

    seats: dict[int, KeptSeat] = {}


class Registry:
    """Two threads may use it: one takes the roster, one tells it. `seats` and `refused` are replaced, never
    changed, so that anyone may look. `refused`: what the commander does not take, with its reason.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self.seats: Mapping[int, KeptSeat] = _loaded(self._path)
        self.refused: Mapping[int, str] = {}
        self._lock = threading.RLock()
        self._numbers: frozenset[int] = frozenset()
        self._wanted: dict[int, RosterBatch] = {}
        self._digests: dict[int, bytes] = {}
        self._told: dict[int, tuple[bytes, float]] = {}
        self._put_off: dict[int, float] = {}
        self._most = BATCHES_PER_TELLING
        self._also: set[int] = set()
        self._unwritten = False

    def take_roster(self, entries: Iterable[Entry]) -> set[int]:
        """All devices as they are now. Returns the numbers that another device has now."""
        batches: dict[int, list[RosterEntry]] = {}
        added = {}
        for entry in entries:
            batches.setdefault(batch_of(entry.number), []).append(_told_as(entry))
            added[entry.number] = entry.added_at
        with self._lock:
            self._numbers = frozenset(added)
            self._wanted = {batch: RosterBatch(batch, tuple(told)) for batch, told in batches.items()}
            self._digests = {batch: _digest(told) for batch, told in self._wanted.items()}
            void = {
                number
                for number, seat in self.seats.items()
                if number in added and seat.added_at != added[number]
            }
            self.seats = {number: seat for number, seat in self.seats.items() if number not in void}
        return void

    def knows(self, number: int) -> bool:
        """Whether the device is in the roster."""
        return number in self._numbers

    def is_read_here(self, number: int) -> bool:
        """So are those without a seat: their samples wait."""
        seat = self.seats.get(number)
        return seat is None or seat.reads

    def numbers_of(self, machines: Collection[str]) -> list[int]:
        """Where these machines sit."""
        return [number for number, seat in self.seats.items() if seat.machine in machines]

    def due(self, epoch: int, now: float) -> RosterTelling | None:
        """What is to be told now, by the steady clock; as many batches as may be told together."""
        with self._lock:
            chosen: list[RosterBatch] = []
            size = 0
            for batch in sorted(self._batches()):
                if not self._is_due(batch, now):
                    continue
                told = self._wanted.get(batch) or RosterBatch(batch, ())
                size += len(encode(told))
                if chosen and (size > TELLING_MOST_BYTES or len(chosen) >= self._most):
                    break
                chosen.append(told)
        return RosterTelling(epoch, tuple(chosen)) if chosen else None

    def next_due(self, now: float) -> float:
        """Seconds until something is to be told, as far as is known now."""
        with self._lock:
            return min((self._due_at(batch) - now for batch in self._batches()), default=AGAIN_S)

    def told(self, telling: RosterTelling, reply: RosterReply, now: float) -> None:
        """The commander knows these batches; the seats are as it says."""
        told = {each.batch: each for each in telling.batches}
        added = {each.number: each.added_at for batch in telling.batches for each in batch.entries}
        before = self.seats
        with self._lock:
            kept = {number: seat for number, seat in before.items() if batch_of(number) not in told}
            kept |= {
                seat.number: KeptSeat(seat.machine, seat.reads, added[seat.number])
                for seat in reply.seats
                if seat.number in added
            }
            refused = {number: why for number, why in self.refused.items() if batch_of(number) not in told}
            self.refused = refused | {each.number: each.reason for each in reply.refused}
            self.seats = kept
            for batch, each in told.items():
                self._told[batch] = _digest(each), now
                self._put_off.pop(batch, None)
            self._most = min(self._most * 2, BATCHES_PER_TELLING)
            self._also = (self._also | set(reply.also)) - set(told)
        self._save(changed=kept != before)

    def not_taken(self, telling: RosterTelling, now: float) -> None:
        """The commander refused it: each batch alone next time, and one that is refused alone later."""
        with self._lock:
            if len(telling.batches) > 1:
                self._most = 1
            else:
                self._put_off[telling.batches[0].batch] = now + PUT_OFF_S

    def put_off(self, telling: RosterTelling, until: float) -> None:
        """These batches are not told before."""
        with self._lock:
            self._put_off |= dict.fromkeys((each.batch for each in telling.batches), until)

    def released(self, machines: Collection[str]) -> None:
        """Another edge reads them."""
        numbers = set(self.numbers_of(machines))
        if numbers:
            self.seats = {
                number: msgspec.structs.replace(seat, reads=False) if number in numbers else seat
                for number, seat in self.seats.items()
            }
            self._save(changed=True)

    def tell_again(self, batch: int) -> None:
        """The commander does not know a machine of it."""
        with self._lock:
            self._told.pop(batch, None)

    def forget_told(self) -> None:
        """A new epoch."""
        with self._lock:
            self._told.clear()
            self._put_off.clear()

    def _batches(self) -> set[int]:
        """Those that have devices, and those that had some when they were told, as far as anyone knows."""
        return {*self._wanted, *map(batch_of, self.seats), *self._also}

    def _is_due(self, batch: int, now: float) -> bool:
        return self._due_at(batch) <= now

    def _due_at(self, batch: int) -> float:
        put_off = self._put_off.get(batch, float("-inf"))
        digest, at = self._told.get(batch, (b"", 0.0))
        if batch in self._also:
            return put_off
        if digest != self._digests.get(batch, _EMPTY):
            return put_off
        numbers = [each.number for each in self._wanted[batch].entries] if batch in self._wanted else []
        if any(not self.is_read_here(number) for number in numbers):
            return max(put_off, at + AGAIN_S)
        if any(number in self.refused for number in numbers):
            return max(put_off, at + REFUSED_AGAIN_S)
        return float("inf")

    def _save(self, *, changed: bool) -> None:
        """A full disk hinders nothing: the seats are asked for again at the next start."""
        if not (changed or self._unwritten):
            return
        try:
            save(self._path, _Kept(dict(self.seats)))
            self._unwritten = False
        except SettingsError as error:
            if not self._unwritten:
                log.warning("%s", error)
            self._unwritten = True


def _loaded(path: Path) -> dict[int, KeptSeat]:
    try:
        kept = load(path, _Kept, _ADVICE)
    except SettingsError as error:
        log.warning("%s", error)
        return {}
    return {} if kept is None else kept.seats


def _told_as(entry: Entry) -> RosterEntry:
    return RosterEntry(
        number=entry.number,
        added_at=entry.added_at,
        name=entry.name,
        mac=entry.mac,
        former_macs=entry.former_macs[-FORMER_MACS_KEPT:],
        serial=entry.serial,
        make=entry.make,
        model=entry.model,
        place=entry.place,
        client=entry.client,
        tags=entry.tags,
    )


def _digest(batch: RosterBatch) -> bytes:
    """None of an empty batch: it is as if never told."""
    return hashlib.sha256(encode(batch)).digest() if batch.entries else _EMPTY


_EMPTY = b"-"
