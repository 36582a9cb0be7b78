"""The last search that was asked for in the dashboard: how far it is, and what it found."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from asic_edge.discovery.connect import TooManyOpenFiles
from asic_edge.discovery.ranges import RangeError, addresses_of
from asic_edge.discovery.search import Search, Unidentified, search
from asic_edge.errands.asking import Devices
from asic_edge.errands.outcome import Ended, cut, failed, within_bytes
from asic_edge.roster.entries import Entry
from asic_edge.settings.files import load, save
from asic_edge.settings.folder import SettingsError
from asic_edge.ways import Known
from wire import edge
from wire.edge import FOUND_MAX, FoundDevice, SearchState

NAME: Final = "found.json"
FOUND_BYTES_MAX: Final = 500_000
"""Of all that was found: it goes with one report."""
RANGES_NAMED: Final = 3
_TEXT_MAX = 100
NOT_BEGUN: Final = failed("It was ended before it began.")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The file: a search that is over. `agent`: who was told of it."""

    agent: str
    state: SearchState
    found: tuple[Known, ...]
    unidentified: tuple[Unidentified, ...]


class Searching:
    """One search at a time. `entry_at`: of the device in the roster that was last at an address."""

    def __init__(
        self,
        folder: Path,
        agent: str,
        devices: Devices,
        entry_at: Callable[[str], Entry | None],
        clock: Callable[[], float],
    ) -> None:
        self._folder, self._agent, self._devices = folder, agent, devices
        self._entry_at, self._clock = entry_at, clock
        self._search = Search(())
        self._state: SearchState | None = None
        self._task: asyncio.Task[Search] | None = None
        self._ended = False
        self._take_up()

    @property
    def state(self) -> SearchState | None:
        """As of now; None before the first one."""
        state = self._state
        return state if state is None or state.state != "running" else self._at_present(state)

    @property
    def known(self) -> dict[str, Known]:
        """What was found and identified, by address."""
        return {each.identity.address: each for each in self._search.found}

    def devices(self) -> tuple[FoundDevice, ...]:
        """What was found so far, by address; those that are no known ASIC are the first to be left out."""
        found = sorted((self._told(each) for each in self._search.found), key=_place)
        unknown = sorted((_unknown(each) for each in self._search.unidentified), key=_place)
        fitting = (*found, *unknown)[:FOUND_MAX]
        fitting = fitting[: within_bytes(fitting, FOUND_BYTES_MAX)]
        return tuple(sorted(fitting, key=_place))

    async def search(self, number: int, wish: edge.Search) -> Ended:
        """From the begin to its end, or until `end`. Wrong ranges leave the former search as it is."""
        try:
            addresses = addresses_of(wish.ranges, public=wish.public)
        except RangeError as error:
            return failed(str(error))
        self._search, self._ended = Search(addresses), False
        begun = self._clock()
        self._state = SearchState(number, "running", begun, 0, len(addresses), 0, 0, ranges=wish.ranges)
        reason = await self._run()
        how = "failed" if reason else "ended" if self._ended else "done"
        state = self._at_present(self._state)
        self._state = msgspec.structs.replace(state, state=how, reason=cut(reason))
        await asyncio.to_thread(self._keep, self._state)
        return _ended(self._state)

    def end(self) -> bool:
        """What was found stays. False: there is none under way."""
        if self._task is None:
            return False
        self._ended = True
        self._task.cancel()
        return True

    async def _run(self) -> str:
        """Why it failed, else ""."""
        self._task = asyncio.ensure_future(search(self._search, self._devices.ways, self._devices.gate))
        try:
            await asyncio.wait({self._task})
            if not self._task.cancelled():
                self._task.result()
        except TooManyOpenFiles as error:
            return str(error)
        finally:
            self._task.cancel()
            self._task = None
        return ""

    def _at_present(self, state: SearchState) -> SearchState:
        now = self._search.progress
        return msgspec.structs.replace(
            state, tried=now.tried, total=now.total, found=now.found, unknown=now.unidentified
        )

    def _told(self, known: Known) -> FoundDevice:
        identity = known.identity
        entry = self._entry_at(identity.address)
        name = None if entry is None else entry.name
        return FoundDevice(identity.address, _short(identity.make), _short(identity.model), name)

    def _take_up(self) -> None:
        """The last search before the start of this program."""
        with suppress(SettingsError):  # nothing is lost that cannot be searched again
            kept = load(self._folder / NAME, Found, "")
            if kept is not None and kept.agent == self._agent:
                self._search = Search((), list(kept.found), list(kept.unidentified))
                self._state = kept.state

    def _keep(self, state: SearchState) -> None:
        now = self._search
        found = Found(
            agent=self._agent, state=state, found=tuple(now.found), unidentified=tuple(now.unidentified)
        )
        with suppress(SettingsError):
            save(self._folder / NAME, found)


def _ended(state: SearchState) -> Ended:
    tried = f"{state.tried:,} of {state.total:,} addresses tried"
    text = f"{tried}: {state.found:,} found, {state.unknown:,} not known."
    texts = (text, state.reason, f"Searched: {_first_of(state.ranges)}.")
    return Ended(" ".join(filter(None, texts)), ok=state.state != "failed")


def _first_of(ranges: Sequence[str]) -> str:
    more = len(ranges) - RANGES_NAMED
    return ", ".join(ranges[:RANGES_NAMED]) + (f" and {more} more" if more > 0 else "")


def _unknown(each: Unidentified) -> FoundDevice:
    ports = ", ".join(map(str, each.ports))
    return FoundDevice(each.address, reason=_short(f"listens on port {ports}; {each.reason}"))


def _short(text: str | None) -> str | None:
    return text if text is None else text[:_TEXT_MAX]


def _place(found: FoundDevice) -> bytes:
    return socket.inet_aton(found.address)
