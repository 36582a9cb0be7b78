"""Finds the hashrate that a program without an API writes into its log.

The pattern is ours and bounded, with nothing of the owner's in it but literal words: no line of a log
can make it take long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from edge_sentry.miners.hash_unit import unit_of_text
from edge_sentry.miners.normal_form import HIGHEST_HASHRATE, Algorithm, MinerReading, State

GENERIC = "generic"
WITHOUT_API = (
    "A program without an API cannot be asked. The sentry tells whether it runs, and takes a hashrate from "
    "its log where the playbook names the words before it; shares, pool, devices and version stay unknown."
)
LONGEST_LINE = 500
_FIGURE = r"(?<![\d.])(\d{1,12}(?:\.\d{1,6})?)[ \t]{0,3}([kKMGTPEZ]?(?:[Hh]|[Ss]ol|g|It?)/s)(?![A-Za-z])"
_BETWEEN = r"[^\d]{0,40}"


@lru_cache(maxsize=64)
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile((f"(?i:{re.escape(words)}){_BETWEEN}" if words else "") + _FIGURE)


def reading_of(miner: str, lines: Sequence[str], words: str, now: float) -> MinerReading | None:
    """The newest hashrate in the lines, oldest first, at the epoch second `now`; None where there is none."""
    for line in reversed(lines):
        found = _algorithm(line[:LONGEST_LINE], words)
        if found is not None:
            state = State.MINING if found.hashrate else State.STALLED
            return MinerReading(miner=miner, read_at=round(now, 3), state=state, algorithms=(found,))
    return None


def _algorithm(line: str, words: str) -> Algorithm | None:
    """Its name is not told; a unit that is written otherwise than it is known is none."""
    match = _pattern(words).search(line)
    unit = None if match is None else unit_of_text(match[2])
    if match is None or unit is None:
        return None
    hashrate = float(match[1]) * unit.factor
    return Algorithm(name=None, unit=unit.unit, hashrate=hashrate) if hashrate <= HIGHEST_HASHRATE else None
