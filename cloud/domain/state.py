"""When silence means something: late after 1.5 intervals, offline after 2.5 intervals and at least 30 s."""

from __future__ import annotations

LATE_INTERVALS = 1.5
OFFLINE_INTERVALS = 2.5
OFFLINE_MIN_S = 30.0


def late_at(received_at: float, interval_s: float) -> float:
    """Epoch seconds from which a machine without a further report is late."""
    return received_at + LATE_INTERVALS * interval_s


def offline_at(received_at: float, interval_s: float) -> float:
    """Epoch seconds from which a machine without a further report is offline."""
    return received_at + max(OFFLINE_INTERVALS * interval_s, OFFLINE_MIN_S)


def gap_s(interval_s: float) -> float:
    """Samples further apart than this are not joined by a line."""
    return max(OFFLINE_INTERVALS * interval_s, OFFLINE_MIN_S)
