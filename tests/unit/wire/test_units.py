"""Quantities of mining programs become base units or are refused, never guessed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.units import UnknownUnit, read_quantity

PREFIXES = {"": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18, "Z": 21}


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("14.2 TH/s", 14.2e12, "H/s"),
        ("14.2TH/s", 14.2e12, "H/s"),
        ("950 KH/s", 950e3, "H/s"),
        ("30 Sol/s", 30.0, "Sol/s"),
        ("1.2 kW", 1200.0, "W"),
        ("65C", 65.0, "°C"),
        ("-3.5 °C", -3.5, "°C"),
        ("80%", 80.0, "%"),
        ("2400 RPM", 2400.0, "rpm"),
    ],
)
def test_known_quantities_are_read(text: str, value: float, unit: str) -> None:
    quantity = read_quantity(text)
    assert quantity.value == pytest.approx(value)
    assert quantity.unit == unit


@pytest.mark.parametrize(
    "text", ["", "14", "TH/s", "nan H/s", "inf W", "1 mW", "1 Th/s", "1 h/s", "1 kC", "1e308 ZH/s", "1 H/s 2"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UnknownUnit):
        read_quantity(text)


@given(
    st.floats(min_value=0, max_value=1e6, allow_nan=False),
    st.sampled_from(sorted(PREFIXES)),
    st.sampled_from(["H/s", "Sol/s", "W", "Hz"]),
)
def test_a_prefix_is_a_power_of_a_thousand(number: float, prefix: str, unit: str) -> None:
    quantity = read_quantity(f"{number!r} {prefix}{unit}")
    assert quantity.unit == unit
    assert math.isclose(quantity.value, number * 10.0 ** PREFIXES[prefix])


@given(st.text())
def test_any_text_gives_a_finite_quantity_or_unknown_unit(text: str) -> None:
    try:
        quantity = read_quantity(text)
    except UnknownUnit:
        return
    assert math.isfinite(quantity.value)
