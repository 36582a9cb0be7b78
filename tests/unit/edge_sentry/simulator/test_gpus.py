"""Simulated cards: as many as fit the power, believable, and the same for the same seed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_sentry.agent.sampler import believable
from edge_sentry.simulator.figures import Figures
from edge_sentry.simulator.gpus import Gpus


@given(st.integers(0, 2000), st.floats(0, 1e7), st.floats(100, 1500), st.booleans())
def test_all_that_they_say_can_be_true(index: int, steady: float, watts: float, hot: bool) -> None:
    reading = Gpus(1, index, watts, hot=hot).at(steady)
    assert believable(reading).unread == reading.unread
    assert len({device.device for device in reading.devices}) == len(reading.devices)


@pytest.mark.parametrize(("watts", "count"), [(0, 0), (100, 1), (540, 3), (1300, 7), (9999, 8)])
def test_there_are_as_many_as_the_power_feeds(watts: float, count: int) -> None:
    reading = Gpus(1, 0, watts, hot=False).at(5.0)
    assert len(reading.devices) == count
    power = [value for name, value in reading.values.items() if name.startswith("gpu_power_w@")]
    assert sum(power) == pytest.approx(watts, rel=0.05)


def test_a_seed_has_its_own_cards_and_keeps_them() -> None:
    assert Gpus(1, 0, 500, hot=False).at(0.0).devices == Gpus(1, 0, 500, hot=False).at(9.0).devices
    assert Gpus(1, 0, 500, hot=False).at(0.0).devices != Gpus(1, 1, 500, hot=False).at(0.0).devices


def test_a_rigs_power_holds_that_of_its_cards() -> None:
    reading = next(found for index in range(50) if (found := Figures(1, index).at(0.0)).devices)
    cards = sum(value for name, value in reading.values.items() if name.startswith("gpu_power_w@"))
    assert reading.values["power_w"] > cards > 0
