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
from functools import lru_cache
from itertools import pairwise

from wire.messages import Block, Series, split_series_name
from wire.metrics import BY_NAME, Metric, RollUp

Fold = tuple[float, ...]
Read = tuple[float, float]
"""A time and a value."""
Folds = dict[int, dict[str, Fold]]
"""Start of the bucket (epoch s, a multiple of its width) to the series' name to fold."""

TEN_MINUTES_S, HOUR_S, DAY_S = 600, 3600, 86_400


def bucket_of(at: float, width_s: int) -> int:
    """The start of the bucket that a time lies in."""
    return int(at // width_s) * width_s


@lru_cache(maxsize=4096)
def metric_of(name: str) -> Metric:
    """The metric of a series, by the series' name; raises KeyError for one that is not in the table."""
    return BY_NAME[split_series_name(name)[0]]


def fold_blocks(blocks: Iterable[Block], width_s: int) -> Folds:
    """Folds every sample of some blocks; a time that stands in two of them counts once."""
    read: dict[int, dict[str, list[Read]]] = defaultdict(lambda: defaultdict(list))
    for block in _apart(sorted((block for block in blocks if block.at), key=lambda block: block.at)):
        for start, run in _runs(block.at, width_s):
            for series in block.series:
                pairs = zip(block.at[run], series.values[run], strict=True)
                read[start][series.name] += [(at, value) for at, value in pairs if value is not None]
    return {start: bucket for start in read if (bucket := _bucket(read[start]))}


def _bucket(read: dict[str, list[Read]]) -> dict[str, Fold]:
    return {name: _fold_of(metric_of(name), samples) for name, samples in read.items() if samples}


def coarser(folds: Folds, width_s: int) -> Folds:
    """The same in wider buckets, whose width is a multiple of the width there."""
    wide: Folds = {}
    for start in sorted(folds):
        bucket = wide.setdefault(bucket_of(start, width_s), {})
        for name, fold in folds[start].items():
            bucket[name] = _join(metric_of(name), bucket[name], fold) if name in bucket else fold
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
            for name, fold in bucket.items():
                into[name] = _join(metric_of(name), into[name], fold) if name in into else fold
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
    samples: dict[tuple[str, str], dict[float, float | None]] = defaultdict(dict)
    for block in blocks:
        for series in block.series:
            read = zip(block.at, series.values, strict=True)
            samples[series.metric, series.subject] |= {at: value for at, value in read if value is not None}
    at = tuple(sorted({at for block in blocks for at in block.at}))
    columns = ((metric, tuple(map(of.get, at)), subject) for (metric, subject), of in samples.items())
    return [Block(at, tuple(Series(*column) for column in columns))]


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
