"""docs/settings.md says what the program does."""

from __future__ import annotations

import re

import pytest

from cloud.__main__ import LOCAL_POLICY
from cloud.domain.policy import Policy
from cloud.settings import MAIL_SETTINGS, OIDC_SETTINGS, PUBLIC_URL, SETTINGS, Setting
from tests.architecture.sources import ROOT

ROWS = {
    row[0].strip("`"): row
    for line in (ROOT / "docs" / "settings.md").read_text().splitlines()
    if len(row := [cell.strip() for cell in line.strip("|").split("|")]) == 6
}


def test_every_setting_has_its_row_and_no_row_is_of_nothing() -> None:
    documented = {name for name in ROWS if name.startswith("RIG_")}
    assert documented == {setting.variable for setting in SETTINGS}


def test_every_text_has_its_row_and_no_row_is_of_nothing() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    documented = re.findall(r"^\| `(RIG_\w+)` (?:\|[^|]+){2}\|$", page, re.MULTILINE)
    assert sorted(documented) == sorted(row.variable for row in (*OIDC_SETTINGS, *MAIL_SETTINGS, PUBLIC_URL))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.variable)
def test_unit_bounds_and_defaults(setting: Setting) -> None:
    _, _, unit, bounds, default, local = ROWS[setting.variable]
    assert unit == setting.unit
    assert _numbers(bounds) == [setting.least, setting.most]
    assert _numbers(default) == [getattr(Policy(), setting.field) / setting.factor]
    assert _numbers(local) == [getattr(LOCAL_POLICY, setting.field) / setting.factor]


def _numbers(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in re.findall(r"[\d,.]+", text)]
