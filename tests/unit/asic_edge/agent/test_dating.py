"""Times by the commander's clock, whatever the own one does."""

from __future__ import annotations

import pytest

from asic_edge.agent.dating import Dating
from wire.uplink.clock import Moment

START = Moment(1_000.0, 50.0)


def test_until_it_is_known_the_clock_of_the_start_counts() -> None:
    dating = Dating(START)
    assert dating.corrected(Moment(1_030.0, 80.0)) == 1_030.0
    assert not dating.known


def test_a_clock_that_is_set_meanwhile_is_followed() -> None:
    dating = Dating(START)
    assert dating.wall_jumped(Moment(1_031.0, 80.0)) == 0.0
    assert dating.wall_jumped(Moment(9_030.0, 80.0)) == 8_000.0
    assert dating.corrected(Moment(9_040.0, 90.0)) == 9_040.0


def test_the_first_exchange_says_by_how_much_all_was_wrong() -> None:
    dating = Dating(START, recalled_offset_s=100.0)
    assert dating.corrected(START) == 1_100.0
    sent = Moment(1_010.0, 60.0)
    assert dating.learn(sent, sent, 2_000.0) == pytest.approx(890.0)
    assert dating.learn(sent, sent, 2_000.5) == 0.0
    assert dating.wall_jumped(Moment(5_000.0, 61.0)) == 0.0
    assert dating.corrected(Moment(5_000.0, 61.0)) == pytest.approx(2_001.5)
