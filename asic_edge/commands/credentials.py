"""`asic-edge credentials`: takes a login from the terminal, and says whether devices accept it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from asic_edge.commands import console
from asic_edge.commands.asking import asking
from asic_edge.commands.console import Person
from asic_edge.commands.words import FAILED, GOOD, IN_PART, USAGE
from asic_edge.discovery.ranges import RangeError, addresses_of
from asic_edge.errands.admitting import OPEN_MAKES, login_of
from asic_edge.login import Login
from asic_edge.roster.entries import Entry
from asic_edge.roster.store import read_roster
from asic_edge.settings.folder import SettingsError, prepare
from asic_edge.settings.logins import LONGEST, Rule, for_model, for_range, load_rules, save_rules
from asic_edge.snapshot import NoAnswer, Snapshot
from asic_edge.ways import LIBRARY, Known

WORKS: Final = "works"
NOT_NEEDED: Final = "not needed"


@dataclass(frozen=True)
class Wish:
    """What was given on the command line."""

    of_range: str | None = None
    of_model: str | None = None
    forget: bool = False
    public: bool = False


def credentials(folder: Path, wish: Wish, person: Person) -> int:
    """Exit code; raises SettingsError. Without range and model it lists for what logins are kept."""
    of = wish.of_range or wish.of_model
    if of is None:
        return _listed(folder)
    if wish.forget:
        return _forgotten(folder, of)
    if not person.is_there():
        console.warn("Logins are typed at a terminal: a command line or a pipe would leave them lying about.")
        return USAGE
    try:
        rule = _asked(wish, person)
    except RangeError as error:
        console.warn(str(error))
        return USAGE
    prepare(folder)
    save_rules(folder, load_rules(folder).having(rule))
    console.say(f"Kept for {rule.of}, readable by this user alone.")
    return _tried(folder, rule)


def _listed(folder: Path) -> int:
    rules = load_rules(folder).rules
    for each in rules:
        console.say(f"{'range' if each.first else 'model'} {each.of}")
    if not rules:
        console.say("No logins are kept; default ones are tried. Give one with: --range or --model")
    return GOOD


def _forgotten(folder: Path, of: str) -> int:
    rules = load_rules(folder)
    left = rules.without(of)
    if left == rules:
        console.warn(f"No login is kept for {of}.")
        return FAILED
    save_rules(folder, left)
    console.say(f"The login for {of} is forgotten.")
    return GOOD


def _asked(wish: Wish, person: Person) -> Rule:
    """Raises RangeError before anything is asked, SettingsError for what cannot be a login."""
    addresses = addresses_of([wish.of_range], public=wish.public) if wish.of_range else []
    login = Login(person.ask("User: "), person.ask_secret("Password (not shown): "))
    for text in (login.user, login.password):
        if not 0 < len(text) <= LONGEST or not text.isprintable():
            raise SettingsError(f"User and password have 1 to {LONGEST} printable characters.")
    return (
        for_range(wish.of_range, addresses, login) if wish.of_range else for_model(wish.of_model or "", login)
    )


def _tried(folder: Path, rule: Rule) -> int:
    """With the devices of the roster that it is for."""
    entries = [
        each for each in read_roster(folder) if each.address and each.reader and rule.fits(each.identity)
    ]
    if not entries:
        console.say("No device of the roster is meant by it yet.")
        return GOOD
    told = [*zip(entries, asyncio.run(_results(folder, entries)), strict=True)]
    for entry, result in told:
        console.say(f"{entry.name} ({entry.address}): {result}")
    bad = sum(1 for _, result in told if result not in (WORKS, NOT_NEEDED))
    return IN_PART if bad else GOOD


async def _results(folder: Path, entries: list[Entry]) -> list[str]:
    async with asking(folder) as devices:
        known = [Known(each.identity, each.reader or LIBRARY) for each in entries]
        asked = [each for each in known if each.identity.make not in OPEN_MAKES]
        read = dict(zip(asked, await devices.read_all(asked), strict=True))
    return [NOT_NEEDED if each not in read else _result(read[each]) for each in known]


def _result(read: Snapshot | NoAnswer) -> str:
    return read.reason if isinstance(read, NoAnswer) else login_of(read).value.replace("_", " ")
