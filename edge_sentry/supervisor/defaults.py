"""Every threshold by which the supervisor acts, in one table."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

Seconds = Annotated[float, Meta(ge=0)]


class Limit(NamedTuple):
    """How often a row may restart: `most` times within `within_s`.

    Without `within_s`: `most` times until the symptom has stayed away for `Defaults.well_s`.
    """

    most: int
    within_s: float | None = None


class Defaults(msgspec.Struct, frozen=True, kw_only=True):
    """The values that hold where nobody says otherwise. Durations are by the steady clock."""

    # Process exited: pauses before the next starts; so many exits in such a time are a crash loop.
    back_off_s: tuple[Seconds, ...] = (3.0, 10.0, 30.0, 60.0, 120.0)
    crash_loop_exits: int = 5
    crash_loop_within_s: Seconds = 600.0
    crash_loop_retry_s: Seconds = 600.0

    # API silent while the process lives. While its devices still work hard, only an alert for a time.
    warm_up_s: Seconds = 90.0
    longest_warm_up_s: Seconds = 180.0
    api_silent_s: Seconds = 120.0
    busy_load_pct: float = 50.0
    api_silent_busy_s: Seconds = 300.0
    # It answers, but not in words that we understand: never a reason to restart.
    api_unreadable_s: Seconds = 120.0
    # It says that it paused itself.
    miner_paused_s: Seconds = 600.0

    # No hashrate on any device; none on one GPU while others have some.
    no_hashrate_s: Seconds = 180.0
    no_hashrate_limit: Limit = Limit(3, 3600.0)
    gpu_stopped_s: Seconds = 180.0
    gpu_stopped_limit: Limit = Limit(1)

    # Hashrate below its own median of an hour: alert only.
    low_hashrate_share: float = 0.7
    low_hashrate_s: Seconds = 900.0

    # No accepted share for the longer of two times; the second is a multiple of the mean between shares.
    no_shares_s: Seconds = 1800.0
    no_shares_mean_times: float = 10.0
    no_shares_limit: Limit = Limit(1)

    # Rejected among the last so many shares.
    rejects_of_shares: int = 50
    rejects_alert_share: float = 0.1
    rejects_restart_share: float = 0.5
    rejects_limit: Limit = Limit(1)

    # Pool unreachable: alert, never a restart, which could not help.
    pool_unreachable_s: Seconds = 300.0

    # GPU lost, driver hung, process that cannot be killed: a reboot where the owner allows it.
    gpu_lost_s: Seconds = 60.0
    driver_hung_readings: int = 3
    reboot_every_s: Seconds = 7200.0

    # Temperature.
    core_limit_c: float = 90.0
    memory_limit_c: float = 105.0
    too_hot_s: Seconds = 30.0
    resume_below_c: float = 15.0

    # Stop: asked, told, killed; then it counts as one that cannot be killed.
    insist_after_s: Seconds = 5.0
    kill_after_s: Seconds = 15.0
    unkillable_after_s: Seconds = 30.0

    # A program in the way is looked for anew.
    refused_retry_s: Seconds = 30.0

    # Readings farther apart do not belong to one uninterrupted trouble: the rig slept, or we did.
    longest_gap_s: Seconds = 120.0
    well_s: Seconds = 3600.0
