"""The table of metrics is consistent, and values outside its bounds are told apart."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.metrics import BY_NAME, METRICS, Metric, misreading


def test_names_are_unique_and_bounds_in_order() -> None:
    assert len(BY_NAME) == len(METRICS)
    assert all(metric.minimum < metric.maximum for metric in METRICS)
    assert all(metric.label and metric.help.endswith(".") for metric in METRICS)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_bounds_are_inclusive(metric: Metric) -> None:
    assert misreading(metric, metric.minimum) is None
    assert misreading(metric, metric.maximum) is None
    assert misreading(metric, math.nextafter(metric.maximum, math.inf)) is not None
    assert misreading(metric, math.nextafter(metric.minimum, -math.inf)) is not None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_a_misreading(value: float) -> None:
    assert misreading(METRICS[0], value) == "is not a finite number"


@given(st.sampled_from(METRICS), st.floats())
def test_a_value_is_believed_exactly_within_bounds(metric: Metric, value: float) -> None:
    assert (misreading(metric, value) is None) == (metric.minimum <= value <= metric.maximum)
