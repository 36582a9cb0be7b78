"""The table of everything that a sentry reads from its rig: one file or folder for each source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

from edge_sentry.collectors import amd, cpu, disk, hardware, host, intel, memory, network, nvidia, power
from edge_sentry.reading import Reading, Vendor

Collect = Callable[[], Reading]


@runtime_checkable
class Closable(Protocol):
    """A `Collect` that keeps something running."""

    def close(self) -> None:
        """Ends it."""


class Source(NamedTuple):
    """One row. `start` gets the data folder; what it returns is called once for each sample, and closed at
    the end if it is `Closable`.

    `metrics` are all figures of the machine itself that it reads or explains as unread, each belonging to
    one row only. `budget_s`: longer nobody waits for it. `vendor`: whose cards it reads, if any.
    """

    name: str
    metrics: tuple[str, ...]
    start: Callable[[Path], Collect]
    budget_s: float = 2.0
    vendor: Vendor | None = None


COLLECTORS = (
    Source("cpu", cpu.METRICS, cpu.start),
    Source("memory", memory.METRICS, memory.start),
    Source("disk", disk.METRICS, disk.start),
    Source("host", host.METRICS, host.start),
    Source("network", network.METRICS, network.start),
    Source("power", power.METRICS, power.start),
    Source("hardware", hardware.METRICS, hardware.start),
    Source("amd", amd.METRICS, amd.start, vendor="amd"),
    Source("intel", intel.METRICS, intel.start, vendor="intel"),
    # Its child has 4 s, and it takes some time to end one that hangs.
    Source("nvidia", nvidia.METRICS, nvidia.start, budget_s=5.0, vendor="nvidia"),
)
