"""When silence means something: a machine's deadlines, by its farm's pace."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.domain.pace import OFFLINE_INTERVALS, OFFLINE_MIN_S
from cloud.domain.records import Latest, Outage
from wire.live import Pace

RETURN_S = 300.0
"""As long may an agent that could not report rest between two tries, and so learn late that it can."""


def late_at(received_at: float, interval_s: float, pace: Pace, outages: Sequence[Outage] = ()) -> float:
    """Epoch seconds from which a machine without a further report is late."""
    return _deadline(received_at, pace.late_after_s * _slower(interval_s, pace), outages)


def offline_at(received_at: float, interval_s: float, pace: Pace, outages: Sequence[Outage] = ()) -> float:
    """Epoch seconds from which a machine without a further report is offline."""
    return _deadline(received_at, pace.offline_after_s * _slower(interval_s, pace), outages)


SILENT_ROUNDS = 2
"""An ASIC that gave no answer in as many rounds, one after the other, is offline; in fewer, late."""


def deadlines(latest: Latest, pace: Pace, outages: Sequence[Outage] = ()) -> tuple[float, float]:
    """From when it is late, and from when offline. An ASIC that its edge calls silent is so at once."""
    known = (latest.received_at, latest.interval_s, pace, outages)
    if latest.silence is None:
        return late_at(*known), offline_at(*known)
    if latest.silence.rounds < SILENT_ROUNDS:
        return latest.received_at, offline_at(*known)
    return latest.received_at, latest.received_at


def gap_s(interval_s: float) -> float:
    """Samples further apart than this are not joined by a line."""
    return max(OFFLINE_INTERVALS * interval_s, OFFLINE_MIN_S)


def _slower(interval_s: float, pace: Pace) -> float:
    """An agent that does not know of a quicker pace yet is given time by its own."""
    return max(1.0, interval_s / pace.report_interval_s)


def _deadline(received_at: float, limit_s: float, outages: Sequence[Outage]) -> float:
    """While the commander was away nobody could report: who was in time then has the whole limit anew,
    from when it must have noticed that the commander is back.
    """
    deadline = received_at + limit_s
    for outage in outages:
        if received_at < outage.to_at and deadline > outage.from_at:
            deadline = max(deadline, outage.to_at + RETURN_S + limit_s)
    return deadline
