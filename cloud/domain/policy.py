"""The numbers that an operator may choose, in one place; settings fill them in."""

from __future__ import annotations

from dataclasses import dataclass

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Policy:
    """Seconds unless the name says otherwise."""

    sample_interval_s: float = 10
    report_interval_s: float = 60
    session_s: int = 30 * DAY_S
    ticket_s: int = 30
    watch_s: int = 90
    outage_min_s: float = 90
    """A longer silence of the commander's own beat, which AWS keeps each minute, was an outage."""
    blocks_kept_s: int = 8 * DAY_S
    hours_kept_s: int = 100 * DAY_S
    days_kept_s: int = 800 * DAY_S
    late_after_s: int = 600
    bin_s: int = 7 * DAY_S
    erased_token_s: int = 90 * DAY_S
    events_kept_s: int = 90 * DAY_S
    reports_per_s: float = 2
    reports_burst: int = 60
    requests_per_s: float = 20
    requests_burst: int = 600
    """Of one person or API token, and of one address where nobody is signed in."""
    invitation_s: int = 7 * DAY_S
    reset_s: int = 3600
    provider_trip_s: int = 600
    members_per_farm_max: int = 200
    farms_per_person_max: int = 50
    api_tokens_per_farm_max: int = 200
    api_tokens_per_member_max: int = 20
    machines_per_farm_max: int = 20_000
