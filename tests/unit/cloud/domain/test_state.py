"""When silence means something."""

from __future__ import annotations

import pytest

from cloud.domain import state


@pytest.mark.parametrize(
    ("interval_s", "late_s", "offline_s"),
    [(5, 7.5, 30), (10, 15, 30), (12, 18, 30), (60, 90, 150), (360, 540, 900)],
)
def test_late_after_one_and_a_half_intervals_offline_after_two_and_a_half(
    interval_s: float, late_s: float, offline_s: float
) -> None:
    assert state.late_at(1000, interval_s) == 1000 + late_s
    assert state.offline_at(1000, interval_s) == 1000 + offline_s
    assert state.gap_s(interval_s) == offline_s
