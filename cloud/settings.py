"""Settings, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cloud.domain.policy import Policy


class SettingsError(Exception):
    """A setting cannot be used; the message names it and says what it must be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`sample_interval_s` and `report_interval_s` are the cadence that agents are asked for."""

    public_url: str
    policy: Policy


def read_settings(environment: Mapping[str, str], public_url: str, defaults: Policy) -> Settings:
    """`RIG_SAMPLE_INTERVAL_S` and `RIG_REPORT_INTERVAL_S` (1 to 3600) override `defaults`.

    Raises SettingsError.
    """
    report_s = _seconds(environment, "RIG_REPORT_INTERVAL_S", defaults.report_interval_s)
    sample_s = _seconds(environment, "RIG_SAMPLE_INTERVAL_S", min(defaults.sample_interval_s, report_s))
    if sample_s > report_s:
        raise SettingsError("RIG_SAMPLE_INTERVAL_S must not be longer than RIG_REPORT_INTERVAL_S.")
    return Settings(public_url, Policy(sample_interval_s=sample_s, report_interval_s=report_s))


def _seconds(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 1 <= value <= 3600:
        raise SettingsError(f"{name}={text!r} must be a number of seconds, 1 to 3600.")
    return value
