"""Reports before their time are kept apart, and are few in any hour."""

from __future__ import annotations

import math

import pytest

from wire.uplink.haste import AN_HOUR, GAP_S, HOUR_S, Haste, gap_s


def test_at_first_nothing_stands_in_the_way() -> None:
    assert Haste().earliest(60) == -math.inf


@pytest.mark.parametrize(("interval_s", "apart_s"), [(360, 10), (60, 10), (10, 10), (5, 5), (1, 1)])
def test_two_reports_keep_apart(interval_s: float, apart_s: float) -> None:
    haste = Haste()
    haste.note(100.0, early=False)
    assert haste.earliest(interval_s) == 100 + apart_s == 100 + gap_s(interval_s)


def test_only_so_many_in_an_hour_and_reports_in_time_do_not_count() -> None:
    haste, at = Haste(), 0.0
    for _ in range(AN_HOUR):
        assert haste.earliest(360) <= at
        haste.note(at, early=True)
        at += 60
        haste.note(at, early=False)
        at += GAP_S
    assert haste.earliest(360) == HOUR_S
    haste.note(HOUR_S, early=True)
    assert haste.earliest(360) == HOUR_S + 60 + GAP_S
