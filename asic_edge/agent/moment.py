"""This computer's own clocks."""

from __future__ import annotations

import time

from wire.uplink.clock import Moment


def system_now() -> Moment:
    """Now, on the wall clock and on a steady one that goes on while the computer sleeps."""
    return Moment(wall=time.time(), steady=_steady())


def _steady() -> float:
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
