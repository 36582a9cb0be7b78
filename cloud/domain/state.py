"""When silence means something: late after 1.5 intervals, offline after 2.5 intervals and at least 30 s."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.domain.records import Outage

LATE_INTERVALS = 1.5
OFFLINE_INTERVALS = 2.5
OFFLINE_MIN_S = 30.0


def late_at(received_at: float, interval_s: float, outages: Sequence[Outage] = ()) -> float:
    """Epoch seconds from which a machine without a further report is late."""
    return _deadline(received_at, LATE_INTERVALS * interval_s, outages)


def offline_at(received_at: float, interval_s: float, outages: Sequence[Outage] = ()) -> float:
    """Epoch seconds from which a machine without a further report is offline."""
    return _deadline(received_at, max(OFFLINE_INTERVALS * interval_s, OFFLINE_MIN_S), outages)


def gap_s(interval_s: float) -> float:
    """Samples further apart than this are not joined by a line."""
    return max(OFFLINE_INTERVALS * interval_s, OFFLINE_MIN_S)


def _deadline(received_at: float, limit_s: float, outages: Sequence[Outage]) -> float:
    """While the commander was away nobody could report: who was in time then has the whole limit anew."""
    deadline = received_at + limit_s
    for outage in outages:
        if received_at < outage.to_at and deadline > outage.from_at:
            deadline = max(deadline, outage.to_at + limit_s)
    return deadline
