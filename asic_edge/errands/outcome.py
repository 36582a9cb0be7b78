"""How an errand ended, in words: what needs a look first, the rest counted, and never too much to be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec

from wire.edge import ERRAND_LINES_MAX, ErrandLine, ErrandResult

LINES_BYTES_MAX: Final = 250_000
"""Of one result: it goes with a report, beside all else."""
SENTENCE_MAX: Final = 300
_OF_MAX = 64
_FIRST = ("fault", "asked")


class Ended(NamedTuple):
    """`text` is for people. `lines` may be any number; not `ok`: nothing of it was done."""

    text: str
    lines: Sequence[ErrandLine] = ()
    ok: bool = True


def failed(text: str) -> Ended:
    """Nothing was done."""
    return Ended(text, ok=False)


def line(of: str, fate: str, text: str) -> ErrandLine:
    """Cut to what a line may hold; `fate` is one of `ErrandLine`."""
    return msgspec.convert({"of": of[:_OF_MAX], "fate": fate, "text": cut(text)}, ErrandLine)


def result_of(number: int, ended: Ended) -> ErrandResult:
    """Faults and questions come first, then changes, both in their order; what is unchanged is counted."""
    worth = [each for each in ended.lines if each.fate != "unchanged"]
    worth.sort(key=lambda each: each.fate not in _FIRST)
    told = _fitting(worth)
    more = len(worth) - len(told)
    text = f"{ended.text} And {more:,} more lines, not shown." if more else ended.text
    counts = Counter[str](each.fate for each in ended.lines)
    return ErrandResult(number, ended.ok, cut(text), dict(counts), tuple(told))


def cut(text: str) -> str:
    """A sentence that is not too long, without control characters."""
    text = "".join(each for each in text if each.isprintable())
    return text if len(text) <= SENTENCE_MAX else f"{text[: SENTENCE_MAX - 1]}…"


def within_bytes(items: Iterable[msgspec.Struct], most_bytes: int) -> int:
    """How many of the first fit."""
    left = most_bytes
    fit = 0
    for each in items:
        left -= len(msgspec.json.encode(each)) + 1
        if left < 0:
            break
        fit += 1
    return fit


def _fitting(lines: Sequence[ErrandLine]) -> Sequence[ErrandLine]:
    return lines[: min(within_bytes(lines, LINES_BYTES_MAX), ERRAND_LINES_MAX)]
