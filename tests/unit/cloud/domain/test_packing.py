"""Packed blocks: what was put in comes out, to the metrics' steps, and it is small."""

from __future__ import annotations

import random
import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.domain.packing import Subjects, name_of, pack, pack_folds, unpack, unpack_folds
from cloud.domain.rollup import Fold, Folds
from tests.fakes.reports import NOW, Columns, block
from wire.asic_metrics import ASIC_METRICS
from wire.messages import Block, Series
from wire.metrics import BY_NAME, METRICS, Metric, Of, to_step
from wire.uplink.blocks import MANY_VALUES_MAX

SMALL_BYTES, CARDS = 600, 8
OWN = {metric.name for metric in METRICS if metric.of is Of.MACHINE and metric not in ASIC_METRICS}
SUBJECTS = ("", "gpu-4f1c", "gpu-0", "kawpow")


def _values(metric: Metric) -> st.SearchStrategy[float | None]:
    """Any value in bounds, the bounds themselves and values near zero more often than chance has it.

    Above `maximum` a float is coarser than the metric's step.
    """
    maximum = min(metric.maximum, 2**52 * metric.step)
    whole = st.integers(int(metric.minimum), int(maximum)).map(float)
    bounds = st.sampled_from([float(metric.minimum), float(maximum), 0.0])
    near = st.integers(-20, 20).map(lambda steps: min(max(steps * metric.step, metric.minimum), 20.0))
    return st.none() | st.floats(metric.minimum, maximum) | whole | bounds | near


@st.composite
def blocks(draw: st.DrawFn, samples_max: int = 40) -> Block:
    count = draw(st.integers(1, samples_max))
    steps = draw(st.lists(st.integers(1, 10**9), min_size=count, max_size=count))
    begin, at = draw(st.integers(0, 10**13)), []
    for step in steps:
        begin += step
        at.append(begin / 1000)
    metrics = draw(
        st.lists(st.tuples(st.sampled_from(METRICS), st.sampled_from(SUBJECTS)), unique=True, max_size=8)
    )
    columns = [
        Series(metric.name, tuple(draw(st.lists(_values(metric), min_size=count, max_size=count))), subject)
        for metric, subject in metrics
    ]
    return Block(tuple(at), tuple(columns))


def rounded(given_block: Block) -> Block:
    """The block to the precision that is kept."""
    return Block(
        tuple(round(at, 3) for at in given_block.at),
        tuple(
            Series(
                series.metric,
                tuple(None if v is None else to_step(BY_NAME[series.metric], v) for v in series.values),
                series.subject,
            )
            for series in given_block.series
        ),
    )


@given(blocks())
def test_block_comes_back_to_the_precision_of_its_metrics(packed: Block) -> None:
    assert unpack(pack(packed)) == rounded(packed)


@given(blocks())
def test_packing_what_was_unpacked_changes_nothing(packed: Block) -> None:
    once = pack(packed)
    assert pack(unpack(once)) == once


@given(st.floats(0, 1e11))
def test_time_is_kept_to_the_millisecond(at: float) -> None:
    assert unpack(pack(block([at]))).at == (round(at, 3),)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_the_longest_block_of_extremes_comes_back(metric: Metric) -> None:
    values = [(metric.minimum, None, metric.maximum)[n % 3] for n in range(720)]
    given_block = block([NOW + 10 * n for n in range(720)], {metric.name: values})
    assert unpack(pack(given_block)) == rounded(given_block)


def test_counter_that_began_anew_and_frost_come_back() -> None:
    counts, cold = [5e15, 5e15 + 7, 3.0, None, 4.0], [-60.0, -0.1, 0.0, None, -12.3]
    given_block = block(
        [NOW + n for n in range(5)], {"network_sent_bytes": counts, "cpu_temperature_c": cold}
    )
    assert unpack(pack(given_block)) == given_block


def test_block_in_which_nothing_was_read_comes_back() -> None:
    nothing = block([NOW, NOW + 10], {metric.name: [None, None] for metric in METRICS})
    assert unpack(pack(nothing)) == nothing
    assert unpack(pack(block([NOW], {}))) == block([NOW], {})


def test_times_within_one_millisecond_stay_as_many() -> None:
    given_block = block([1.0001, 1.0002, 1.0003], {"cpu_load_pct": [1.0, None, 1.0]})
    assert unpack(pack(given_block)) == rounded(given_block)
    assert len(unpack(pack(given_block)).at) == 3


def test_what_stands_still_takes_no_room() -> None:
    at = [NOW + 10 * n for n in range(720)]
    still, moved = ([9.5e9] * 720, [9.5e9] * 719 + [9.6e9])
    sizes = [len(pack(block(at, {"gpu_memory_clock_hz@a": column}))) for column in (still, moved)]
    assert sizes[0] < sizes[1] < sizes[0] + 20


OLD_BODY = bytes.fromhex(
    "789c9b7c9e818171b1444c00c3a4851947d8181804d459349b18272d4c3ac2ccdfc0c5396961e11109868607e695870519d81920e04fbdfc89369b77ff013d111391"
)
"""As it was packed before there were subjects."""


def test_block_of_an_older_program_is_read() -> None:
    columns: Columns = {"cpu_load_pct": [1.5, None, 2.5], "network_sent_bytes": [5e15, 5e15 + 7, 3.0]}
    assert unpack(OLD_BODY) == block([NOW, NOW + 10, NOW + 20.5], columns)


