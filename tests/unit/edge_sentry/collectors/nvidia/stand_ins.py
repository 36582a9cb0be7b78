"""Children that really run, with a stand-in for NVIDIA's package, and some that only play."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edge_sentry.collectors.nvidia.cards import NvidiaCards
from edge_sentry.collectors.nvidia.driver import Driver
from edge_sentry.collectors.nvidia.process import Answer
from edge_sentry.reading import Reading

LIBRARY = Path(__file__).parent / "library"
RECORDING = Path(__file__).parents[4] / "recordings" / "nvidia" / "made" / "driver-580.95.05" / "nvml.json"


def recorded() -> dict[str, Any]:
    """What NVML says of three cards."""
    told: dict[str, Any] = json.loads(RECORDING.read_text())
    return told


def with_driver(root: Path) -> Driver:
    """As on a Linux where the driver is loaded."""
    version = root / "proc" / "driver" / "nvidia" / "version"
    version.parent.mkdir(parents=True, exist_ok=True)
    version.touch()
    return Driver(root, "linux")


def first(cards: NvidiaCards) -> Reading:
    """The first reading that is more than that the driver still starts."""
    for _ in range(300):
        reading = cards.collect()
        if "still starting" not in reading.unread.get("devices", ""):
            return reading
    raise AssertionError("it never started")


@dataclass
class Clock:
    """Time that a test moves."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class PlayedChild:
    """Answers as told, None being silence; `unkillable` as what hangs within the kernel."""

    answers: Iterator[Answer | None]
    unkillable: bool = False
    asked: list[int] = field(default_factory=list)
    killed: bool = False

    def ask(self, number: int) -> None:
        self.asked.append(number)

    def answer(self, number: int, within_s: float) -> Answer | None:
        return next(self.answers)

    def end(self) -> bool:
        self.killed = True
        return self.ended()

    def ended(self) -> bool:
        return self.killed and not self.unkillable
