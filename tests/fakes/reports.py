"""Reports as an honest sentry would form them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.fakes.time_and_chance import FakeClock
from wire.messages import (
    AgentKind,
    Block,
    Enrolment,
    MachineReport,
    Mining,
    Report,
    Series,
    Specs,
    Unread,
    split_series_name,
)

NOW = FakeClock().now
SPECS = Specs(hostname="rig-1", cpu_model="A processor", cpu_cores=8, memory_bytes=16 << 30)

Columns = Mapping[str, Sequence[float | None]]


def block(at: Sequence[float] = (NOW,), series: Columns | None = None) -> Block:
    """Some samples by series name; unless given, a load of 10, 11, … %."""
    if series is None:
        series = {"cpu_load_pct": [10.0 + index % 90 for index in range(len(at))]}
    columns = ((split_series_name(name), tuple(values)) for name, values in series.items())
    return Block(tuple(at), tuple(Series(metric, values, subject) for (metric, subject), values in columns))


def machine_report(
    machine: str,
    at: Sequence[float] = (NOW,),
    series: Columns | None = None,
    *,
    blocks: Sequence[Block] = (),
    after: float | None = None,
    specs: Specs | None = None,
    unread: Sequence[Unread] | None = None,
    mining: Sequence[Mining] = (),
) -> MachineReport:
    """What is told of one machine; no times in `at`: only closed blocks."""
    under_way = block(at, series) if at else None
    told = None if unread is None else tuple(unread)
    return MachineReport(machine, tuple(blocks), under_way, after, told, specs, tuple(mining))


def report(
    machine: str,
    at: Sequence[float] = (NOW,),
    series: Columns | None = None,
    *,
    blocks: Sequence[Block] = (),
    after: float | None = None,
    epoch: int = 1,
    sequence: int = 1,
    specs: Specs | None = None,
    unread: Sequence[Unread] | None = None,
    mining: Sequence[Mining] = (),
    goodbye: bool = False,
    interval_s: float = 60,
) -> Report:
    """A report about one machine, whose block under way has these times."""
    body = machine_report(
        machine, at, series, blocks=blocks, after=after, specs=specs, unread=unread, mining=mining
    )
    return Report(epoch, sequence, NOW, interval_s, (body,), goodbye)


def enrolment(
    kind: AgentKind = AgentKind.CPU_GPU, version: str = "1.2.3", hardware: Sequence[str] = ()
) -> Enrolment:
    """First contact of an agent."""
    return Enrolment(kind, version, "rig-1", NOW, tuple(hardware))
