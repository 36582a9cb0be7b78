"""The benchmark's parts by name; each is one module with a function `rows`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import NamedTuple, cast

from tests.benchmarks.rows import Row


class Part(NamedTuple):
    """A name for `--only`, the module, and what it measures."""

    name: str
    module: str
    about: str

    def rows(self) -> Iterator[Row]:
        """Runs it; the module is only now imported."""
        found = importlib.import_module(f"tests.benchmarks.{self.module}")
        return cast("Callable[[], Iterator[Row]]", found.rows)()


PARTS = (
    # First, for it measures the memory of this process, which the other parts fill.
    Part("asics", "asics", "the ASIC edge: rounds of 1,000 devices, searches, memory"),
    Part("imports", "imports", "import time of the ingest entry point"),
    Part("cpu", "cpu", "CPU per report, without the store and with each"),
    Part("cost", "cost", "AWS calls and units per report, dollars per rig and month, store growth"),
    Part("edge_reports", "edge_reports", "an ASIC edge's reports of 500 machines and of one, on SQLite"),
    Part("pages", "pages", "read units and milliseconds per page and chart"),
    Part("throughput", "throughput", "reports a second and their latency, beside a bare handler"),
    Part("package", "package", "the built package: its size, and the cold start of each function"),
    Part("machines", "machines", "the list of 10,000 machines"),
    Part("sentry", "sentry", "the agent of a rig: memory, CPU, time to the first report"),
)
