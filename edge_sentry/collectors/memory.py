"""Reads the main memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psutil

from edge_sentry.reading import Reading

METRICS = ("memory_used_pct",)


def start(_folder: Path) -> Callable[[], Reading]:
    """Nothing to prepare."""
    return collect


def collect() -> Reading:
    """Used is what a new program could not have: caches count as free."""
    memory = psutil.virtual_memory()
    used_pct = 100 * (memory.total - memory.available) / memory.total
    return Reading(values={"memory_used_pct": round(used_pct, 2)}, specs={"memory_bytes": memory.total})
