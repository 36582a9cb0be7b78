"""Carries out what is wanted of this edge, one errand after the other, each once."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from asic_edge.discovery.connect import TooManyOpenFiles
from asic_edge.discovery.ranges import RangeError, addresses_of
from asic_edge.discovery.search import IDENTIFIES
from asic_edge.errands import roster_changes
from asic_edge.errands.asking import Devices
from asic_edge.errands.kept import Kept, load_kept, save_kept
from asic_edge.errands.outcome import LINES_BYTES_MAX, Ended, cut, failed, line, result_of, within_bytes
from asic_edge.errands.searching import NOT_BEGUN, Searching
from asic_edge.roster.entries import Entry, RosterError
from asic_edge.roster.naming import USUAL_RULE, checked_rule
from asic_edge.roster.table_file import checked_words
from asic_edge.settings.folder import SettingsError
from asic_edge.snapshot import NoAnswer
from asic_edge.ways import Known
from wire.edge import (
    AddFound,
    AnswerQuestion,
    EndSearch,
    Errand,
    ErrandLine,
    ErrandResult,
    FoundDevice,
    GivenErrand,
    ImportRows,
    RemoveDevices,
    Search,
    SearchState,
)

RESULTS_AT_ONCE: Final = 4
FOUND_EVERY_S: Final = 5.0
"""While a search runs; a long list less often."""
_FOUND_A_SECOND = 100

log = logging.getLogger(__name__)


class Errands:
    """`take` what the commander gives, `run` for ever, tell `done` and `results` until they are `accepted`.

    `agent`: whose errands these are. `number_of` a machine in the roster, called in another thread.
    `entry_at`: who was last at an address. All but `run` returns at once; one event loop alone.
    """

    def __init__(
        self,
        folder: Path,
        agent: str,
        devices: Devices,
        *,
        number_of: Callable[[str], int | None],
        entry_at: Callable[[str], Entry | None],
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._devices = folder, devices
        self._number_of, self._clock, self._steady = number_of, clock, steady
        self._kept, self.trouble = load_kept(folder, agent)
        self._searching = Searching(folder, agent, devices, entry_at, clock)
        self._waiting: list[GivenErrand] = []
        self._search_ended = False
        self._arrived = asyncio.Event()
        self._identifies = asyncio.Semaphore(IDENTIFIES)
        self._offered: tuple[FoundDevice, ...] = ()
        self._told: tuple[FoundDevice, ...] | None = None
        self._told_at = -float("inf")

    @property
    def done(self) -> int:
        """The largest number of an errand that has ended."""
        return self._kept.done

    @property
    def search(self) -> SearchState | None:
        """How far the last search is."""
        return self._searching.state

    def take(self, given: Iterable[GivenErrand]) -> None:
        """Those that are known already change nothing. A later search, or its end, ends one under way."""
        for each in given:
            if each.number > (self._waiting[-1].number if self._waiting else self._kept.done):
                self._waiting.append(each)
                self._arrived.set()
        if self._waiting and self._ends_search(self._waiting[0]):
            self._search_ended |= self._searching.end()

    def results(self) -> tuple[ErrandResult, ...]:
        """The oldest that fit one report."""
        first = self._kept.results[:RESULTS_AT_ONCE]
        return first[: max(within_bytes(first, LINES_BYTES_MAX), 1)]

    def accepted(self, numbers: Iterable[int]) -> None:
        """The commander has these results; they are forgotten on disk with the next errand."""
        known = frozenset(numbers)
        left = tuple(each for each in self._kept.results if each.number not in known)
        self._kept = msgspec.structs.replace(self._kept, results=left)

    def found_news(self) -> tuple[FoundDevice, ...] | None:
        """What was found, where the commander has to be told; None: it knows."""
        state = self._searching.state
        if state is None or (state.state == "running" and not self._is_due()):
            return None
        self._offered = self._searching.devices()
        return None if self._offered == self._told else self._offered

    def found_told(self) -> None:
        """The commander has the last news."""
        self._told, self._told_at = self._offered, self._steady()

    async def run(self) -> None:
        """Until cancelled. What is under way then is told as interrupted by the next program."""
        while True:
            await self._arrived.wait()
            while self._waiting:
                await self._once(self._waiting[0])
                self._waiting.pop(0)
            self._arrived.clear()

    async def _once(self, given: GivenErrand) -> None:
        """Nothing is done that was not noted before, and nothing is told that was not noted after."""
        begun = msgspec.structs.replace(self._kept, begun=given.number)
        trouble = await self._save(begun)
        ended = failed(trouble) if trouble else await self._carried_out(given)
        kept = self._kept.having(result_of(given.number, ended))
        self.trouble = await self._save(kept)
        # Results that were accepted meanwhile are not wanted again.
        accepted = {each.number for each in begun.results} - {each.number for each in self._kept.results}
        self._kept = kept
        self.accepted(accepted)

    async def _carried_out(self, given: GivenErrand) -> Ended:
        try:
            return await self._done(given, given.errand)
        except (RosterError, SettingsError, RangeError, TooManyOpenFiles) as error:
            return failed(str(error))
        except Exception as error:  # one errand must not end the agent
            log.exception("Mishap with errand %d", given.number)
            return failed(f"It could not be carried out: {type(error).__name__}.")

    async def _done(self, given: GivenErrand, errand: Errand) -> Ended:
        folder, at = self._folder, round(self._clock(), 3)
        match errand:
            case Search():
                self._search_ended = self._ends_search(given)
                begins = not self._search_ended
                return await self._searching.search(given.number, errand) if begins else NOT_BEGUN
            case EndSearch():
                ended, self._search_ended = self._search_ended, False
                return Ended("The search was ended." if ended else "No search is under way now.")
            case AddFound():
                return await self._add(errand)
            case ImportRows():
                return await asyncio.to_thread(roster_changes.import_rows, folder, errand, at)
            case RemoveDevices():
                remove = roster_changes.remove
                return _ended(await asyncio.to_thread(remove, folder, errand.machines, self._number_of))
            case AnswerQuestion():
                return await asyncio.to_thread(roster_changes.answer, folder, errand)

    async def _add(self, errand: AddFound) -> Ended:
        rule = checked_rule(errand.rule or USUAL_RULE)
        words = checked_words("", errand.place, errand.client, ",".join(errand.tags))
        known, faults = await self._identified(errand.addresses)
        results = await self._devices.read_all(known)
        read = list(zip(known, results, strict=True))
        at = round(self._clock(), 3)
        lines = await asyncio.to_thread(roster_changes.add_read, self._folder, read, words, rule, at)
        return _ended([*faults, *lines])

    async def _identified(self, addresses: Sequence[str]) -> tuple[list[Known], list[ErrandLine]]:
        """As the last search knows them; what it does not know is asked for what it is."""
        searched = self._searching.known
        results = await asyncio.gather(
            *(self._known(each, searched.get(each)) for each in dict.fromkeys(addresses))
        )
        known = [each for each in results if isinstance(each, Known)]
        return known, [each for each in results if isinstance(each, ErrandLine)]

    async def _known(self, address: str, searched: Known | None) -> Known | ErrandLine:
        if searched is not None:
            return searched
        try:
            addresses_of([address])  # one outside private networks must have been searched for
        except RangeError as error:
            return line(address, "fault", str(error))
        async with self._identifies:
            found = await self._devices.identified(address)
        return line(address, "fault", found.reason) if isinstance(found, NoAnswer) else found

    def _ends_search(self, given: GivenErrand) -> bool:
        """Whether a search with this number is to end: another one, or its end, comes after it."""
        later = (each.errand for each in self._waiting if each.number > given.number)
        return any(isinstance(each, Search | EndSearch) for each in later)

    def _is_due(self) -> bool:
        wait_s = max(FOUND_EVERY_S, len(self._told or ()) / _FOUND_A_SECOND)
        return self._steady() - self._told_at >= wait_s

    async def _save(self, kept: Kept) -> str:
        """Why it cannot be kept, else ""."""
        try:
            await asyncio.to_thread(save_kept, self._folder, kept)
        except SettingsError as error:
            return cut(str(error))
        return ""


def _ended(lines: Sequence[ErrandLine]) -> Ended:
    """Nothing was done where all are faults."""
    ok = any(each.fate != "fault" for each in lines)
    return Ended(roster_changes.counted(lines), lines, ok=ok)
