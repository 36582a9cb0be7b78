"""A block has room for so much time and so many samples, at whatever cadence they come."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.messages import Block, Series
from wire.uplink.blocks import MANY_VALUES_MAX, SAMPLES_MAX, Room, block_of, room_of, samples_of


@pytest.mark.parametrize(
    ("series", "sample_s", "report_s", "room"),
    [
        (10, 10, 60, Room(300, 42)),
        (10, 5, 5, Room(180, 42)),
        (10, 60, 360, Room(300, 42)),
        (1, 10, 60, Room(300, 420)),
        (35, 10, 60, Room(120, 12)),
        (36, 10, 60, Room(300, 50)),
        (97, 10, 60, Room(180, 18)),
        (97, 5, 5, Room(60, 18)),
        (20, 5, 5, Room(60, 21)),
        (1000, 10, 60, Room(60, 6)),
        (0, 1, 1, Room(300, 420)),
    ],
)
def test_room(series: int, sample_s: float, report_s: float, room: Room) -> None:
    assert room_of(series, sample_s, report_s) == room


@pytest.mark.parametrize("series", range(1, 1001, 37))
@pytest.mark.parametrize("sample_s", [1, 5, 10, 60, 3600])
def test_at_an_even_cadence_the_time_is_over_before_the_room(series: int, sample_s: float) -> None:
    room = room_of(series, sample_s, 60)
    assert room.seconds / sample_s <= room.samples <= SAMPLES_MAX
    assert room.samples * series <= MANY_VALUES_MAX or room.samples == math.ceil(60 / sample_s)


@given(
    st.dictionaries(
        st.integers(0, 10**12),
        st.dictionaries(
            st.sampled_from(["load_1min", "gpu_power_w@gpu-1", "gpu_power_w@gpu-2"]),
            st.floats(0, 100),
            min_size=1,
        ),
        min_size=1,
    )
)
def test_samples_come_back_with_each_subject_apart(taken: dict[int, dict[str, float]]) -> None:
    samples = sorted(taken.items())
    block = block_of(samples)
    assert samples_of(block) == samples
    assert {series.name for series in block.series} == {name for _, values in samples for name in values}


def test_names_of_series_are_split() -> None:
    block = block_of([(1000, {"load_1min": 1.0, "hashrate@kheavyhash/v2": 2.0}), (2500, {"load_1min": 3.0})])
    own, mined = Series("load_1min", (1.0, 3.0)), Series("hashrate", (2.0, None), "kheavyhash/v2")
    assert block == Block((1.0, 2.5), (own, mined))
