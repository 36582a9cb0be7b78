"""How long to wait after a failure: longer each time, and never in step with other agents."""

from __future__ import annotations

from random import Random

FIRST_S = 1.0
LONGEST_S = 300.0


class Backoff:
    """Exponential with jitter: between half of and the whole of 1 s, 2 s, 4 s … 5 min."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._failures = 0

    def next_s(self) -> float:
        """The pause after one more failure, in seconds."""
        ceiling_s = min(LONGEST_S, FIRST_S * 2.0 ** min(self._failures, 32))
        self._failures += 1
        return ceiling_s * self._random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Something succeeded."""
        self._failures = 0

    def spread_s(self, seconds: float) -> float:
        """At least so long, and up to half more."""
        return seconds * self._random.uniform(1.0, 1.5)
