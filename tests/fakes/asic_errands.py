"""What errands need in tests: devices that answer as they are told, a commander's part, and sudden ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from asic_edge.errands.asking import Asked, Devices
from asic_edge.errands.errands import Errands
from asic_edge.errands.searching import NAME as FOUND_NAME
from asic_edge.errands.searching import Found
from asic_edge.gate import Gate
from asic_edge.roster.entries import Entry
from asic_edge.roster.store import read_roster
from asic_edge.settings.files import save
from asic_edge.snapshot import Depth, Identity, NoAnswer, Snapshot
from asic_edge.ways import Known
from tests.fakes.asic_lines import answering
from wire.edge import Errand, ErrandResult, GivenErrand, ImportRows, SearchState

PLACES = ("10.0.0.1", "10.0.0.2", "10.0.0.3")


class FakeWays:
    """Devices by address. `silent` ones are identified but give no reading, `hung` ones not even that."""

    def __init__(self, *identities: Identity) -> None:
        self.devices = {each.address: each for each in identities}
        self.silent: set[str] = set()
        self.hung: set[str] = set()
        self.identified: list[str] = []
        self.read_: list[str] = []

    async def identify(self, address: str, ports: frozenset[int]) -> Known | NoAnswer:
        """With make and model alone, as most devices tell no more before they are read."""
        self.identified.append(address)
        if address in self.hung:
            await asyncio.Event().wait()
        identity = self.devices.get(address)
        if identity is None:
            return NoAnswer("is no ASIC that is known here")
        return Known(Identity(address, identity.make, identity.model), "library")

    async def read(self, known: Known, depth: Depth) -> Snapshot | NoAnswer:
        """With all that the device is."""
        address = known.identity.address
        self.read_.append(address)
        if address in self.silent or address not in self.devices:
            return NoAnswer("gave no answer")
        return Snapshot(self.devices[address], 1.0, depth)


class Desk:
    """Errands in a folder, and what the commander says and hears of them."""

    def __init__(
        self,
        folder: Path,
        ways: Asked | None = None,
        *,
        agent: str = "agent-1",
        entry_at: Callable[[str], Entry | None] | None = None,
        number_of: Callable[[str], int | None] | None = None,
    ) -> None:
        self.folder = folder
        self.ways = ways if isinstance(ways, FakeWays) else FakeWays()
        self.seats: dict[str, int] = {}
        self.now = 1_000.0
        self.errands = Errands(
            folder,
            agent,
            Devices(ways or self.ways, Gate()),
            number_of=number_of or self._seat,
            entry_at=entry_at or (lambda address: read_roster(folder).at(address)),
            clock=lambda: self.now,
            steady=lambda: self.now,
        )

    def _seat(self, machine: str) -> int | None:
        return self.seats.get(machine)

    async def running(self, story: Callable[[], Awaitable[None]]) -> None:
        """The story, while errands are carried out."""
        task = asyncio.create_task(self.errands.run())
        try:
            await story()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def done(self, *errands: Errand) -> list[ErrandResult]:
        """Carries them out, one after the other; their results."""
        first = self.errands.done + 1

        async def story() -> None:
            self.errands.take(GivenErrand(number, each) for number, each in enumerate(errands, first))
            await self.ended(first + len(errands) - 1)

        asyncio.run(self.running(story))
        results = [each for each in self.errands.results() if each.number >= first]
        self.errands.accepted(each.number for each in results)
        return results

    async def ended(self, number: int) -> None:
        """Waits for the errand, for some seconds at most."""
        for _ in range(4000):
            if self.errands.done >= number:
                return
            await asyncio.sleep(0.002)
        raise AssertionError(f"errand {number} did not end")


class Killed(BaseException):
    """The program is gone: nothing catches it."""


class OneThread(ThreadPoolExecutor):
    """Does what is given to threads at once, and dies before or after a certain piece of work.

    `works`: the names of what was done, with what it was given.
    """

    def __init__(self, dies_at: int | None = None, *, after: bool = False) -> None:
        super().__init__(1)
        self.works: list[tuple[str, tuple[Any, ...]]] = []
        self._dies_at, self._after, self._count = dies_at, after, 0

    def submit(self, work: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        """As asyncio.to_thread hands it over."""
        future = Future[Any]()
        dies = self._count == self._dies_at
        self._count += 1
        if dies and not self._after:
            raise Killed
        assert isinstance(work, partial)
        self.works.append((work.args[0].__name__, work.args[1:]))
        try:
            future.set_result(work(*args, **named))
        except Exception as error:  # noqa: BLE001 - it is the caller's
            future.set_exception(error)
        if dies:
            raise Killed
        return future


def lines_of(result: ErrandResult) -> list[str]:
    """Each as "of: fate: text"."""
    return [f"{each.of}: {each.fate}: {each.text}" for each in result.lines]


def identities(addresses: Iterable[str], model: str = "S19 Pro") -> list[Identity]:
    """An Antminer at each address, with a MAC of its own."""
    return [
        Identity(each, "Antminer", model, mac=f"02:00:00:00:00:{number:02X}")
        for number, each in enumerate(addresses, 1)
    ]


def rows(*lines: str, apply: bool = True) -> ImportRows:
    """Of a spreadsheet."""
    return ImportRows("\n".join(("address,mac,name", *lines)), apply)


def found_before(folder: Path, ways: FakeWays, addresses: tuple[str, ...] = PLACES) -> None:
    """As a former search left it."""
    ways.devices |= {each.address: each for each in identities(addresses)}
    known = [Known(msgspec.structs.replace(ways.devices[each], mac=None), "library") for each in addresses]
    state = SearchState(1, "done", 1.0, 3, 3, len(known), 0)
    save(folder / FOUND_NAME, Found(agent="agent-1", state=state, found=tuple(known), unidentified=()))


def searching(desk: Desk, count: int, story: Callable[[tuple[str, ...]], Awaitable[None]]) -> None:
    """With so many addresses on which something listens; all but the last are Antminers."""

    async def run() -> None:
        async with AsyncExitStack() as stack:
            made = [await stack.enter_async_context(answering(80, lambda _: b"")) for _ in range(count)]
            desk.ways.devices = {each.address: each for each in identities(made[:-1])}
            await desk.running(lambda: story(tuple(made)))

    asyncio.run(run())
