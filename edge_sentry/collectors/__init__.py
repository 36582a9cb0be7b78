"""The table of everything that a sentry reads from its rig: one file for each source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from edge_sentry.collectors import cpu, disk, hardware, host, memory, network, power
from edge_sentry.reading import Reading

Collect = Callable[[], Reading]


class Source(NamedTuple):
    """One row. `start` gets the data folder; what it returns is called once for each sample.

    `metrics` are all that it reads or explains as unread, each belonging to one row only.
    """

    name: str
    metrics: tuple[str, ...]
    start: Callable[[Path], Collect]


COLLECTORS = (
    Source("cpu", cpu.METRICS, cpu.start),
    Source("memory", memory.METRICS, memory.start),
    Source("disk", disk.METRICS, disk.start),
    Source("host", host.METRICS, host.start),
    Source("network", network.METRICS, network.start),
    Source("power", power.METRICS, power.start),
    Source("hardware", hardware.METRICS, hardware.start),
)
