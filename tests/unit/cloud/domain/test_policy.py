"""The numbers that hold unless an operator chooses others."""

from __future__ import annotations

import dataclasses

from cloud.domain.policy import DAY_S, Policy


def test_defaults_are_those_of_the_design() -> None:
    assert dataclasses.asdict(Policy()) == {
        "sample_interval_s": 10,
        "report_interval_s": 60,
        "session_s": 30 * DAY_S,
        "ticket_s": 30,
        "watch_s": 90,
        "outage_min_s": 90,
        "blocks_kept_s": 8 * DAY_S,
        "hours_kept_s": 100 * DAY_S,
        "days_kept_s": 800 * DAY_S,
        "late_after_s": 600,
        "reports_per_s": 2,
        "reports_burst": 60,
        "requests_per_s": 20,
        "requests_burst": 600,
        "invitation_s": 7 * DAY_S,
        "reset_s": 3600,
        "provider_trip_s": 600,
        "members_per_farm_max": 200,
        "farms_per_person_max": 50,
        "api_tokens_per_farm_max": 200,
        "api_tokens_per_member_max": 20,
        "machines_per_farm_max": 20_000,
        "bin_s": 7 * DAY_S,
        "erased_token_s": 90 * DAY_S,
        "events_kept_s": 90 * DAY_S,
    }
