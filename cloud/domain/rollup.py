"""Folds samples into buckets by each metric's rule, and folds into larger folds; the order never matters.

A fold is a tuple that begins with the number of samples: (n, mean), (n, max), (n, last, at of it), or for
counters (n, increase within, first, at of it, last, at of it). Folding is associative, so an hour folded
of its blocks and a day folded of its hours say what the samples say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wire.messages import Block
from wire.metrics import BY_CODE, BY_NAME, Metric, RollUp

Fold = tuple[float, ...]
Folds = dict[int, dict[int, Fold]]
"""Start of the bucket (epoch s, a multiple of its width) to metric code to fold."""

TEN_MINUTES_S, HOUR_S, DAY_S = 600, 3600, 86_400


def bucket_of(at: float, width_s: int) -> int:
    """The start of the bucket that a time lies in."""
    return int(at // width_s) * width_s


def fold_blocks(blocks: Iterable[Block], width_s: int) -> Folds:
    """Folds every sample of some blocks; a time that stands in two of them counts once."""
    folds: Folds = {}
    for (at, code), value in sorted(_samples(blocks).items()):
        bucket = folds.setdefault(bucket_of(at, width_s), {})
        one = _fold_of(BY_CODE[code], at, value)
        bucket[code] = _join(BY_CODE[code], bucket[code], one) if code in bucket else one
    return folds


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


def _samples(blocks: Iterable[Block]) -> dict[tuple[float, int], float]:
    return {(at, code): value for block in blocks for at, code, value in _of_block(block)}


def _of_block(block: Block) -> Iterator[tuple[float, int, float]]:
    for series in block.series:
        metric = BY_NAME.get(series.metric)
        if metric is not None:
            for at, value in zip(block.at, series.values, strict=True):
                if value is not None:
                    yield at, metric.code, value


def _fold_of(metric: Metric, at: float, value: float) -> Fold:
    match metric.roll_up:
        case RollUp.MEAN | RollUp.MAX:
            return (1, value)
        case RollUp.LAST:
            return (1, value, at)
        case RollUp.INCREASE:
            return (1, 0, value, at, value, at)


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
