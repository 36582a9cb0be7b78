"""Reads the disk that holds the sentry's own folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil

from edge_sentry.reading import Reading

METRICS = ("disk_used_pct",)


def start(folder: Path) -> Callable[[], Reading]:
    """Reads the disk of `folder`."""
    return partial(collect, folder)


def collect(folder: Path) -> Reading:
    """Used out of what an ordinary program can use: blocks kept for root count as neither."""
    disk = psutil.disk_usage(str(folder))
    return Reading(values={"disk_used_pct": float(disk.percent)}, specs={"disk_bytes": disk.total})
