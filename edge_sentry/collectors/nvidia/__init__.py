"""Reads NVIDIA's cards through a child process that may hang or crash without harm."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from edge_sentry.collectors.nvidia.cards import NvidiaCards
from edge_sentry.collectors.nvidia.driver import Driver
from edge_sentry.collectors.nvidia.process import started
from edge_sentry.reading import Reading

METRICS: tuple[str, ...] = ()


def start(_folder: Path) -> Callable[[], Reading]:
    """Nothing runs before a driver is there."""
    return NvidiaCards(Driver(), started, time.monotonic)
