"""Packed blocks: what was put in comes out, to the metrics' steps, and it is small."""

from __future__ import annotations

import random
import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.domain.packing import pack, unpack
from tests.fakes.reports import NOW, block
from wire.messages import Block, Series
from wire.metrics import BY_NAME, METRICS, Metric, to_step

SMALL_BYTES = 700


def _values(metric: Metric) -> st.SearchStrategy[float | None]:
    """Any value in bounds, the bounds themselves and values near zero more often than chance has it."""
    whole = st.integers(int(metric.minimum), int(metric.maximum)).map(float)
    bounds = st.sampled_from([float(metric.minimum), float(metric.maximum), 0.0])
    near = st.integers(-20, 20).map(lambda steps: min(max(steps * metric.step, metric.minimum), 20.0))
    return st.none() | st.floats(metric.minimum, metric.maximum) | whole | bounds | near


@st.composite
def blocks(draw: st.DrawFn, samples_max: int = 40) -> Block:
    count = draw(st.integers(1, samples_max))
    steps = draw(st.lists(st.integers(1, 10**9), min_size=count, max_size=count))
    begin, at = draw(st.integers(0, 10**13)), []
    for step in steps:
        begin += step
        at.append(begin / 1000)
    metrics = draw(st.lists(st.sampled_from(METRICS), unique=True))
    columns = [
        Series(metric.name, tuple(draw(st.lists(_values(metric), min_size=count, max_size=count))))
        for metric in metrics
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


def test_five_minutes_of_all_metrics_leave_room_in_a_kilobyte() -> None:
    given_block = walk(30)
    assert {series.metric for series in given_block.series} == set(BY_NAME)
    assert len(pack(given_block)) < SMALL_BYTES


def test_metrics_that_are_no_longer_in_the_table_are_left_out() -> None:
    given_block = block([NOW, NOW + 10], {"cpu_load_pct": [1.0, 2.0]})
    start, at, columns = msgspec.msgpack.decode(zlib.decompress(pack(given_block)))
    foreign = zlib.compress(msgspec.msgpack.encode([start, at, {60_000: columns[1], **columns}]))
    assert unpack(foreign) == given_block
