"""A running ASIC edge in one event loop: pretended devices, a scripted commander, time in a hurry."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from asic_edge.agent.courier import GOODBYE_S
from asic_edge.agent.loop import Edge
from asic_edge.commands.run import Setting, edge_of
from asic_edge.roster.entries import Entry
from asic_edge.roster.store import changing
from asic_edge.rounds import Limits
from asic_edge.snapshot import Depth, NoAnswer, Snapshot
from asic_edge.ways import Known
from tests.fakes.edge_uplink import Clocks, EdgeUplink, entry_of, snapshot_of
from wire.messages import MachineReport
from wire.uplink.clock import Moment

FASTER = 50.0
"""The edge's clocks run so much faster, lest its devices rest for real seconds."""


class Hastening(Clocks):
    """Real time since it was made, `FASTER`."""

    def __init__(self, faster: float = FASTER) -> None:
        super().__init__()
        self._began, self._faster = time.monotonic(), faster

    def now(self) -> Moment:
        gone_s = (time.monotonic() - self._began) * self._faster
        return Moment(self.true_at + gone_s, self.steady + gone_s)

    def server_at(self) -> float:
        return self.now().wall


@dataclass
class PretendedWays:
    """`silent` addresses refuse, `hung` ones never answer."""

    silent: set[str] = field(default_factory=set)
    hung: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    async def identify(self, address: str, ports: frozenset[int]) -> Known | NoAnswer:
        return NoAnswer(f"is nothing known here ({len(ports)} ports)")

    async def read(self, known: Known, depth: Depth) -> Snapshot | NoAnswer:
        address = known.identity.address
        self.asked.append(address)
        if address in self.hung:
            await asyncio.sleep(3600)
        return (
            NoAnswer("refuses connections") if address in self.silent else snapshot_of(address, depth=depth)
        )

    def forget(self, address: str) -> None:
        """There is nothing to forget."""


class PretendedEdge:
    """An edge that runs, with what it is connected to."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ways = folder, PretendedWays()
        self.clocks: Clocks = Hastening()
        self.uplink = EdgeUplink(self.clocks)

    def put(self, *numbers: int) -> None:
        """As a command does it: these devices are in the roster, and no others."""
        with changing(self.folder) as roster:
            for entry in list(roster):
                if entry.number not in numbers:
                    roster.remove(entry.number)
            for number in numbers:
                if roster.get(number) is None:
                    roster.put(entry_of(number))

    def put_all(self, entries: Iterable[Entry]) -> None:
        """Many at once."""
        with changing(self.folder) as roster:
            for entry in entries:
                roster.put(entry)

    @asynccontextmanager
    async def running(self, round_s: float = 0.2, deadline_s: float = 0.6) -> AsyncIterator[Edge]:
        """Until the block ends; the stop is asked for then."""
        limits = Limits(deadline_s=deadline_s)
        setting = Setting(self.ways, self.uplink, self.uplink.enrol, "agent1", self.clocks.now, limits)
        edge = edge_of(self.folder, 1, setting, round_s)
        stop = asyncio.Event()
        task = asyncio.create_task(edge.run(stop))
        try:
            yield edge
        finally:
            stop.set()
            await asyncio.wait_for(task, GOODBYE_S + 2)

    def newest(self) -> dict[str, MachineReport]:
        """Of the last report of each machine that has one."""
        return {
            part.machine: part
            for report in list(self.uplink.reports)
            for part in report.machines
            if part.open is not None or part.silence is not None
        }

    def is_silent(self, machine: str) -> bool:
        part = self.newest().get(machine)
        return part is not None and part.silence is not None and part.silence.rounds >= 2


async def until(holds: Callable[[], object]) -> None:
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to that")
