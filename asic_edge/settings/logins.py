"""The logins that a person gave for devices, by range or by model, in a file of its user alone."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

import msgspec

from asic_edge.login import Login
from asic_edge.names import is_called
from asic_edge.settings.files import load, save
from asic_edge.settings.folder import SettingsError
from asic_edge.snapshot import Identity

NAME: Final = "logins.json"
MOST_RULES: Final = 200
LONGEST: Final = 128


class Rule(msgspec.Struct, frozen=True, omit_defaults=True):
    """For addresses from `first` to `last`, or for a make or model. `of`: as it was written."""

    of: str
    login: Login
    first: str = ""
    last: str = ""
    model: str = ""

    @property
    def width(self) -> int:
        """Of its range; the narrower one counts."""
        return int(IPv4Address(self.last)) - int(IPv4Address(self.first))

    def fits(self, identity: Identity) -> bool:
        """Whether it is for this device."""
        if not self.first:
            return is_called(identity.make, identity.model, self.model)
        return IPv4Address(self.first) <= IPv4Address(identity.address) <= IPv4Address(self.last)


class Rules(msgspec.Struct, frozen=True):
    """All of them; a range counts before a model, a narrow one before a wide one, a model before a make."""

    rules: tuple[Rule, ...] = ()

    def login_of(self, identity: Identity) -> Login | None:
        """What was given for this device."""
        fitting = [each for each in self.rules if each.fits(identity)]
        ranges = sorted((each for each in fitting if each.first), key=lambda each: each.width)
        models = [each for each in fitting if each.model]
        models.sort(key=lambda each: is_called(identity.make, None, each.model))
        return next((each.login for each in (*ranges, *models)), None)

    def without(self, of: str) -> Rules:
        """The others."""
        return Rules(tuple(each for each in self.rules if each.of.lower() != of.lower()))

    def having(self, rule: Rule) -> Rules:
        """With one more; it replaces one for the same. Raises SettingsError above `MOST_RULES`."""
        rules = (*self.without(rule.of).rules, rule)
        if len(rules) > MOST_RULES:
            raise SettingsError(f"There are logins for {MOST_RULES} ranges and models already; forget some.")
        return Rules(rules)


def for_range(of: str, addresses: Sequence[str], login: Login) -> Rule:
    """`addresses`: those of one range, ascending."""
    return Rule(of, login, first=addresses[0], last=addresses[-1])


def for_model(of: str, login: Login) -> Rule:
    """`of`: a make, a model, or both: "Antminer", "S19 Pro", "Antminer S19 Pro"."""
    return Rule(of, login, model=of)


def load_rules(folder: Path) -> Rules:
    """None given: empty. Raises SettingsError."""
    found = load(folder / NAME, Rules, f"Remove it, and give the logins again: {folder / NAME}")
    return found or Rules()


def save_rules(folder: Path, rules: Rules) -> None:
    """Raises SettingsError."""
    save(folder / NAME, rules)
