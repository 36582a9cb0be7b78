"""Settings from the environment."""

from __future__ import annotations

import pytest

from cloud.domain.policy import Policy
from cloud.settings import Settings, SettingsError, read_settings

SAMPLE, REPORT = "RIG_SAMPLE_INTERVAL_S", "RIG_REPORT_INTERVAL_S"
URL = "http://127.0.0.1:8080"


def _read(**environment: str) -> Settings:
    return read_settings(environment, URL, Policy(sample_interval_s=10, report_interval_s=60))


def test_nothing_set_gives_the_defaults() -> None:
    assert _read() == Settings(URL, Policy(sample_interval_s=10, report_interval_s=60))
    assert _read(**{SAMPLE: "", REPORT: ""}) == _read()


def test_both_are_read() -> None:
    policy = _read(**{SAMPLE: "2.5", REPORT: "3600"}).policy
    assert (policy.sample_interval_s, policy.report_interval_s) == (2.5, 3600)


def test_shorter_report_interval_shortens_the_default_of_samples() -> None:
    policy = _read(**{REPORT: "4"}).policy
    assert (policy.sample_interval_s, policy.report_interval_s) == (4, 4)


@pytest.mark.parametrize("name", [SAMPLE, REPORT])
@pytest.mark.parametrize("text", ["0", "0.9", "3601", "-5", "x", "nan", "inf", "1,5", " ", "1e9", "5s"])
def test_unusable_number_is_named_with_what_it_must_be(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}=.* must be a number of seconds, 1 to 3,600"):
        _read(**{name: text})


def test_samples_further_apart_than_reports_are_refused() -> None:
    with pytest.raises(SettingsError, match="must not be longer"):
        _read(**{SAMPLE: "20", REPORT: "10"})
