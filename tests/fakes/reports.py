"""Reports as an honest sentry would form them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.fakes.time_and_chance import FakeClock
from wire.messages import AgentKind, Enrolment, MachineReport, Report, Series, Specs, Unread

NOW = FakeClock().now
SPECS = Specs(hostname="rig-1", cpu_model="A processor", cpu_cores=8, memory_bytes=16 << 30)


def machine_report(
    machine: str,
    at: Sequence[float] = (NOW,),
    series: Mapping[str, Sequence[float | None]] | None = None,
    *,
    specs: Specs | None = None,
    unread: Sequence[Unread] = (),
) -> MachineReport:
    """The samples of one machine; unless given, a load of 10, 11, … %."""
    if series is None:
        series = {"cpu_load_pct": [10.0 + index for index in range(len(at))]}
    columns = tuple(Series(name, tuple(values)) for name, values in series.items())
    return MachineReport(machine, tuple(at), columns, tuple(unread), specs)


def report(
    machine: str,
    at: Sequence[float] = (NOW,),
    series: Mapping[str, Sequence[float | None]] | None = None,
    *,
    epoch: int = 1,
    sequence: int = 1,
    specs: Specs | None = None,
    unread: Sequence[Unread] = (),
    goodbye: bool = False,
    interval_s: float = 60,
) -> Report:
    """A report about one machine."""
    body = machine_report(machine, at, series, specs=specs, unread=unread)
    return Report(epoch, sequence, NOW, interval_s, (body,), goodbye)


def enrolment(kind: AgentKind = AgentKind.CPU_GPU, version: str = "1.2.3") -> Enrolment:
    """First contact of an agent."""
    return Enrolment(kind, version, "rig-1", NOW)
