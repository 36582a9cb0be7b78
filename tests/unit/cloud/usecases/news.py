"""Reports that bring events, logs and what became of orders."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from tests.fakes.reports import NOW, report
from wire.messages import EventLevel, LogLines, Report, RigEvent


def event(number: int, at: float = NOW, kind: str = "started", **more: str | bool | EventLevel) -> RigEvent:
    """What a supervisor tells of a program."""
    told = RigEvent(number, at, kind, f"reason {number}")
    return replace(told, **more)


def news(
    machine: str,
    sequence: int = 1,
    *,
    at: float = NOW,
    epoch: int = 1,
    events: Sequence[RigEvent] = (),
    done: int = 0,
    log: LogLines | None = None,
) -> Report:
    """A report of one sample at `at`."""
    sent = report(machine, [at], epoch=epoch, sequence=sequence)
    part = replace(sent.machines[0], events=tuple(events), orders_done=done, log=log)
    return replace(sent, machines=(part,))
