"""Names by a rule."""

from __future__ import annotations

import pytest

from asic_edge.roster.entries import RosterError
from asic_edge.roster.naming import USUAL_RULE, checked_rule, name_by
from asic_edge.snapshot import Identity

DEVICE = Identity("192.168.7.20", "Antminer", "S19 Pro", mac="02:00:00:AA:BB:CC", hostname="ant 1")


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (USUAL_RULE, "S19-Pro-7-20"),
        ("{model}-{ip4}", "S19-Pro-20"),
        ("{place}/{make}_{mac6}", "A-01/Antminer_AABBCC"),
        ("{ip1}.{ip2}.{ip3}.{ip4}", "192.168.7.20"),
        ("{hostname} {mac}", "ant-1-020000AABBCC"),
    ],
)
def test_each_field(rule: str, name: str) -> None:
    assert name_by(checked_rule(rule), DEVICE, "A-01") == name


def test_what_is_not_known_is_said_to_be_so() -> None:
    assert name_by("{model}-{mac6}", Identity("10.0.0.1")) == "unknown-unknown"


@pytest.mark.parametrize(
    "rule", ["", "rack", "{model.__class__}", "{", "{ip4}}", "{}", "{ip5}", "{ip4}" * 40, "{ip4}\n"]
)
def test_a_rule_that_cannot_be(rule: str) -> None:
    with pytest.raises(RosterError):
        checked_rule(rule)
