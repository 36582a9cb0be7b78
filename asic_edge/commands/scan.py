"""`asic-edge scan`: finds devices in ranges of addresses, and adds those that are wanted."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

import msgspec

from asic_edge.commands import console
from asic_edge.commands.add import what_to_do
from asic_edge.commands.asking import asking
from asic_edge.commands.words import FAILED, GOOD, IN_PART, INTERRUPTED, USAGE, columns, counted
from asic_edge.discovery.connect import TooManyOpenFiles
from asic_edge.discovery.ranges import RangeError, addresses_of
from asic_edge.discovery.search import Progress, Search, Unidentified, search
from asic_edge.errands.admitting import NOT_ADDED, NOT_READ, Admitted, admitted
from asic_edge.errands.asking import Devices
from asic_edge.names import is_called
from asic_edge.roster.book import Roster
from asic_edge.roster.entries import RosterError, Words
from asic_edge.roster.matching import Fate, Outcome
from asic_edge.roster.naming import USUAL_RULE, checked_rule
from asic_edge.roster.store import changing, read_roster
from asic_edge.roster.table_file import checked_words
from asic_edge.snapshot import Identity, NoAnswer, Snapshot
from asic_edge.ways import Known


@dataclass(frozen=True)
class Wish:
    """What was given on the command line."""

    ranges: tuple[str, ...]
    public: bool = False
    add: bool = False
    makes: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    rule: str = USUAL_RULE
    place: str = ""
    client: str = ""
    tags: str = ""
    as_json: bool = False

    def wants(self, identity: Identity) -> bool:
        """By make and model; none given: all."""
        return _is_one_of(identity, self.makes) and _is_one_of(identity, self.models)


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One device in --json. `fate`: found, added, known, moved, merged, asked, twice, not known, not read,
    not added; `text` says why."""

    address: str
    fate: str
    text: str = ""
    name: str | None = None
    make: str | None = None
    model: str | None = None
    firmware: str | None = None
    mac: str | None = None
    serial: str | None = None


@dataclass
class _Story:
    """What a scan came to, also when it was interrupted."""

    under_way: Search
    read: list[tuple[Known, Snapshot | NoAnswer]] = field(default_factory=list)
    interrupted: bool = False
    seconds: float = 0.0


def scan(folder: Path, wish: Wish) -> int:
    """Exit code; raises SettingsError and RosterError with a sentence for the person."""
    checked_rule(wish.rule)
    words = checked_words("", wish.place, wish.client, wish.tags)
    try:
        addresses = addresses_of(wish.ranges, public=wish.public)
    except RangeError as error:
        console.warn(str(error))
        return USAGE
    story = _Story(Search(addresses))
    try:
        asyncio.run(_run(folder, wish, story))
    except TooManyOpenFiles as error:
        raise RosterError(str(error)) from error
    console.progress("")
    lines = _lines(folder, wish, story, words)
    _tell(wish, story, lines)
    return _code(wish, story, lines)


async def _run(folder: Path, wish: Wish, story: _Story) -> None:
    """Ctrl-C ends it, and what was found is kept."""
    began = time.monotonic()
    try:
        async with asking(folder) as devices:
            await search(story.under_way, devices.ways, devices.gate, on_progress=_show)
            if wish.add:
                await _read(devices, wish, story)
    except asyncio.CancelledError:
        story.interrupted = True
    story.seconds = time.monotonic() - began


async def _read(devices: Devices, wish: Wish, story: _Story) -> None:
    """In full: by what is told then a device is known again."""
    found = sorted(story.under_way.found, key=lambda each: IPv4Address(each.identity.address))
    wanted = [each for each in found if wish.wants(each.identity)]
    results = await devices.read_all(
        wanted, lambda done: console.progress(f"Read {done:,} of {len(wanted):,} devices")
    )
    story.read = list(zip(wanted, results, strict=True))


def _show(now: Progress) -> None:
    console.progress(
        f"Tried {now.tried:,} of {now.total:,} addresses, found {counted(now.found, 'device')}, "
        f"{now.unidentified:,} not known (Ctrl-C ends it)"
    )


def _lines(folder: Path, wish: Wish, story: _Story, words: Words) -> list[Line]:
    """In the order of addresses. An interrupted scan adds nothing."""
    found = [each for each in story.under_way.found if wish.wants(each.identity)]
    if wish.add and not story.interrupted:
        with changing(folder) as roster:
            at = round(time.time(), 3)
            done = [admitted(roster, *each, words, wish.rule, at) for each in story.read]
        lines = [_line(each) for each in done]
    else:
        roster = read_roster(folder)
        lines = [_found(roster, each.identity) for each in found]
    unknown = () if wish.makes or wish.models else story.under_way.unidentified
    return sorted([*lines, *(_unidentified(each) for each in unknown)], key=_by_address)


def _found(roster: Roster, identity: Identity) -> Line:
    """By its address alone: only a reading would tell more."""
    return _line(Admitted(identity, "found", "", roster.at(identity.address)))


def _line(device: Admitted) -> Line:
    identity, entry = device.identity, device.entry
    return Line(
        identity.address,
        device.fate,
        device.text,
        entry.name if entry is not None else None,
        identity.make,
        identity.model,
        identity.firmware,
        identity.mac,
        identity.serial,
    )


def _unidentified(each: Unidentified) -> Line:
    ports = ", ".join(map(str, each.ports))
    return Line(each.address, "not known", f"listens on port {ports}; {each.reason}")


def _by_address(line: Line) -> IPv4Address:
    return IPv4Address(line.address)


def _tell(wish: Wish, story: _Story, lines: list[Line]) -> None:
    if wish.as_json:
        for line in lines:
            console.say_json(line)
    elif lines:
        cells = [
            (each.address, each.make or "", each.model or "", each.name or "", each.fate, each.text)
            for each in lines
        ]
        for text in columns([("address", "make", "model", "name", "", ""), *cells]):
            console.say(text)
    console.warn(_sum(wish, story, lines))
    if any(each.fate == Fate.ASKED for each in lines):
        console.warn(what_to_do(Outcome(Fate.ASKED, None, "")))


def _sum(wish: Wish, story: _Story, lines: list[Line]) -> str:
    now = story.under_way.progress
    counts = Counter(each.fate for each in lines)
    told = ", ".join(f"{count:,} {fate}" for fate, count in counts.items()) or "nothing found"
    head = f"{counted(now.tried, 'address', 'addresses')} tried in {story.seconds:.1f} s: {told}."
    if story.interrupted:
        head = f"Interrupted after {now.tried:,} of {now.total:,} addresses: {told}."
        return f"{head} Nothing was added." if wish.add else head
    return head if wish.add or not lines else f"{head} Add them with: --add"


def _code(wish: Wish, story: _Story, lines: list[Line]) -> int:
    if story.interrupted:
        return INTERRUPTED
    left = {NOT_READ, NOT_ADDED, Fate.ASKED.value, Fate.TWICE.value}
    if wish.add and any(each.fate in left for each in lines):
        return IN_PART
    return GOOD if story.under_way.found else FAILED


def _is_one_of(identity: Identity, names: tuple[str, ...]) -> bool:
    return not names or any(is_called(identity.make, identity.model, each) for each in names)
