"""An hour of an ASIC edge with 1,000 devices in a minute: no sample is lost, and it does not grow."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psutil

from tests.fakes.edge_uplink import entry_of, unreachable
from tests.fakes.pretended_edge import Hastening, PretendedEdge, until
from wire.messages import Report, ReportReply

DEVICES: Final = 1000
SILENT: Final = 50
FASTER: Final = 60.0
ROUND_S: Final = 1.0
"""A simulated minute."""
ROUNDS: Final = 60
SETTLED: Final = 15
"""Rounds after which nothing may grow; among them are five minutes, so that blocks were closed."""
MOST_GROWTH_BYTES: Final = 12_000_000


def run(say: Callable[[str], None]) -> bool:
    """Whether all went well."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_hour(Path(folder), say))


async def _hour(folder: Path, say: Callable[[str], None]) -> bool:
    edge = PretendedEdge(folder)
    edge.clocks = edge.uplink.clocks = Hastening(FASTER)
    edge.uplink.future_max_s = 3600  # a second of this computer's is a minute there
    counted = _Counting(edge)
    edge.put_all(entry_of(number) for number in range(1, DEVICES + 1))
    edge.ways.silent = {entry_of(number).address or "" for number in range(1, SILENT + 1)}
    async with edge.running(ROUND_S, deadline_s=30) as running:
        await counted.rounds(SETTLED)
        before = _held()
        edge.uplink.down = unreachable()  # a quarter of an hour without a commander
        await asyncio.sleep(15 * ROUND_S)
        edge.uplink.down = None
        await counted.rounds(ROUNDS)
        await until(lambda: running.waiting == 0)
        after, mishaps = _held(), running.mishaps
    grown = after[0] - before[0]
    say(
        f"ASIC edge: {DEVICES:,} devices, {counted.samples:,} samples in closed blocks, {counted.lost} lost, "
        f"{counted.dropped} dropped, {mishaps} mishaps; memory {grown / 1e6:+.1f} MB, "
        f"open files {after[1] - before[1]:+d}"
    )
    well = counted.samples > 0 and not (counted.lost or counted.dropped or mishaps) and after[1] <= before[1]
    return well and grown <= MOST_GROWTH_BYTES


class _Counting:
    """In place of what the commander would keep: how often each device was read, as its counter tells."""

    def __init__(self, edge: PretendedEdge) -> None:
        self._edge, self._report = edge, edge.uplink.report
        self._told: dict[str, float] = {}
        self.samples = self.lost = self.dropped = self._rounds = 0
        edge.uplink.report = self.report  # type: ignore[method-assign]

    def report(self, report: Report, *, timeout_s: float | None = None) -> ReportReply:
        reply = self._report(report, timeout_s=timeout_s)
        self._rounds += report.edge is not None
        for part in report.machines:
            for block in part.blocks:
                readings = next(each for each in block.series if each.metric == "readings").values
                self._count(part.machine, [value for value in readings if value is not None])
        self.dropped = max(self.dropped, report.dropped)
        self._edge.uplink.forget()
        return reply

    async def rounds(self, count: int) -> None:
        """Until there were so many."""
        while self._rounds < count:  # noqa: ASYNC110 - reports are counted in another thread
            await asyncio.sleep(ROUND_S / 4)

    def _count(self, machine: str, readings: list[float]) -> None:
        """Each reading is one more than the one before: what is missing or doubled is seen."""
        before = self._told.get(machine, readings[0] - 1)
        for value in readings:
            self.lost += value != before + 1
            before = value
        self._told[machine] = before
        self.samples += len(readings)


def _held() -> tuple[int, int]:
    process = psutil.Process()
    return process.memory_info().rss, process.num_fds()
