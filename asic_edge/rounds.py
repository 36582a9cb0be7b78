"""Reads all known devices again and again, so that no device waits for another one that is slow or silent."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple, Protocol

from asic_edge.gate import Gate, budget_of
from asic_edge.snapshot import Depth, NoAnswer, Snapshot
from asic_edge.ways import Known

DEADLINE_S: Final = 15.0
FULL_EVERY_S: Final = 900.0
PLACES: Final = 200
MOST_UNDER_WAY: Final = 2000
PLACE_KEPT_S: Final = 2.0
SILENT_PAUSE_MOST_S: Final = 300.0
FORGOTTEN_AFTER: Final = 3
_NEARLY = 0.9
_LEAST_SHARE = 0.75

Result = Snapshot | NoAnswer

log = logging.getLogger(__name__)


class Reading(Protocol):
    """What is needed of `Ways`."""

    async def read(self, known: Known, depth: Depth) -> Result: ...

    def forget(self, address: str) -> None: ...


class Limits(NamedTuple):
    """`deadline_s` for one reading, waiting for a place included. `places`: readings at once, of which one
    that takes longer than `place_kept_s` gives its place away; `most_under_way` counts those too.
    `full_every_s`: in between readings are light. `spread_s`: over how long a round's readings begin.
    """

    deadline_s: float = DEADLINE_S
    places: int = PLACES
    place_kept_s: float = PLACE_KEPT_S
    most_under_way: int = MOST_UNDER_WAY
    full_every_s: float = FULL_EVERY_S
    spread_s: float = 0.0


class Summary(NamedTuple):
    """One round: how many devices were asked and answered; `resting` are silent ones that were left alone."""

    asked: int
    answered: int
    resting: int
    took_s: float
    slowest_s: float


@dataclass
class _Watched:
    """A device, and what its last readings say of the next. Times are of the steady clock."""

    known: Known
    failures: int = 0
    not_before: float = 0.0
    full_due: float = 0.0
    uptime_s: float | None = None
    under_way: bool = False
    last_took_s: float = 0.0


class Rounds:
    """`on_result` is called once for each reading, within the event loop, and must not block."""

    def __init__(
        self,
        ways: Reading,
        gate: Gate,
        on_result: Callable[[Known, Result], None],
        *,
        limits: Limits = Limits(),  # noqa: B008 - immutable
        steady: Callable[[], float] = time.monotonic,
        random: Random | None = None,
    ) -> None:
        self._ways, self._gate, self._on_result = ways, gate, on_result
        self._limits, self._steady = limits, steady
        self._random = random or Random()  # noqa: S311 - jitter needs no secrecy
        self._places = asyncio.Semaphore(limits.places)
        self._under_way = asyncio.Semaphore(limits.most_under_way)
        self._watched: dict[str, _Watched] = {}

    def watch(self, devices: Iterable[Known], *, full_at_once: bool = True) -> None:
        """From the next round on; one at a known address replaces it.

        Not `full_at_once`, as after a restart: the first full readings are spread over the usual time.
        """
        for known in devices:
            wait_s = 0.0 if full_at_once else self._random.uniform(0, self._limits.full_every_s)
            self._watched[known.identity.address] = _Watched(known, full_due=self._steady() + wait_s)

    def unwatch(self, address: str) -> None:
        """From the next round on."""
        self._watched.pop(address, None)
        self._gate.forget(address)

    def took_s(self, address: str) -> float:
        """How long its last reading took; 0 before the first."""
        device = self._watched.get(address)
        return 0.0 if device is None else device.last_took_s

    async def run(self, interval_s: float) -> None:
        """A round each `interval_s`, until cancelled. A slow one does not hold up the next."""
        async with asyncio.TaskGroup() as group:
            due = self._steady()
            while True:
                group.create_task(self.round(interval_s))
                due = max(due + interval_s, self._steady())
                await asyncio.sleep(due - self._steady())

    async def round(self, interval_s: float) -> Summary:
        """Asks every device once that is not being asked and does not rest."""
        began = self._steady()
        idle = [each for each in self._watched.values() if not each.under_way]
        due = [each for each in idle if each.not_before <= began]
        resting = sum(1 for each in idle if each.failures and each.not_before > began)
        results = await asyncio.gather(*(self._turn(each, interval_s) for each in due))
        answered = sum(1 for each in results if isinstance(each, Snapshot))
        slowest_s = max((each.last_took_s for each in due), default=0.0)
        return Summary(len(due), answered, resting, self._steady() - began, slowest_s)

    async def _turn(self, device: _Watched, interval_s: float) -> Result:
        device.under_way = True
        try:
            if self._limits.spread_s:
                await asyncio.sleep(self._random.uniform(0, self._limits.spread_s))
            depth = Depth.FULL if device.full_due <= self._steady() else Depth.LIGHT
            result = await self._in_place(device, depth)
            self._learn(device, depth, result, interval_s)
            self._on_result(device.known, result)
            return result
        finally:
            device.under_way = False

    async def _in_place(self, device: _Watched, depth: Depth) -> Result:
        """A reading that hangs keeps its place for a moment only."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with self._under_way:
            await self._places.acquire()
            waited_s = loop.time() - began
            kept = True

            def give_away() -> None:
                nonlocal kept
                if kept:
                    kept = False
                    self._places.release()

            timer = loop.call_later(self._limits.place_kept_s, give_away)
            try:
                return await self._read(device, depth, self._limit_s(waited_s))
            finally:
                timer.cancel()
                give_away()

    def _limit_s(self, waited_s: float) -> float:
        """So that a round ends with its deadline; but nobody is called silent for having waited long."""
        return max(self._limits.deadline_s - waited_s, self._limits.deadline_s * _LEAST_SHARE)

    async def _read(self, device: _Watched, depth: Depth, limit_s: float) -> Result:
        known, began = device.known, self._steady()
        address = known.identity.address
        try:
            async with asyncio.timeout(limit_s), self._gate.turn(address):
                self._gate.count(address, depth, known.identity)
                return await self._ways.read(known, depth)
        except TimeoutError:
            return NoAnswer(f"gave no answer within {limit_s:.0f} s")
        except Exception as error:  # one device must not end the round of the others
            log.exception("Mishap with %s", address)
            return NoAnswer(f"could not be read: {type(error).__name__}")
        finally:
            device.last_took_s = self._steady() - began

    def _learn(self, device: _Watched, depth: Depth, result: Result, interval_s: float) -> None:
        now = self._steady()
        if isinstance(result, NoAnswer):
            self._learn_of_silence(device, now, interval_s)
            return
        least_s = budget_of(device.known.identity).least_interval_s
        device.failures, device.not_before = 0, now - device.last_took_s + _NEARLY * least_s
        if depth is Depth.FULL and result.depth is Depth.FULL:
            device.full_due = now + self._limits.full_every_s * self._random.uniform(0.9, 1.1)
            if _is_another(device.known, result):
                self._ways.forget(device.known.identity.address)
            device.known = Known(result.identity, device.known.reader)
        if _restarted(device.uptime_s, result.uptime_s):
            device.full_due = 0.0
        device.uptime_s = result.uptime_s

    def _learn_of_silence(self, device: _Watched, now: float, interval_s: float) -> None:
        """Asked ever less often; what comes back is read in full, for it may be another device."""
        device.failures += 1
        pause_s = min(interval_s * 2 ** min(device.failures - 1, 16), SILENT_PAUSE_MOST_S)
        # Less than one interval after the first failure, so that the next round asks again.
        device.not_before = now + (0.0 if device.failures == 1 else pause_s * self._random.uniform(0.7, 1.0))
        device.full_due, device.uptime_s = 0.0, None
        if device.failures % FORGOTTEN_AFTER == 0:
            self._ways.forget(device.known.identity.address)


def _is_another(known: Known, result: Snapshot) -> bool:
    """Another MAC: the address went to another device."""
    before, now = known.identity.mac, result.identity.mac
    return before is not None and now is not None and before != now


def _restarted(before_s: float | None, now_s: float | None) -> bool:
    """The uptime fell: an address can only go to another device that way."""
    return before_s is not None and now_s is not None and now_s < before_s
