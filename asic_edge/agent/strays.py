"""Keeps the roster true while the edge runs: who moved, who has a new control board, who was never asked."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Final, NamedTuple

from asic_edge.agent.hall import Device, Hall
from asic_edge.discovery.connect import TooManyOpenFiles
from asic_edge.discovery.ranges import RangeError, addresses_of, refusal
from asic_edge.discovery.search import Search, search
from asic_edge.errands.asking import Devices
from asic_edge.roster.book import Roster
from asic_edge.roster.entries import Entry, RosterError, Sighting
from asic_edge.roster.matching import Fate, Outcome, seen
from asic_edge.roster.store import changing, read_roster
from asic_edge.settings.folder import SettingsError
from asic_edge.snapshot import Depth, Identity, NoAnswer, Snapshot
from asic_edge.ways import Known
from wire.messages import EventLevel

CHECK_S: Final = 15.0
SILENT_S: Final = 600.0
"""So long a device is silent before it is looked for elsewhere."""
LOOK_EVERY_S: Final = 1800.0
"""In one network; a device that is off is looked for all the time."""
STRANGER_EVERY_S: Final = 300.0
STRANGERS_AT_ONCE: Final = 64
_TOLD = ("mac", "serial", "make", "model", "firmware", "hostname")

log = logging.getLogger(__name__)

Tell = Callable[[int, float, str, str, EventLevel], None]
"""Of a device, by its number: when, the kind of event, what, and how much it matters."""


class _News(NamedTuple):
    number: int
    kind: str
    text: str
    level: EventLevel = EventLevel.NOTE


class Strays:
    """`note` each reading, `run` for ever. What it learns goes into the roster on disk; `tell` is told of it.

    `trouble`: why that cannot be, or "". One event loop alone.
    """

    def __init__(
        self,
        folder: Path,
        devices: Devices,
        hall: Hall,
        tell: Tell,
        *,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._devices, self._hall, self._tell = folder, devices, hall, tell
        self._clock, self._steady = clock, steady
        self.trouble = ""
        self._noted: dict[int, tuple[Identity, str]] = {}
        self._looked: dict[str, float] = {}
        self._asked: dict[str, float] = {}
        self._last_told: dict[tuple[int, str], str] = {}

    def note(self, device: Device, read: Snapshot) -> None:
        """A full reading tells what a device is; where that is not what the roster says, it is settled."""
        entry = device.entry
        if read.depth is Depth.FULL and entry.reader and _shows_else(entry, read.identity):
            self._noted[entry.number] = read.identity, entry.reader

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.once()
                self.trouble = ""
            except (SettingsError, TooManyOpenFiles) as error:
                self.trouble = str(error)
            except Exception as error:  # the roster may wait, the readings must not end
                log.exception("Mishap while the roster was brought up to date")
                self.trouble = f"The roster could not be brought up to date: {type(error).__name__}."
            await asyncio.sleep(CHECK_S)

    async def once(self) -> None:
        """All that is due now. Raises SettingsError and TooManyOpenFiles."""
        await self._settle_noted()
        await self._ask_strangers()
        network = self._network_due()
        if network is not None:
            await self._look(network)

    async def _settle_noted(self) -> None:
        noted, self._noted = self._noted, {}
        try:
            await self._settle([Known(*each) for each in noted.values()])
        except SettingsError:
            self._noted = noted | self._noted
            raise

    async def _ask_strangers(self) -> None:
        """Rows of a spreadsheet: nobody knows yet what is at their addresses."""
        now = self._steady()
        strangers = [each.entry for each in self._hall.devices.values() if not each.entry.reader]
        places = [each.address for each in strangers if each.address and self._may_be_asked(each.address)]
        due = [each for each in places if self._asked.get(each, -STRANGER_EVERY_S) + STRANGER_EVERY_S <= now]
        self._asked = {each: self._asked[each] for each in places if each in self._asked}
        self._asked |= dict.fromkeys(due[:STRANGERS_AT_ONCE], now)
        identified = await asyncio.gather(*(self._identified(each) for each in due[:STRANGERS_AT_ONCE]))
        await self._read_and_settle([each for each in identified if each is not None])

    def _may_be_asked(self, address: str) -> bool:
        """Whoever may give errands can bring any address into the roster."""
        reason = refusal(IPv4Address(address))
        if reason:
            self._hall.note(address, NoAnswer(f"is not asked: its address {reason}"), 0.0, self._clock())
        return not reason

    async def _identified(self, address: str) -> Known | None:
        began = self._steady()
        found = await self._devices.identified(address)
        if isinstance(found, NoAnswer):
            self._hall.note(address, found, self._steady() - began, self._clock())
            return None
        return found

    def _network_due(self) -> str | None:
        """Where a device may be that is silent for long, and that can be told from others."""
        since, now = self._clock() - SILENT_S, self._steady()
        silent = [
            each for each in self._hall.devices.values() if each.silence and each.silence.since <= since
        ]
        missed = [each.entry for each in silent if each.entry.mac or each.entry.serial]
        networks = {_network(each.address) for each in missed if each.address}
        if any(each.address is None for each in missed):  # nobody knows where it was: wherever others are
            networks = {
                _network(each.entry.address) for each in self._hall.devices.values() if each.entry.address
            }
        due = (each for each in networks if self._looked.get(each, -LOOK_EVERY_S) + LOOK_EVERY_S <= now)
        return min(due, default=None)

    async def _look(self, network: str) -> None:
        """At addresses where no device of the roster answers. Nobody is added who is not in the roster."""
        self._looked[network] = self._steady()
        try:
            addresses = addresses_of([network])
        except RangeError:  # outside private networks nobody is knocked at without being asked to
            return
        devices = self._devices
        found = await search(
            Search([each for each in addresses if self._is_free(each)]), devices.ways, devices.gate
        )
        await self._read_and_settle(found.found, only_known=True)

    def _is_free(self, address: str) -> bool:
        there = self._hall.at(address)
        return there is None or there.last is None

    async def _read_and_settle(self, found: Sequence[Known], *, only_known: bool = False) -> None:
        results = await self._devices.read_all(found)
        read = [
            Known(result.identity, known.reader)
            for known, result in zip(found, results, strict=True)
            if isinstance(result, Snapshot)
        ]
        if only_known and read:
            roster = await asyncio.to_thread(read_roster, self._folder)
            read = [each for each in read if _is_known(roster, each.identity)]
        await self._settle(read)

    async def _settle(self, shown: Sequence[Known]) -> None:
        if not shown:
            return
        at = round(self._clock(), 3)
        for news in await asyncio.to_thread(_settled, self._folder, shown, at):
            if self._last_told.get((news.number, news.kind)) != news.text:
                self._last_told[news.number, news.kind] = news.text
                self._tell(news.number, at, news.kind, news.text, news.level)


def _network(address: str) -> str:
    return str(IPv4Network(f"{address}/24", strict=False))


def _shows_else(entry: Entry, identity: Identity) -> bool:
    """What a device does not tell says nothing against its entry."""
    pairs = ((getattr(identity, name), getattr(entry, name)) for name in _TOLD)
    return entry.seen_at is None or any(told and told != known for told, known in pairs)


def _is_known(roster: Roster, identity: Identity) -> bool:
    by_serial = roster.with_serial(identity.make, identity.serial)
    return roster.with_mac(identity.mac) is not None or by_serial is not None


def _settled(folder: Path, shown: Iterable[Known], at: float) -> list[_News]:
    """What the roster makes of it, in one change."""
    with changing(folder) as roster:
        told = [_news(roster, Sighting(each.identity, each.reader, at)) for each in shown]
    return [each for each in told if each is not None]


def _news(roster: Roster, sighting: Sighting) -> _News | None:
    there, open_before = roster.at(sighting.identity.address), frozenset(roster.questions)
    try:
        outcome = seen(roster, sighting)
    except RosterError as error:
        return None if there is None else _News(there.number, "device_unclear", str(error), EventLevel.ALERT)
    if outcome.fate is Fate.NEW:
        return None if there is None else _replaced(there, sighting.identity)
    asked_before = outcome.fate is Fate.ASKED and open_before >= roster.questions.keys()
    return None if asked_before else _told(outcome)


def _told(outcome: Outcome) -> _News | None:
    kinds = {
        Fate.MOVED: ("device_moved", EventLevel.NOTE),
        Fate.MERGED: ("device_merged", EventLevel.NOTE),
        Fate.ASKED: ("device_question", EventLevel.ALERT),
        Fate.TWICE: ("device_twice", EventLevel.ALERT),
    }
    if outcome.entry is None or outcome.fate not in kinds:
        return None
    kind, level = kinds[outcome.fate]
    return _News(outcome.entry.number, kind, outcome.text, level)


def _replaced(there: Entry, identity: Identity) -> _News:
    what = " ".join(each for each in (identity.make, identity.model) if each) or "another device"
    text = f"at {identity.address} is {what} now, which is not in the roster; nobody knows where this one is"
    return _News(there.number, "device_replaced", text, EventLevel.ALERT)
