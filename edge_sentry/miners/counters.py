"""Folds counters that begin anew: with the program, and in some with each connection to the pool."""

from __future__ import annotations

from typing import NamedTuple


class Tally(NamedTuple):
    """`total` over all starts of the program; `last` is what it told at the last reading."""

    total: int = 0
    last: int | None = None


def folded(tally: Tally, told: int | None) -> Tally:
    """With one reading more. A fall is a new start, whose shares all count; None changes nothing.

    >>> folded(Tally(total=7, last=7), 3)
    Tally(total=10, last=3)
    """
    if told is None:
        return tally
    before = tally.last if tally.last is not None and told >= tally.last else 0
    return Tally(tally.total + told - before, told)
