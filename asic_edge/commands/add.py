"""`asic-edge add`: checks that a device answers and is what was said, and puts it into the roster."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path

from asic_edge.commands import console
from asic_edge.commands.asking import asking
from asic_edge.commands.console import Person
from asic_edge.commands.words import FAILED, GOOD, IN_PART, USAGE, rate
from asic_edge.discovery.ranges import OUTSIDE, refusal
from asic_edge.errands.admitting import lacks_login, sighting_of
from asic_edge.names import is_called
from asic_edge.roster.entries import RosterError, Words
from asic_edge.roster.matching import Fate, Outcome, admit
from asic_edge.roster.store import changing
from asic_edge.roster.table_file import checked_words
from asic_edge.snapshot import Identity, NoAnswer, Snapshot
from asic_edge.ways import Known

ANY = "any"


@dataclass(frozen=True)
class Wish:
    """What was given on the command line; None was not."""

    kind: str | None
    address: str | None
    name: str = ""
    place: str = ""
    client: str = ""
    tags: str = ""
    public: bool = False


def add(folder: Path, wish: Wish, person: Person) -> int:
    """Exit code; raises SettingsError and RosterError with a sentence for the person."""
    given = _completed(wish, person)
    if given is None:
        return USAGE
    kind, address = given
    words = checked_words(wish.name, wish.place, wish.client, wish.tags)
    known, read = asyncio.run(_looked_at(folder, address, kind))
    if isinstance(known, NoAnswer):
        console.warn(f"{address} {known.reason}.")
        return FAILED
    if not _is(known.identity, kind):
        console.warn(
            f"{address} is {described(known.identity)}, not what was said ({kind}). Nothing was added."
        )
        return FAILED
    if isinstance(read, NoAnswer):
        console.warn(f"{address} is {described(known.identity)}, but it {read.reason}. Nothing was added.")
        return FAILED
    return _admitted(folder, known, read, words)


def described(identity: Identity) -> str:
    """For example "an Antminer S19 Pro"."""
    name = " ".join(each for each in (identity.make, identity.model) if each) or "unknown device"
    return f"{'an' if name[0].upper() in 'AEIOU' else 'a'} {name}"


def what_to_do(outcome: Outcome) -> str:
    """A sentence that follows an outcome, "" where there is nothing to do."""
    if outcome.fate is not Fate.ASKED:
        return ""
    return "Is it the same machine? Answer with: asic-edge same NUMBER, or asic-edge different NUMBER."


async def _looked_at(folder: Path, address: str, kind: str) -> tuple[Known | NoAnswer, Snapshot | NoAnswer]:
    async with asking(folder) as devices:
        known = await devices.identified(address)
        if isinstance(known, NoAnswer):
            return known, known
        if not _is(known.identity, kind):
            return known, NoAnswer("was not read")
        return known, await devices.read(known)


def _is(identity: Identity, kind: str) -> bool:
    return kind.lower() == ANY or is_called(identity.make, identity.model, kind)


def _completed(wish: Wish, person: Person) -> tuple[str, str] | None:
    """Type and address, asked for where they lack; None, with words, when nobody can be asked."""
    if not person.is_there():
        missing = [name for name, given in (("--type", wish.kind), ("--ip", wish.address)) if not given]
        if missing:
            console.warn(f"Missing: {' and '.join(missing)}. For example: --type antminer --ip 192.168.1.20")
            return None
    address = wish.address or person.ask("Address of the device: ")
    kind = wish.kind or person.ask("Make or model, such as antminer (Enter: whatever it is): ") or ANY
    return kind, checked_address(address, public=wish.public)


def checked_address(text: str, *, public: bool) -> str:
    """Before anything is asked there. Raises RosterError with a sentence for the person."""
    try:
        address = IPv4Address(text)
    except AddressValueError as error:
        raise RosterError(f"{text[:40]!r} is no IPv4 address; write it as 192.168.1.20.") from error
    if reason := refusal(address, public=public):
        more = "; if the device there is yours, add --public" if reason == OUTSIDE else ""
        raise RosterError(f"{address} {reason}{more}.")
    return str(address)


def _admitted(folder: Path, known: Known, read: Snapshot, words: Words) -> int:
    with changing(folder) as roster:
        outcome = admit(roster, sighting_of(known, read, round(time.time(), 3)), words)
    identity = read.identity
    if outcome.fate is Fate.ASKED:
        console.say(f"{identity.address}, {described(identity)}, {outcome.text}.")
        console.say(what_to_do(outcome))
        return IN_PART
    name = outcome.entry.name if outcome.entry else ""
    hashrate = rate(read.hashrate, read.unit)
    console.say(f"{name} {outcome.text}: {described(identity)} at {identity.address}, {hashrate}.")
    if lacks_login(read):
        console.say(f"Give its login, to read all of it: asic-edge credentials --range {identity.address}")
    return FAILED if outcome.fate is Fate.TWICE else GOOD
