"""How soon a change may be reported before its time: not at every flutter, and not many times an hour."""

from __future__ import annotations

import math
from collections import deque

GAP_S = 10.0
HOUR_S = 3600.0
AN_HOUR = 6  # a sensor that comes and goes must not undo the price of a slow cadence


class Haste:
    """Remembers when the newest state was sent, and when before it was due; all by the steady clock."""

    def __init__(self) -> None:
        self._last = -math.inf
        self._early: deque[float] = deque(maxlen=AN_HOUR)

    def note(self, at: float, *, early: bool) -> None:
        """The newest state is being sent, whatever becomes of it."""
        self._last = at
        if early:
            self._early.append(at)

    def earliest(self, interval_s: float, *, asked: bool = False) -> float:
        """From when on a change is worth a report of its own.

        `asked`: somebody waits for it, so that nobody counts how many there were in the hour.
        """
        spent = len(self._early) == AN_HOUR and not asked
        return max(self._last + gap_s(interval_s), self._early[0] + HOUR_S if spent else -math.inf)


def gap_s(interval_s: float) -> float:
    """The least time between two reports of the newest state, at a cadence of `interval_s`."""
    return min(GAP_S, interval_s)
