"""How often something may be tried: a few times at once, then after delays that double.

One try is forgotten each `FORGET_S`, so in the long run there are no more than that, whatever the order.
"""

from __future__ import annotations

from cloud.domain.records import PackedRecord

DELAY_MAX_S = 900.0
FORGET_S = DELAY_MAX_S
SKEW_S = 10.0
"""So far may the clocks of two instances be apart."""


class Tries(PackedRecord, frozen=True):
    """So many tries, the last one at `at`."""

    count: int = 0
    at: float = 0


def wait_s(tries: Tries, free: int, now: float) -> float:
    """0 when another try may be made now, of which `free` need no delay; else the seconds to wait.

    A last try in the future says that the clock was set back since: it delays nothing, and the next one
    is counted by the clock as it is now.
    """
    if tries.at > now + SKEW_S:
        return 0.0
    over = _left(tries, now) - free
    delay_s = min(DELAY_MAX_S, 2.0 ** min(over, 10)) if over >= 0 else 0.0
    return max(0.0, delay_s - max(0.0, now - tries.at))


def one_more(tries: Tries, now: float) -> Tries:
    """With a try made now."""
    return Tries(_left(tries, now) + 1, now)


def one_less(tries: Tries) -> Tries:
    """As if the last try had not been made."""
    return Tries(max(0, tries.count - 1), tries.at)


def forgotten_at(tries: Tries) -> float:
    """When nothing is left of it."""
    return tries.at + tries.count * FORGET_S


def _left(tries: Tries, now: float) -> int:
    return max(0, tries.count - int(max(0.0, now - tries.at) // FORGET_S))
