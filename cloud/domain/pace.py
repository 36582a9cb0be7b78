"""How often agents are asked to report, and after how much silence a machine is late or offline."""

from __future__ import annotations

from msgspec.structs import replace

from cloud.domain.policy import Policy
from wire.live import FarmSettings, Pace

INTERVAL_MIN_S, INTERVAL_MAX_S = 10, 3600
"""What a farm can choose; what a report says beyond the longest does not count."""
LATE_INTERVALS = 1.5
OFFLINE_INTERVALS = 2.5
OFFLINE_MIN_S = 30.0
MARGIN = 1.2
"""A limit below this share of the interval would call every machine late between two reports."""
SAMPLES_PER_REPORT = 6
WATCHED_INTERVAL_S = 5.0
"""Sampling and reporting of a machine that is on somebody's screen."""


def pace_of(policy: Policy, settings: FarmSettings) -> Pace:
    """What a farm's settings come to; limits that a longer default has outgrown are lifted."""
    pace = chosen_pace(policy, settings)
    late_s = max(pace.late_after_s, MARGIN * pace.report_interval_s)
    return replace(pace, late_after_s=late_s, offline_after_s=max(pace.offline_after_s, late_s))


def chosen_pace(policy: Policy, settings: FarmSettings) -> Pace:
    """The settings as they are, defaults filled in. Slow reports carry fewer samples, and so stay cheap."""
    own_s, late_s, offline_s = settings.report_interval_s, settings.late_after_s, settings.offline_after_s
    report_s = policy.report_interval_s if own_s is None else own_s
    sample_s = min(report_s, max(policy.sample_interval_s, report_s / SAMPLES_PER_REPORT))
    return Pace(
        sample_interval_s=sample_s,
        report_interval_s=report_s,
        late_after_s=LATE_INTERVALS * report_s if late_s is None else late_s,
        offline_after_s=max(OFFLINE_INTERVALS * report_s, OFFLINE_MIN_S) if offline_s is None else offline_s,
    )


def asked_of(pace: Pace, *, visible: bool) -> tuple[float, float]:
    """Seconds between samples and between reports that an agent is asked for."""
    if not visible:
        return pace.sample_interval_s, pace.report_interval_s
    return min(WATCHED_INTERVAL_S, pace.sample_interval_s), min(WATCHED_INTERVAL_S, pace.report_interval_s)
