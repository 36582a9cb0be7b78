"""Folding: each metric by its rule, and the same whatever the samples are cut into."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.domain import rollup
from cloud.domain.rollup import DAY_S, HOUR_S, TEN_MINUTES_S, Fold, Folds, fold_blocks
from tests.fakes.reports import block
from wire.messages import Block
from wire.metrics import BY_NAME, RollUp

LOAD, TEMPERATURE, DISK, RECEIVED = (
    "cpu_load_pct",
    "cpu_temperature_c",
    "disk_used_pct",
    "network_received_bytes",
)
CARDS = ("gpu_temperature_c@gpu-1", "gpu_temperature_c@gpu-2")
SERIES = (LOAD, TEMPERATURE, DISK, RECEIVED, *CARDS)

Row = tuple[float | None, ...]
Rows = dict[float, Row]


def block_of(rows: Rows) -> Block:
    at = sorted(rows)
    return block(at, {name: [rows[when][index] for when in at] for index, name in enumerate(SERIES)})


@st.composite
def samples(draw: st.DrawFn) -> Rows:
    """Samples of four metrics, one for each rule, and of two cards, at different times within five hours."""
    times = draw(st.lists(st.integers(0, 5 * HOUR_S * 10), min_size=1, max_size=40, unique=True))
    percent, counter = st.none() | st.integers(0, 1000), st.none() | st.integers(0, 10**6)
    rows: Rows = {}
    for tenths in times:
        load, temperature, disk = (draw(percent) for _ in range(3))
        count = draw(counter)
        rows[tenths / 10] = (
            None if load is None else load / 10,
            None if temperature is None else temperature / 5 - 50,
            None if disk is None else disk / 10,
            count,
            draw(percent),
            draw(percent),
        )
    return rows


@st.composite
def cut(draw: st.DrawFn, rows: Rows) -> list[Block]:
    """The samples in blocks of any cut, some of them twice, in any order."""
    which = {at: draw(st.integers(0, 4)) for at in rows}
    parts = [{at: row for at, row in rows.items() if which[at] == part} for part in range(5)]
    blocks = [block_of(part) for part in parts if part]
    return draw(st.permutations([*blocks, *draw(st.lists(st.sampled_from(blocks), max_size=3))]))


def naive(rows: Rows, width_s: int) -> dict[int, dict[str, tuple[float, float]]]:
    """Bucket to series to number of samples and figure, without any folding."""
    lists: dict[tuple[int, str], list[float]] = defaultdict(list)
    for at in sorted(rows):
        for name, value in zip(SERIES, rows[at], strict=True):
            if value is not None:
                lists[int(at // width_s) * width_s, name].append(value)
    found: dict[int, dict[str, tuple[float, float]]] = defaultdict(dict)
    for (start, name), values in lists.items():
        found[start][name] = (len(values), round(_figure(rollup.metric_of(name).roll_up, values), 6))
    return dict(found)


def _figure(rule: RollUp, values: list[float]) -> float:
    match rule:
        case RollUp.MEAN:
            return sum(values) / len(values)
        case RollUp.MAX:
            return max(values)
        case RollUp.LAST:
            return values[-1]
        case RollUp.INCREASE:
            pairs = pairwise(values)
            return sum(after - before if after >= before else after for before, after in pairs)


def figures(folds: Folds) -> dict[int, dict[str, tuple[float, float]]]:
    """In the shape of `naive`; both are rounded, for sums differ in their last bits."""
    return {
        start: {name: (fold[0], round(fold[1], 6)) for name, fold in bucket.items()}
        for start, bucket in folds.items()
    }


@pytest.mark.parametrize("width_s", [TEN_MINUTES_S, HOUR_S, DAY_S])
@given(data=st.data(), rows=samples())
def test_any_cut_any_order_and_any_repeats_fold_as_the_samples_say(
    data: st.DataObject, rows: Rows, width_s: int
) -> None:
    folds = fold_blocks(data.draw(cut(rows)), width_s)
    assert folds == fold_blocks([block_of(rows)], width_s)
    assert figures(folds) == naive(rows, width_s)


@given(samples())
def test_hours_of_ten_minutes_say_what_the_samples_say(rows: Rows) -> None:
    fine = fold_blocks([block_of(rows)], TEN_MINUTES_S)
    hours = rollup.coarser(fine, HOUR_S)
    assert figures(hours) == naive(rows, HOUR_S)
    assert figures(rollup.coarser(hours, DAY_S)) == naive(rows, DAY_S)
    assert rollup.sample_count(fine) == rollup.sample_count(hours)


@given(data=st.data(), rows=samples())
def test_folds_of_spans_that_follow_one_another_merge_in_any_order(data: st.DataObject, rows: Rows) -> None:
    borders = sorted(data.draw(st.lists(st.integers(0, 5 * HOUR_S), max_size=4)))
    edges = [-1.0, *borders, 1e9]
    parts = [{at: row for at, row in rows.items() if first < at <= last} for first, last in pairwise(edges)]
    folds = [fold_blocks([block_of(part)], HOUR_S) for part in parts if part]
    merged = rollup.merged(data.draw(st.permutations(folds)))
    # Counters are joined rightly in the order of time only, which is how the use cases merge them.
    without = {
        start: {name: figure for name, figure in bucket.items() if name != RECEIVED}
        for start, bucket in figures(merged).items()
    }
    expected = {
        start: {name: figure for name, figure in bucket.items() if name != RECEIVED}
        for start, bucket in naive(rows, HOUR_S).items()
    }
    assert without == expected
    assert figures(rollup.merged(folds)) == naive(rows, HOUR_S)


def _folded(name: str, values: dict[float, float | None]) -> Fold:
    (bucket,) = fold_blocks([block(list(values), {name: list(values.values())})], HOUR_S).values()
    return bucket[name]


def test_each_rule_by_hand() -> None:
    values = {0.0: 5.0, 10.0: None, 20.0: 20.0, 30.0: 11.0}
    assert _folded(LOAD, values) == (3, 12.0)
    assert _folded(TEMPERATURE, values) == (3, 20.0)
    assert _folded(DISK, values) == (3, 11.0, 30.0)
    assert _folded(RECEIVED, values) == (3, 26.0, 5.0, 0.0, 11.0, 30.0)


def test_warmest_frost_is_the_maximum() -> None:
    assert _folded(TEMPERATURE, {0.0: -20.0, 1.0: -3.5, 2.0: -60.0}) == (3, -3.5)


@pytest.mark.parametrize(
    ("counts", "growth"),
    [([7], 0), ([7, 7], 0), ([7, 9], 2), ([7, 9, 1, 4], 6), ([9, 0], 0), ([9, 0, 5], 5), ([3, 2, 1], 3)],
)
def test_counter_that_falls_began_anew_at_zero(counts: list[float], growth: float) -> None:
    assert _folded(RECEIVED, {float(at): count for at, count in enumerate(counts)})[1] == growth


def test_time_lies_in_the_bucket_that_begins_with_it() -> None:
    assert rollup.bucket_of(3600.0, HOUR_S) == 3600
    assert rollup.bucket_of(3599.999, HOUR_S) == 0
    folds = fold_blocks([block([599.999, 600.0], {LOAD: [1.0, 2.0]})], TEN_MINUTES_S)
    assert figures(folds) == {0: {LOAD: (1, 1.0)}, 600: {LOAD: (1, 2.0)}}


def test_what_was_never_read_folds_to_nothing() -> None:
    assert fold_blocks([block([1.0, 2.0], {LOAD: [None, None]})], HOUR_S) == {}
    assert fold_blocks([], HOUR_S) == {}
    assert rollup.sample_count({}) == 0


def test_each_subject_is_folded_apart() -> None:
    first = block([0.0, 10.0], {"gpu_power_w@a": [1.0, 3.0], "gpu_power_w@b": [None, 10.0]})
    again = block([10.0, 20.0], {"gpu_power_w@b": [10.0, 30.0], "hashrate@x": [7.0, 7.0]})
    expected = {0: {"gpu_power_w@a": (2, 2.0), "gpu_power_w@b": (2, 20.0), "hashrate@x": (2, 7.0)}}
    assert fold_blocks([first, again], HOUR_S) == expected


def test_metric_of_a_series() -> None:
    assert rollup.metric_of("gpu_power_w@a") is BY_NAME["gpu_power_w"]
    assert rollup.metric_of(LOAD) is BY_NAME[LOAD]
    with pytest.raises(KeyError):
        rollup.metric_of("beauty@a")


def _rates(*folds: Fold | None, gap_s: float = 100) -> list[float | None]:
    return list(rollup.growth_rates(folds, gap_s))


def test_rate_is_over_the_time_that_samples_cover() -> None:
    first = _folded(RECEIVED, {0.0: 100, 10.0: 130})
    second = _folded(RECEIVED, {20.0: 135, 30.0: 150})
    anew = _folded(RECEIVED, {40.0: 4, 50.0: 6})
    assert _rates() == []
    assert _rates(first, second, anew) == [3, 1, 0.3]
    assert _rates(None, first, None, second, None) == [None, 3, None, 1, None]


def test_rate_begins_anew_after_a_gap() -> None:
    first = _folded(RECEIVED, {0.0: 100, 10.0: 130})
    for later_s, rates in ((110.0, [3, 870 / 100]), (110.1, [3, None])):
        assert _rates(first, _folded(RECEIVED, {later_s: 1000})) == rates
    assert _rates(first, _folded(RECEIVED, {500.0: 1000, 510.0: 1020})) == [3, 2]


def test_single_sample_without_one_before_has_no_rate() -> None:
    assert _rates(_folded(RECEIVED, {0.0: 100})) == [None]


@given(samples())
def test_rates_times_their_seconds_add_up_to_the_growth_of_the_whole(rows: Rows) -> None:
    folds = fold_blocks([block_of(rows)], TEN_MINUTES_S)
    of_counter = [fold for start in sorted(folds) if (fold := folds[start].get(RECEIVED)) is not None]
    ends = [of_counter[0][3], *(fold[5] for fold in of_counter)] if of_counter else []
    rates = rollup.growth_rates(of_counter, 10 * DAY_S)
    grown = sum(
        rate * (end - begin) for rate, (begin, end) in zip(rates, pairwise(ends), strict=True) if rate
    )
    whole = naive(rows, 10 * DAY_S).get(0, {}).get(RECEIVED, (0, 0.0))
    assert grown == pytest.approx(whole[1])
