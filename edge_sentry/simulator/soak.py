"""What a soak test needs of simulated rigs: quick time, reports sent twice, a ledger of acknowledgements."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import msgspec

from edge_sentry.agent.moment import system_now
from wire.messages import Block, Report, ReportReply
from wire.uplink.blocks import to_ms
from wire.uplink.clock import Moment
from wire.uplink.courier import Uplink


class QuickMoments:
    """Both clocks run `scale` times as fast as real time, the wall clock from `start_at` (epoch seconds)."""

    def __init__(
        self, scale: float, start_at: float, real_steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._scale = scale
        self._start_at = start_at
        self._real_steady = real_steady
        self._began = real_steady()

    def __call__(self) -> Moment:
        passed_s = (self._real_steady() - self._began) * self._scale
        return Moment(self._start_at + passed_s, passed_s)


def moments_of(scale: float, start_at: float | None) -> Callable[[], Moment]:
    """The system's clocks, unless a plan wants others."""
    if scale == 1 and start_at is None:
        return system_now
    return QuickMoments(scale, system_now().wall if start_at is None else start_at)


class Ledger:
    """An append-only text file, a line for each sample and metric: machine, time, series, value."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def append(self, lines: list[str]) -> None:
        """The lines are with the system when this returns."""
        with self._lock, self._path.open("a", encoding="ascii") as file:
            file.writelines(lines)


class SoakUplink:
    """Stands between one rig and its commander.

    In quick time the commander's clock says nothing: the reply shows the rig its own.
    """

    def __init__(
        self,
        uplink: Uplink,
        now: Callable[[], Moment],
        random: Random,
        *,
        scale: float = 1,
        duplicates: float = 0,
        ledger: Ledger | None = None,
    ) -> None:
        self._uplink = uplink
        self.now = now
        self._random = random
        self.scale = scale
        self._duplicates = duplicates
        self._ledger = ledger
        self._written: set[int] = set()

    def report(self, report: Report, *, timeout_s: float | None = None) -> ReportReply:
        """Sends it, now and then twice, and writes down what is acknowledged for the first time."""
        real_timeout_s = None if timeout_s is None else max(timeout_s / self.scale, 0.5)
        reply = self._uplink.report(report, timeout_s=real_timeout_s)
        if self._ledger is not None:
            self._ledger.append(list(self._new_lines(report)))
        if self._random.random() < self._duplicates:
            self._uplink.report(report, timeout_s=real_timeout_s)
        if isinstance(self.now, QuickMoments):
            return msgspec.structs.replace(reply, server_at=self.now().wall)
        return reply

    def _new_lines(self, report: Report) -> Iterator[str]:
        for part in report.machines:
            for block in part.blocks:
                yield from self._lines(part.machine, block)
                # A closed block that was acknowledged never comes again.
                self._written -= {to_ms(at) for at in block.at}
            if part.open is not None:
                yield from self._lines(part.machine, part.open)

    def _lines(self, machine: str, block: Block) -> Iterator[str]:
        for index, at in enumerate(block.at):
            if to_ms(at) in self._written:
                continue
            self._written.add(to_ms(at))
            for series in block.series:
                value = series.values[index]
                if value is not None:
                    yield f"{machine} {at:.3f} {series.name} {float(value)!r}\n"
