"""Settings, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cloud.domain.policy import DAY_S, Policy


class SettingsError(Exception):
    """A setting cannot be used; the message names it and says what it must be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the commander is reached, and the numbers that its operator chose."""

    public_url: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: the variable, the policy's field, the unit it is given in, and its bounds."""

    variable: str
    field: str
    unit: str
    least: float
    most: float
    factor: float = 1
    whole: bool = False


SETTINGS = (
    Setting("RIG_SAMPLE_INTERVAL_S", "sample_interval_s", "seconds", 1, 3600),
    Setting("RIG_REPORT_INTERVAL_S", "report_interval_s", "seconds", 1, 3600),
    Setting("RIG_SAMPLES_KEPT_DAYS", "blocks_kept_s", "days", 1, 3650, DAY_S, whole=True),
    Setting("RIG_HOURS_KEPT_DAYS", "hours_kept_s", "days", 8, 3650, DAY_S, whole=True),
    Setting("RIG_DAYS_KEPT_DAYS", "days_kept_s", "days", 31, 36500, DAY_S, whole=True),
    Setting("RIG_REPORTS_PER_S", "reports_per_s", "reports a second", 0.1, 1000),
    Setting("RIG_REPORTS_BURST", "reports_burst", "reports", 1, 100_000, whole=True),
    Setting("RIG_MACHINES_PER_FARM", "machines_per_farm_max", "machines", 1, 1_000_000, whole=True),
)


def read_settings(environment: Mapping[str, str], public_url: str, defaults: Policy) -> Settings:
    """The rows of SETTINGS that are set override `defaults`; raises SettingsError."""
    chosen: dict[str, Any] = {
        setting.field: _number(setting, text)
        for setting in SETTINGS
        if (text := environment.get(setting.variable))
    }
    policy = replace(defaults, **chosen)
    if "sample_interval_s" not in chosen:
        policy = replace(policy, sample_interval_s=min(policy.sample_interval_s, policy.report_interval_s))
    if policy.sample_interval_s > policy.report_interval_s:
        raise SettingsError("RIG_SAMPLE_INTERVAL_S must not be longer than RIG_REPORT_INTERVAL_S.")
    return Settings(public_url, policy)


def _number(setting: Setting, text: str) -> float | int:
    try:
        value = int(text) if setting.whole else float(text)
    except ValueError:
        value = -1
    if not setting.least <= value <= setting.most:
        kind = "a whole number" if setting.whole else "a number"
        bounds = f"{setting.least:,g} to {setting.most:,g}"
        raise SettingsError(f"{setting.variable}={text!r} must be {kind} of {setting.unit}, {bounds}.")
    return value * setting.factor if not setting.whole else int(value * setting.factor)
