"""Reads the devices of the roster in rounds, and keeps what they say until the commander has it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

import msgspec

from asic_edge.agent.backlog import Backlog
from asic_edge.agent.backlog_tables import Sample
from asic_edge.agent.dating import Dating
from asic_edge.agent.hall import Changes, Device, Hall
from asic_edge.agent.readings import values_of
from asic_edge.agent.registry import Registry
from asic_edge.agent.telling import Newest
from asic_edge.gate import Gate
from asic_edge.rounds import Limits, Reading, Result, Rounds, Summary
from asic_edge.snapshot import NoAnswer, Snapshot
from asic_edge.ways import Known
from wire.edge import RoundState
from wire.messages import RigEvent
from wire.uplink.blocks import Values, to_ms
from wire.uplink.clock import Moment

AT_ONCE_IN_FULL: Final = 500
"""More devices than these are first read in full spread over the usual time."""
PENDING_MOST: Final = 50_000
_SPREAD_S = 1.0

log = logging.getLogger(__name__)


class Listener(Protocol):
    """Who wants to know of each reading that tells something."""

    def note(self, device: Device, read: Snapshot) -> None: ...


class Kept(NamedTuple):
    """What is kept, and by which time."""

    backlog: Backlog
    registry: Registry
    dating: Dating


class _Taken(NamedTuple):
    number: int
    moment: Moment
    values: Values


class Watching:
    """For the event loop's thread. `events`: those that wait, of a device by its number.

    `silent_late` is called when devices fell silent that a round no longer waited for.
    """

    def __init__(
        self,
        ways: Reading,
        gate: Gate,
        kept: Kept,
        *,
        now: Callable[[], Moment],
        events: Callable[[int], tuple[RigEvent, ...]],
        limits: Limits | None = None,
    ) -> None:
        self.hall = Hall()
        self.listeners: list[Listener] = []
        self.last_round: RoundState | None = None
        self.waiting = self.mishaps = 0
        self.silent_late: Callable[[], None] = lambda: None
        self._gate, self._now, self._events = gate, now, events
        self._backlog, self._registry, self._dating = kept
        self._rounds = Rounds(
            ways,
            gate,
            self._note,
            limits=limits or Limits(spread_s=_SPREAD_S),
            steady=lambda: now().steady,
        )
        self._watched: dict[int, Known] = {}
        self._values: dict[int, Values] = {}
        self._pending: list[_Taken] = []
        self._fell_silent = False
        self._ending: set[asyncio.Task[None]] = set()
        started = now()
        self._ahead_s = self._dating.corrected(started) - started.steady

    def clock(self) -> float:
        """Epoch seconds as the commander would say, as far as this thread was told."""
        return self._now().steady + self._ahead_s

    def shift(self, by_s: float) -> None:
        """The commander's time is known better now; what was dated before moves by so much."""
        now = self._now()
        self._ahead_s = self._dating.corrected(now) - now.steady
        if by_s:
            self.hall.shift(by_s)

    def take(self, changes: Changes) -> None:
        """The hall took a changed roster."""
        for number in (*changes.removed, *changes.moved):
            self._values.pop(number, None)
        gone = set(changes.removed)
        self._pending = [each for each in self._pending if each.number not in gone]

    def rewatch(self) -> None:
        """From the next round on those are asked that are read here."""
        wanted = {
            number: Known(device.entry.identity, device.entry.reader)
            for number, device in self.hall.devices.items()
            if device.entry.reader and device.entry.address and self._registry.is_read_here(number)
        }
        addresses = {each.identity.address for each in wanted.values()}
        for number, known in self._watched.items():
            if known.identity.address not in addresses:
                self._rounds.unwatch(known.identity.address)
            if number not in wanted:
                self._values.pop(number, None)
                self.hall.not_ours(number)
        new = [each for number, each in wanted.items() if _is_other(self._watched.get(number), each)]
        self._rounds.watch(new, full_at_once=len(new) <= AT_ONCE_IN_FULL)
        self._watched = wanted

    async def round(self, interval_s: float) -> None:
        """Asks all; ends with the round, or half an interval later: who is slower comes with the next."""
        self.hall.round_s = interval_s
        self.hall.note_lost(self.clock())
        task = asyncio.create_task(self._round(interval_s))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        await asyncio.wait({task}, timeout=interval_s / 2)
        self._fell_silent = False  # the report after this tells of them
        if not task.done():
            task.add_done_callback(self._ended_late)
        await self.flush()

    async def flush(self) -> None:
        """What was read is on disk."""
        taken, self._pending = self._pending, []
        try:
            self.waiting = await asyncio.to_thread(self._keep, taken)
        except BaseException:
            self._pending = [*taken, *self._pending][-PENDING_MOST:]
            raise

    def close(self) -> None:
        """Readings under way are given up."""
        for task in self._ending:
            task.cancel()

    def states(self) -> tuple[Newest, ...]:
        """The newest of all that are read here, have a seat and were asked at least once."""
        seats = self._registry.seats
        told = ((device, seats.get(number)) for number, device in self.hall.devices.items())
        return tuple(
            self._state(device, seat.machine)
            for device, seat in told
            if seat is not None and seat.reads and (device.silence is not None or self._is_read(device))
        )

    def _state(self, device: Device, machine: str) -> Newest:
        number = device.entry.number
        values = self._values.get(number) if device.silence is None else None
        return Newest(
            number,
            machine,
            device.entry,
            device.at,
            values,
            device.last,
            device.full,
            device.full_at,
            device.silence,
            self._events(number),
        )

    def _is_read(self, device: Device) -> bool:
        return device.last is not None and device.entry.number in self._values

    def _is_wanted(self, number: int) -> bool:
        """Not what another edge reads, nor what the commander does not take: nobody would ever fetch it."""
        return self._registry.is_read_here(number) and number not in self._registry.refused

    async def _round(self, interval_s: float) -> None:
        summary = await self._rounds.round(interval_s)
        self.last_round = _told(summary, self.clock())

    def _ended_late(self, _: asyncio.Task[None]) -> None:
        if self._fell_silent:
            self._fell_silent = False
            self.silent_late()

    def _note(self, known: Known, result: Result) -> None:
        try:
            self._take(known, result)
        except Exception:  # one device must not end the round of the others
            self.mishaps += 1
            log.exception("Mishap with %s", known.identity.address)

    def _take(self, known: Known, result: Result) -> None:
        address, moment = known.identity.address, self._now()
        asked = sum(self._gate.asked(address))
        took_s = self._rounds.took_s(address)
        at = moment.steady + self._ahead_s
        if isinstance(result, Snapshot):
            result = msgspec.structs.replace(result, at=at)  # the reader dates it by this computer's clock
        device = self.hall.note(address, result, took_s, at)
        if device is None or not self._is_wanted(device.entry.number):
            return
        number = device.entry.number
        if isinstance(result, NoAnswer):
            self._values.pop(number, None)
            self._fell_silent |= device.silence is not None and device.silence.since == at
            return
        self._values[number] = values = values_of(result, device.full, asked)
        self._pending.append(_Taken(number, moment, values))
        for listener in self.listeners:
            listener.note(device, result)

    def _keep(self, taken: list[_Taken]) -> int:
        """In a thread of its own. How many closed blocks wait."""
        with self._dating.lock:
            jump_s = self._dating.wall_jumped(self._now())
            if jump_s:
                self._backlog.shift(to_ms(jump_s), undated=True)
            samples = [Sample(each.number, self._at_ms(each.moment), each.values) for each in taken]
            self._backlog.keep(samples, self._at_ms(self._now()), undated=not self._dating.known)
        return self._backlog.blocks

    def _at_ms(self, moment: Moment) -> int:
        return to_ms(self._dating.corrected(moment))


def _is_other(before: Known | None, now: Known) -> bool:
    """Asked elsewhere, or in another way; or another board: the former reading says nothing of it."""
    if before is None:
        return True
    fields = ("address", "make", "model", "mac")
    changed = any(getattr(before.identity, name) != getattr(now.identity, name) for name in fields)
    return changed or before.reader != now.reader


def _told(summary: Summary, at: float) -> RoundState:
    return RoundState(
        max(at, 0.0), max(summary.took_s, 0.0), summary.asked, summary.answered, summary.resting
    )