NAMES = st.sampled_from(["cpu_load_pct", "gpu_power_w@gpu-1", "gpu_power_w@gpu-2", "hashrate@kawpow"])
FOLDS = st.dictionaries(
    st.integers(0, 143).map(lambda number: 86_400 + number * 600),
    st.dictionaries(NAMES, st.tuples(st.integers(1, 60), st.floats(-1e12, 1e12)), min_size=1),
    max_size=20,
)


@given(FOLDS)
def test_folds_come_back_and_their_order_does_not_show(folds: Folds) -> None:
    packed = pack_folds(folds, 86_400)
    assert unpack_folds(packed, 86_400) == folds
    turned = {start: dict(reversed(bucket.items())) for start, bucket in reversed(folds.items())}
    assert pack_folds(turned, 86_400) == packed


def test_folds_of_an_older_program_are_read() -> None:
    old: dict[int, dict[int, Fold]] = {600: {1: (2, 5.0), 60_000: (1, 5.0)}}
    assert unpack_folds(old, 3600) == {4200: {"cpu_load_pct": (2, 5.0)}}


def test_series_that_nobody_knows_has_no_name() -> None:
    subjects = Subjects()
    column = subjects.column_of("gpu_power_w@a")
    assert name_of(column, subjects.listed()) == "gpu_power_w@a"
    assert name_of(column, ()) is None
    assert name_of(250, ()) is None


def walk(count: int) -> Block:
    """Five minutes of a rig at work, with jitter in its times."""
    chance = random.Random(5)
    at = [NOW + 10 * n + chance.uniform(0, 0.02) for n in range(count)]
    state = {
        "cpu_load_pct": (55.0, 4.0),
        "cpu_temperature_c": (61.0, 0.5),
        "cpu_frequency_hz": (3.6e9, 5e7),
        "load_1min": (7.5, 0.1),
        "memory_used_pct": (41.0, 0.2),
        "disk_used_pct": (63.2, 0.0),
        "power_w": (250.0, 8.0),
    }
    columns: dict[str, list[float | None]] = {}
    for name, (begin, spread) in state.items():
        value, column = begin, columns.setdefault(name, [])
        for _ in range(count):
            value += chance.gauss(0, spread)
            column.append(min(max(value, BY_NAME[name].minimum), BY_NAME[name].maximum))
    columns["uptime_s"] = [86_400 * 30 + 10 * n for n in range(count)]
    for name, rate in (("network_received_bytes", 40_000), ("network_sent_bytes", 15_000)):
        total, counts = 3.2e11, columns.setdefault(name, [])
        for _ in range(count):
            total += round(10 * rate * chance.uniform(0.5, 1.5))
            counts.append(total)
    return block(at, columns)


def cards(count: int, number: int) -> dict[str, list[float | None]]:
    """Ten figures of each of some cards at work, as drivers round them."""
    chance = random.Random(7)
    figures = {
        "gpu_temperature_c": (62, 0.5, 1),
        "gpu_hot_spot_temperature_c": (74, 0.6, 1),
        "gpu_memory_temperature_c": (86, 0.4, 2),
        "gpu_fan_pct": (70, 0.6, 1),
        "gpu_power_w": (165, 1.5, 0.1),
        "gpu_core_clock_hz": (1.7e9, 1e7, 15e6),
        "gpu_memory_clock_hz": (9.5e9, 0, 1e6),
        "gpu_load_pct": (99, 0.4, 1),
        "gpu_memory_used_bytes": (4.7e9, 0, 1048576),
        "gpu_hashrate": (31.2e6, 8e4, 1e4),
    }
    return {
        f"{name}@gpu-{card:016x}": [
            round(chance.gauss(middle + card % 3 * step, spread) / step) * step for _ in range(count)
        ]
        for card in range(1, number + 1)
        for name, (middle, spread, step) in figures.items()
    }


def test_five_minutes_of_all_own_metrics_leave_room_in_a_kilobyte() -> None:
    given_block = walk(30)
    assert {series.metric for series in given_block.series} == OWN - {"gpu_hottest_c"}
    assert len(pack(given_block)) < SMALL_BYTES


def test_three_minutes_of_eight_cards_leave_room_in_two_kilobytes() -> None:
    whole = walk(18)
    columns: Columns = {each.name: each.values for each in whole.series}
    given_block = block(whole.at, {**columns, **cards(18, CARDS)})
    assert len(given_block.at) * len(given_block.series) <= MANY_VALUES_MAX
    assert len(pack(given_block)) < 2048 - 400


def test_metrics_that_are_no_longer_in_the_table_are_left_out() -> None:
    given_block = block([NOW, NOW + 10], {"cpu_load_pct": [1.0, 2.0]})
    start, at, columns, subjects = msgspec.msgpack.decode(zlib.decompress(pack(given_block)))
    foreign = zlib.compress(msgspec.msgpack.encode([start, at, {60_000: columns[1], **columns}, subjects]))
    assert unpack(foreign) == given_block


def test_codes_of_all_metrics_leave_room_for_the_subject() -> None:
    columns = {Subjects().column_of(metric.name) for metric in METRICS}
    assert columns == {metric.code for metric in METRICS}
    assert {name_of(column, ()) for column in columns} == set(BY_NAME)
    assert max(columns) < 256
