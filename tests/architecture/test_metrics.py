"""The table of metrics: names that tell the unit, units that fit, bounds that mean something."""

from __future__ import annotations

import math
import re
from typing import Annotated, get_args, get_origin

import msgspec
import pytest

from wire.messages import Series
from wire.metrics import BY_NAME, METRICS, Metric, RollUp, misreading

UNIT_OF_SUFFIX = {
    "pct": "%",
    "c": "°C",
    "hz": "Hz",
    "s": "s",
    "hs": "H/s",
    "sols": "Sol/s",
    "w": "W",
    "rpm": "rpm",
    "bytes": "B",
    "v": "V",
    "bps": "B/s",
}
DIMENSIONLESS = {
    "load_1min",
    "gpu_hashrate",
    "hashrate",
    "accepted_shares",
    "rejected_shares",
    "readings",
    "board_hashrate",
    "board_chips",
    "average_hashrate",
    "expected_hashrate",
}
"""Names that end in no unit, because their value has none, or the algorithm's."""
OVER_FULL = {"gpu_fan_pct"}
"""Percentages of a nominal speed that some drivers let a fan exceed."""
COLDEST_C = -273.15

each = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)


def test_names_are_unique() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS) == len(BY_NAME)
    assert [BY_NAME[metric.name] for metric in METRICS] == list(METRICS)


def test_labels_are_unique() -> None:
    assert len({metric.label for metric in METRICS}) == len(METRICS)


@each
def test_name_is_a_plain_word_that_fits_the_protocol(metric: Metric) -> None:
    (bound,) = [
        meta.max_length
        for meta in get_args(msgspec.structs.fields(Series)[0].type)
        if isinstance(meta, msgspec.Meta)
    ]
    assert bound is not None
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", metric.name)
    assert len(metric.name) <= bound
    assert get_origin(msgspec.structs.fields(Series)[0].type) is Annotated


@each
def test_name_ends_in_its_unit(metric: Metric) -> None:
    if metric.name in DIMENSIONLESS:
        assert metric.unit == ""
    else:
        assert metric.unit == UNIT_OF_SUFFIX[metric.name.rpartition("_")[2]]


def test_declared_exceptions_are_still_needed() -> None:
    assert set(BY_NAME) >= DIMENSIONLESS


@each
def test_bounds_are_finite_and_leave_room(metric: Metric) -> None:
    assert math.isfinite(metric.minimum)
    assert math.isfinite(metric.maximum)
    assert metric.minimum < metric.maximum


@each
def test_bounds_fit_the_unit(metric: Metric) -> None:
    if metric.unit == "%":
        assert (metric.minimum, metric.maximum) == (0, 200 if metric.name in OVER_FULL else 100)
    elif metric.unit == "°C":
        assert COLDEST_C < metric.minimum <= 0 < metric.maximum <= 300
    else:
        assert metric.minimum == 0


@each
def test_bounds_are_inclusive_and_hold(metric: Metric) -> None:
    assert misreading(metric, metric.minimum) is None
    assert misreading(metric, metric.maximum) is None
    for value in (metric.minimum - 0.01, metric.maximum * 1.01, math.nan, math.inf, -math.inf):
        assert misreading(metric, value) is not None


@each
def test_row_explains_itself_to_people(metric: Metric) -> None:
    assert metric.label[0].isupper()
    assert len(metric.label) <= 30
    assert metric.help[0].isupper()
    assert metric.help.endswith(".")
    assert metric.help.rstrip(".") != metric.label


def test_temperatures_keep_their_peak() -> None:
    folded = {metric.name: metric.roll_up for metric in METRICS if metric.unit == "°C"}
    assert set(folded.values()) <= {RollUp.MAX}
