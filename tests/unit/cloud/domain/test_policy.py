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
        "history_s": 30 * DAY_S,
        "revoked_token_s": 90 * DAY_S,
    }
