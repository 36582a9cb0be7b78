"""The running edge: rounds, reports, errands and the roster side by side, until it is asked to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import msgspec

from asic_edge.agent.courier import GOODBYE_S, Courier, Delivered, Picture, Wants
from asic_edge.agent.hall import Device
from asic_edge.agent.networks import own_networks
from asic_edge.agent.notices import Notices
from asic_edge.agent.registry import KeptSeat
from asic_edge.agent.state import Course, edge_state
from asic_edge.agent.status import Status, save_status
from asic_edge.agent.strays import Strays
from asic_edge.agent.watching import Watching
from asic_edge.errands.errands import Errands
from asic_edge.gate import Gate
from asic_edge.roster.book import Roster
from asic_edge.roster.store import NAME as ROSTER_NAME
from asic_edge.roster.store import read_roster
from asic_edge.settings.folder import SettingsError
from asic_edge.snapshot import Snapshot
from wire.edge import EdgeState

LEAST_ROUND_S: Final = 10.0
MOST_ROUND_S: Final = 60.0
LOOK_S: Final = 1.0
MISHAP_PAUSE_S: Final = 10.0
_REFUSED_NAMED = 3

T = TypeVar("T")
log = logging.getLogger(__name__)


class Parts(NamedTuple):
    """What the edge is made of; `errands` and `strays` are asked with `watching.clock` for the time."""

    folder: Path
    gate: Gate
    watching: Watching
    courier: Courier
    notices: Notices
    errands: Errands
    strays: Strays


class Edge:
    """`round_s` None: as the commander wants it, within 10 to 60 s."""

    def __init__(self, parts: Parts, *, round_s: float | None = None) -> None:
        self._folder, self._gate, self._watching, self._courier, self._notices = parts[:5]
        self._errands, self._strays = parts.errands, parts.strays
        self._fixed_s = round_s
        self._trouble: tuple[str, ...] = ()
        self._roster = Roster()
        self._roster_trouble = ""
        self._seen: tuple[int, ...] | None = None
        self._wake, self._cadence = asyncio.Event(), asyncio.Event()
        self._networks: tuple[str, ...] = ()
        self._started_at = self._watching.clock()
        self.mishaps = 0
        self._take_wait_s = 0.0
        self._seats: Mapping[int, KeptSeat] = {}
        self._watching.listeners.append(self)
        self._watching.silent_late = self._report_soon

    @property
    def round_s(self) -> float:
        """How long a round is now."""
        return self._courier.round_s

    @property
    def waiting(self) -> int:
        """Closed blocks that the commander does not have, as of the last report or round."""
        return self._watching.waiting

    def add_trouble(self, sentence: str) -> None:
        """What a person should know as long as this program runs."""
        self._trouble = (*self._trouble, sentence)

    def note(self, device: Device, read: Snapshot) -> None:
        """Each reading that tells something."""
        self._notices.note(device.entry.number, read, device.at)
        self._strays.note(device, read)

    async def run(self, stop: asyncio.Event) -> None:
        """Until asked to stop; then says goodbye within `GOODBYE_S`."""
        await self._look_at_roster()
        tasks = [
            asyncio.create_task(self._for_ever(each))
            for each in (
                self._keep_rounds,
                self._carry,
                self._keep_roster,
                self._errands.run,
                self._strays.run,
            )
        ]
        await stop.wait()
        deadline = asyncio.get_running_loop().time() + GOODBYE_S
        for task in tasks:
            task.cancel()
        self._watching.close()
        with suppress(TimeoutError):
            async with asyncio.timeout_at(deadline):
                await asyncio.gather(*tasks, return_exceptions=True)
                await self._goodbye(deadline)

    async def _goodbye(self, deadline: float) -> None:
        await self._watching.flush()
        left_s = deadline - asyncio.get_running_loop().time()
        picture = self._picture(Wants(states=True, edge=True))
        await in_daemon(lambda: self._courier.goodbye(picture, left_s))
        await self._save_status()

    async def _for_ever(self, step: Callable[[], Awaitable[None]]) -> None:
        """One part that fails must not end the others."""
        while True:
            try:
                await step()
            except Exception:
                self.mishaps += 1
                log.exception("Mishap %d; going on", self.mishaps)
                await asyncio.sleep(MISHAP_PAUSE_S)

    async def _keep_rounds(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time()
            await self._watching.round(self.round_s)
            self._report_soon()
            await self._save_status()
            while (left_s := due + self.round_s - loop.time()) > 0:
                self._cadence.clear()  # a cadence that changes meanwhile counts from the last round on
                await _within(left_s, self._cadence.wait())

    def _report_soon(self) -> None:
        self._courier.round_ended()
        self._wake.set()

    async def _carry(self) -> None:
        """What is under way when this is cancelled ends first: one courier, one thing at a time."""
        while True:
            self._wake.clear()
            wants = self._courier.wants()
            if wants.states:
                await self._notices.keep()
            picture = self._picture(wants)
            sending = asyncio.ensure_future(in_daemon(partial(self._courier.deliver, picture)))
            try:
                self._take(await asyncio.shield(sending))
            except asyncio.CancelledError:
                with suppress(Exception):
                    self._take(await sending)
                raise
            await _within(self._take_wait_s, self._wake.wait())

    def _take(self, delivered: Delivered) -> None:
        """What one attempt to send came to."""
        self._take_wait_s = delivered.wait_s
        self._watching.shift(delivered.shift_s)
        self._watching.waiting = delivered.waiting
        if delivered.shift_s:
            self._notices.shift(delivered.shift_s)
        for number, ids in delivered.events.items():
            self._notices.told(number, max(ids))
        if delivered.edge is not None:
            self._errands.accepted([each.number for each in delivered.edge.results])
            if delivered.edge.found is not None:
                self._errands.found_told()
        if delivered.reply is not None:
            self._errands.take(delivered.reply.errands)
            wanted_s = min(max(delivered.reply.report_interval_s, LEAST_ROUND_S), MOST_ROUND_S)
            self._set_round(self._fixed_s or wanted_s)
        if self._courier.registry.seats is not self._seats:
            self._rewatch()

    def _rewatch(self) -> None:
        self._seats = self._courier.registry.seats
        self._watching.rewatch()

    def _set_round(self, round_s: float) -> None:
        if round_s != self._courier.round_s:
            self._courier.round_s = round_s
            self._cadence.set()

    async def _keep_roster(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            await self._look_at_roster()

    async def _look_at_roster(self) -> None:
        """Commands change it too; a damaged one leaves all as it was."""
        stamp = _stamp(self._folder / ROSTER_NAME)
        if stamp == self._seen:
            return
        self._networks = await asyncio.to_thread(own_networks)
        try:
            roster = await asyncio.to_thread(read_roster, self._folder)
        except SettingsError as error:
            self._roster_trouble = str(error)
            return
        self._seen, self._roster_trouble, self._roster = stamp, "", roster
        before = set(self._watching.hall.devices)
        changes = self._watching.hall.take_roster(roster)
        self._watching.take(changes)
        self._notices.forget(changes.removed)
        reused = before & set(changes.removed) & set(self._watching.hall.devices)
        await asyncio.to_thread(self._register, roster, reused)
        self._rewatch()
        self._wake.set()

    def _register(self, roster: Roster, reused: set[int]) -> None:
        void = self._courier.registry.take_roster(roster)
        self._courier.backlog.forget(void | reused)

    def _picture(self, wants: Wants) -> Picture:
        states = self._watching.states() if wants.states else None
        return Picture(states, self._edge() if wants.edge else None)

    def _edge(self) -> EdgeState:
        registry = self._courier.registry
        course = Course(
            round_s=self.round_s,
            last_round=self._watching.last_round,
            seats=registry.seats,
            refused=registry.refused,
            waiting=self._watching.waiting,
            networks=self._networks,
            trouble=self._troubles(),
        )
        return edge_state(self._watching.hall, self._gate, self._roster, self._errands, course)

    def _troubles(self) -> tuple[str, ...]:
        refused = self._courier.registry.refused
        spool = self._courier.backlog.spool.trouble
        told = (
            *self._trouble,
            self._roster_trouble,
            "" if spool is None else f"Readings are {spool}.",
            self._notices.trouble,
            self._strays.trouble,
            *(self._refused(number, why) for number, why in list(refused.items())[:_REFUSED_NAMED]),
        )
        return tuple(each for each in told if each)

    def _refused(self, number: int, why: str) -> str:
        entry = self._roster.get(number)
        return f"{entry.name if entry else f'#{number}'} is not taken by the commander: {why}"

    async def _save_status(self) -> None:
        tally, backlog = self._courier.tally, self._courier.backlog
        status = Status(
            pid=os.getpid(),
            started_at=round(self._started_at, 3),
            written_at=round(self._watching.clock(), 3),
            accepted_at=tally.accepted_at,
            failed_at=tally.failed_at,
            failure=tally.failure,
            devices=len(self._watching.hall.devices),
            waiting=self._watching.waiting,
            mishaps=self.mishaps + self._watching.mishaps,
            spool_trouble=backlog.spool.trouble,
            round_s=self.round_s,
        )

        def write() -> None:
            full = (backlog.bytes, backlog.dropped)
            with suppress(SettingsError):  # a full disk: told by the backlog already
                save_status(self._folder, _with(status, *full))

        await asyncio.to_thread(write)


def _with(status: Status, waiting_bytes: int, dropped: int) -> Status:
    return msgspec.structs.replace(status, waiting_bytes=waiting_bytes, dropped=dropped)


async def in_daemon(work: Callable[[], T]) -> T:
    """In a thread that does not hold up the end of the program, however long a network hangs."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(act: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(lambda: None if done.done() else act())

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - whoever awaits it is told
            settle(partial(done.set_exception, error))
        else:
            settle(lambda: done.set_result(result))

    threading.Thread(target=run, name="uplink", daemon=True).start()
    return await done


async def _within(seconds: float, wait: Awaitable[object]) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(wait, max(seconds, 0.0))


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino
