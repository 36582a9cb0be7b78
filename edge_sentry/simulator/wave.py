"""A value that wanders smoothly, as temperatures and hashrates do."""

from __future__ import annotations

import math
from random import Random


class Wave:
    """It stays around `middle`, by at most `swing`."""

    def __init__(self, random: Random, middle: float, swing: float) -> None:
        self._middle = middle
        self._parts = [
            (swing * share, random.uniform(0.7, 1.3) * period_s, random.uniform(0, math.tau))
            for share, period_s in ((0.6, 3600.0), (0.3, 600.0), (0.1, 90.0))
        ]

    def at(self, seconds: float) -> float:
        """The value at a moment of the steady clock."""
        wander = sum(
            swing * math.sin(math.tau * seconds / period_s + phase) for swing, period_s, phase in self._parts
        )
        return self._middle + wander
