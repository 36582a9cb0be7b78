"""Which login is for which device."""

from __future__ import annotations

from pathlib import Path

import pytest

from asic_edge.login import Login
from asic_edge.settings.folder import SettingsError
from asic_edge.settings.logins import MOST_RULES, Rules, for_model, for_range, load_rules, save_rules
from asic_edge.snapshot import Identity

DEVICE = Identity("10.0.0.5", "Antminer", "S19 Pro")


def login(name: str) -> Login:
    return Login(name, "secret")


RULES = Rules(
    (
        for_model("antminer", login("make")),
        for_model("S19 Pro", login("model")),
        for_range("10.0.0.0/24", ["10.0.0.1", "10.0.0.254"], login("wide")),
        for_range("10.0.0.5", ["10.0.0.5"], login("narrow")),
    )
)


@pytest.mark.parametrize(
    ("identity", "user"),
    [
        (DEVICE, "narrow"),
        (Identity("10.0.0.6", "Antminer", "S19 Pro"), "wide"),
        (Identity("10.0.0.6"), "wide"),
        (Identity("10.0.1.6", "Antminer", "S19 Pro"), "model"),
        (Identity("10.0.1.6", "Antminer", "S21"), "make"),
        (Identity("10.0.1.6", "Bitaxe", "Gamma"), None),
        (Identity("10.0.1.6"), None),
    ],
)
def test_the_narrowest_counts(identity: Identity, user: str | None) -> None:
    found = RULES.login_of(identity)
    assert (found and found.user) == user


def test_one_for_the_same_replaces_it_and_can_be_forgotten(tmp_path: Path) -> None:
    rules = RULES.having(for_model("Antminer", login("new")))
    assert len(rules.rules) == len(RULES.rules)
    save_rules(tmp_path, rules.without("10.0.0.5").without("10.0.0.0/24").without("s19 pro"))
    found = load_rules(tmp_path).login_of(DEVICE)
    assert found == login("new")


def test_none_was_ever_given(tmp_path: Path) -> None:
    assert load_rules(tmp_path).login_of(DEVICE) is None


def test_there_are_so_many_and_no_more() -> None:
    rules = Rules(tuple(for_model(f"m{n}", login("x")) for n in range(MOST_RULES)))
    with pytest.raises(SettingsError, match="200 ranges and models already"):
        rules.having(for_model("one more", login("x")))
