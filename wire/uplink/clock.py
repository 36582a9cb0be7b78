"""Estimates the commander's clock, so that a rig with a wrong clock still dates its samples rightly."""

from __future__ import annotations

from typing import NamedTuple

NEGLIGIBLE_S = 2.0
CLOCK_OFF_S = 30.0


class Moment(NamedTuple):
    """One moment on both clocks of this machine.

    `wall`: epoch seconds, may be wrong and may jump. `steady`: seconds that only ever run forwards.
    """

    wall: float
    steady: float


class ServerClock:
    """The commander's time as of the last exchange, carried forward by the steady clock.

    The wall clock is compared anew at each use: once somebody sets it right it is simply right,
    even before the next exchange.
    """

    def __init__(self) -> None:
        self._ahead_of_steady_s: float | None = None

    def learn(self, sent: Moment, received: Moment, server_at: float) -> None:
        """Takes `server_at` (epoch seconds) as the commander's time half-way through an exchange."""
        self._ahead_of_steady_s = server_at - (sent.steady + received.steady) / 2

    def recall(self, offset_s: float, now: Moment) -> None:
        """Believes, until the next exchange, what an earlier process had learned."""
        self._ahead_of_steady_s = now.wall + offset_s - now.steady

    def at(self, steady: float) -> float | None:
        """What the commander would say at a moment of the steady clock; None before any exchange."""
        return None if self._ahead_of_steady_s is None else steady + self._ahead_of_steady_s

    def offset_s(self, now: Moment) -> float | None:
        """The commander's clock less the wall clock, 0 when negligible, None before any exchange."""
        if self._ahead_of_steady_s is None:
            return None
        offset_s = now.steady + self._ahead_of_steady_s - now.wall
        return 0.0 if abs(offset_s) < NEGLIGIBLE_S else offset_s

    def corrected(self, now: Moment) -> float:
        """Epoch seconds as the commander would say."""
        return now.wall + (self.offset_s(now) or 0.0)

    def is_off(self, now: Moment) -> bool:
        """Whether the wall clock is so wrong that a person should know."""
        return abs(self.offset_s(now) or 0.0) > CLOCK_OFF_S


def clock_warning(offset_s: float) -> str:
    """What to tell a person about a wall clock that `is_off`."""
    direction = "behind" if offset_s > 0 else "ahead of"
    return (
        f"This machine's clock is {abs(offset_s):,.0f} s {direction} the commander's. "
        "Times are corrected, but set the clock: TLS and mining programs depend on it."
    )
