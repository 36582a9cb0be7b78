"""Dates readings by the commander's time, and all that was dated before it was known, anew."""

from __future__ import annotations

import logging
import threading

from wire.uplink.clock import Moment, ServerClock, clock_warning

_JUMP_S = 2.0

log = logging.getLogger(__name__)


class Dating:
    """Until the first exchange the wall clock counts, as it was at the start; should somebody set it
    meanwhile, all that was dated so far follows it.

    Two threads may use it; `lock` is held while a date is given and while what it was given to is kept.
    """

    def __init__(self, started: Moment, recalled_offset_s: float = 0.0) -> None:
        self.lock = threading.RLock()
        self._clock = ServerClock()
        self._known = False
        self._ahead_s = started.wall + recalled_offset_s - started.steady
        self._wall_ahead_s = started.wall - started.steady

    @property
    def known(self) -> bool:
        """Whether the commander's time is."""
        return self._known

    def corrected(self, at: Moment) -> float:
        """Epoch seconds as the commander would say, as far as it is known."""
        return self._clock.corrected(at) if self._known else at.steady + self._ahead_s

    def offset_s(self, now: Moment) -> float | None:
        """The commander's clock less ours, 0 when negligible, None before any exchange."""
        return self._clock.offset_s(now)

    def wall_jumped(self, now: Moment) -> float:
        """By how much what was dated so far is to be shifted, since the clock was set; 0.0: it was not."""
        ahead_s = now.wall - now.steady
        jump_s = ahead_s - self._wall_ahead_s
        if abs(jump_s) < _JUMP_S:
            return 0.0
        self._wall_ahead_s = ahead_s
        if self._known:
            return 0.0
        # A clock that is set is set right: what an earlier process knew of the former one is void.
        by_s = ahead_s - self._ahead_s
        self._ahead_s = ahead_s
        return by_s

    def learn(self, sent: Moment, received: Moment, server_at: float) -> float:
        """Takes the commander's time; by how much what is undated is to be shifted."""
        was_off, before = self._clock.is_off(received), self.corrected(received)
        self._clock.learn(sent, received, server_at)
        first, self._known = not self._known, True
        if self._clock.is_off(received) and not was_off:
            log.warning(clock_warning(self._clock.offset_s(received) or 0.0))
        return self._clock.corrected(received) - before if first else 0.0
