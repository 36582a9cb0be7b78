"""Folds samples into buckets by each metric's rule, and folds into larger folds; the order never matters.

A fold is a tuple that begins with the number of samples: (n, mean), (n, max), (n, last, at of it), or for
counters (n, increase within, first, at of it, last, at of it). Folding is associative, so an hour folded
of its blocks and a day folded of its hours say what the samples say.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from wire.messages import Block, Series
from wire.metrics import BY_CODE, BY_NAME, Metric, RollUp

Fold = tuple[float, ...]
Read = tuple[float, float]
"""A time and a value."""
Folds = dict[int, dict[int, Fold]]
"""Start of the bucket (epoch s, a multiple of its width) to metric code to fold."""

TEN_MINUTES_S, HOUR_S, DAY_S = 600, 3600, 86_400


def bucket_of(at: float, width_s: int) -> int:
    """The start of the bucket that a time lies in."""
    return int(at // width_s) * width_s


def fold_blocks(blocks: Iterable[Block], width_s: int) -> Folds:
    """Folds every sample of some blocks; a time that stands in two of them counts once."""
    read: dict[int, dict[str, list[Read]]] = defaultdict(lambda: defaultdict(list))
    for block in _apart(sorted((block for block in blocks if block.at), key=lambda block: block.at)):
        for start, run in _runs(block.at, width_s):
            for series in block.series:
                pairs = zip(block.at[run], series.values[run], strict=True)
                read[start][series.metric] += [(at, value) for at, value in pairs if value is not None]
    return {start: bucket for start in read if (bucket := _bucket(read[start]))}


def _bucket(read: dict[str, list[Read]]) -> dict[int, Fold]:
    known = ((BY_NAME[name], samples) for name, samples in read.items() if samples and name in BY_NAME)
    return {metric.code: _fold_of(metric, samples) for metric, samples in known}


def coarser(folds: Folds, width_s: int) -> Folds:
    """The same in wider buckets, whose width is a multiple of the width there."""
    wide: Folds = {}
    for start in sorted(folds):
        bucket = wide.setdefault(bucket_of(start, width_s), {})
        for code, fold in folds[start].items():
            metric = BY_CODE.get(code)
            if metric is not None:
                bucket[code] = _join(metric, bucket[code], fold) if code in bucket else fold
    return wide


def sample_count(folds: Folds) -> int:
    """How many values were folded; it only grows as more blocks arrive."""
    return int(sum(fold[0] for bucket in folds.values() for fold in bucket.values()))


def merged(parts: Iterable[Folds]) -> Folds:
    """Folds of different samples, bucket by bucket."""
    whole: Folds = {}
    for part in parts:
        for start, bucket in part.items():
            into = whole.setdefault(start, {})
            for code, fold in bucket.items():
                into[code] = _join(BY_CODE[code], into[code], fold) if code in into else fold
    return whole


def value_of(fold: Fold) -> float:
    """The one figure of a bucket that is drawn: its mean, maximum or last."""
    return fold[1]


def growth_rates(folds: Iterable[Fold | None], gap_s: float) -> Iterator[float | None]:
    """Of each bucket of a counter, in order: its growth per second over the time that samples cover.

    That time begins at the last sample of the bucket before, unless a gap of more than `gap_s` lies
    between; then at the bucket's own first. None where no time is covered.
    """
    before: Fold | None = None
    for fold in folds:
        if fold is None:
            yield None
            continue
        grown, since = fold[1], fold[3]
        if before is not None and fold[3] - before[5] <= gap_s:
            grown, since = grown + increase(before[4], fold[2]), before[5]
        yield grown / (fold[5] - since) if fold[5] > since else None
        before = fold


def _apart(blocks: list[Block]) -> list[Block]:
    """Blocks that follow one another; where some overlap, one block of all their samples."""
    if all(earlier.at[-1] < later.at[0] for earlier, later in pairwise(blocks)):
        return blocks
    samples: dict[str, dict[float, float | None]] = defaultdict(dict)
    for block in blocks:
        for series in block.series:
            read = zip(block.at, series.values, strict=True)
            samples[series.metric] |= {at: value for at, value in read if value is not None}
    at = tuple(sorted({at for block in blocks for at in block.at}))
    return [Block(at, tuple(Series(name, tuple(map(of.get, at))) for name, of in samples.items()))]


def _runs(at: tuple[float, ...], width_s: int) -> Iterator[tuple[int, slice]]:
    """The buckets that ascending times lie in, each with its stretch of them."""
    begin = 0
    while begin < len(at):
        start = bucket_of(at[begin], width_s)
        end = bisect_left(at, start + width_s, begin)
        yield start, slice(begin, end)
        begin = end


def _fold_of(metric: Metric, read: list[Read]) -> Fold:
    values = [value for _, value in read]
    (first_at, first), (last_at, last) = read[0], read[-1]
    match metric.roll_up:
        case RollUp.MEAN:
            return (len(read), math.fsum(values) / len(read))  # exact, so that no cut into blocks shows
        case RollUp.MAX:
            return (len(read), max(values))
        case RollUp.LAST:
            return (len(read), last, last_at)
        case RollUp.INCREASE:
            within = sum(increase(before, after) for before, after in pairwise(values))
            return (len(read), within, first, first_at, last, last_at)


def _join(metric: Metric, one: Fold, other: Fold) -> Fold:
    count = one[0] + other[0]
    match metric.roll_up:
        case RollUp.MEAN:
            return (count, one[1] + (other[1] - one[1]) * (other[0] / count))
        case RollUp.MAX:
            return (count, max(one[1], other[1]))
        case RollUp.LAST:
            return (count, *max(one[1:], other[1:], key=lambda last: last[1]))
        case RollUp.INCREASE:
            return _join_counters(count, *sorted((one, other), key=lambda fold: fold[3]))


def _join_counters(count: float, earlier: Fold, later: Fold) -> Fold:
    between = increase(earlier[4], later[2])
    return (count, earlier[1] + between + later[1], *earlier[2:4], *later[4:6])


def increase(before: float, after: float) -> float:
    """What a counter grew by; one that fell began anew at 0."""
    return after - before if after >= before else after
