"""The table of readers, and which of them asks what of whom."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple, Protocol

import msgspec

from asic_edge.login import Login, Logins, no_login
from asic_edge.readers import iceriver, port_4028, whatsminer
from asic_edge.snapshot import Depth, Identity, NoAnswer, Snapshot, Unread, completed

LIBRARY = "library"
"""pyasic-rs, in a process of its own."""


class Reader(NamedTuple):
    """One of our own: one connection to a device at a time. `port` must be open, `without` must not."""

    port: int
    without: int | None
    identify: Callable[[str], Awaitable[Identity | None]]
    read: Callable[[Identity, Depth], Awaitable[Snapshot | NoAnswer]]


READERS: dict[str, Reader] = {
    "whatsminer": Reader(4028, None, whatsminer.identify, whatsminer.read),
    "iceriver": Reader(80, 4028, iceriver.identify, iceriver.read),
    "port_4028": Reader(4028, None, port_4028.identify, port_4028.read),
}
BEFORE_THE_LIBRARY = ("whatsminer", "iceriver")
"""Asked first: what the library would harm, and what hangs when it is asked much at once."""
AFTER_THE_LIBRARY = ("port_4028",)
LIBRARY_WITHIN_S: Final = 8.0
PLACES: Final = 16
PLACE_WITHIN_S: Final = 2.0
REST_WITHIN_S: Final = 6.0


class Library(Protocol):
    """What is needed of pyasic-rs."""

    async def identify(
        self, address: str, limit_s: float, login: Login | None
    ) -> Identity | NoAnswer | None: ...

    async def read(
        self, address: str, depth: Depth, limit_s: float, login: Login | None
    ) -> Snapshot | NoAnswer: ...

    def forget(self, address: str) -> None: ...


class Known(msgspec.Struct, frozen=True):
    """A device and which reader knows it: what a roster must keep, for some cannot be identified twice."""

    identity: Identity
    reader: str


class Ways:
    """Identifies and reads devices with whichever reader fits.

    `limit_s` is for each question to the library, and for each try of ours at what a device is. `logins`
    are for the library; our own readers need none.
    """

    def __init__(
        self, library: Library, limit_s: float = LIBRARY_WITHIN_S, logins: Logins = no_login
    ) -> None:
        self._library, self._logins = library, logins
        self._limit_s = limit_s
        self._places = asyncio.Semaphore(PLACES)

    async def identify(self, address: str, ports: frozenset[int]) -> Known | NoAnswer:
        """`ports`: those that are open. An Antminer whose password was changed is known by port 4028."""
        for name in BEFORE_THE_LIBRARY:
            if (found := await self._own(name, address, ports)) is not None:
                return found
        told = await self._library.identify(address, self._limit_s, self._logins(Identity(address)))
        if isinstance(told, Identity):
            return Known(told, LIBRARY)
        for name in AFTER_THE_LIBRARY:
            if (found := await self._own(name, address, ports)) is not None:
                return found
        return told or NoAnswer("is no ASIC that is known here")

    async def read(self, known: Known, depth: Depth) -> Snapshot | NoAnswer:
        """One reading. A full one may come back as a light one when too many are due at once."""
        identity = known.identity
        if port_4028.is_told_by_stats(identity):
            return await self._read_antminer(identity, depth)
        if known.reader != LIBRARY:
            return await READERS[known.reader].read(identity, depth)
        found = await self._library.read(identity.address, depth, self._limit_s, self._logins(identity))
        return found if isinstance(found, NoAnswer) else _as_known(identity, found)

    async def _read_antminer(self, identity: Identity, depth: Depth) -> Snapshot | NoAnswer:
        """By our own reader, which is as quick and tells more; the library adds what only the web tells."""
        found = await port_4028.read(identity, depth)
        if depth is Depth.LIGHT or isinstance(found, NoAnswer):
            return found
        return await self._with_the_rest(found)

    async def _with_the_rest(self, found: Snapshot) -> Snapshot:
        """What the library tells beside. It drops its handle, for each keeps 170 KB until the next time."""
        try:
            await asyncio.wait_for(self._places.acquire(), PLACE_WITHIN_S)
        except TimeoutError:
            return msgspec.structs.replace(found, depth=Depth.LIGHT, unread=())
        address = found.identity.address
        try:
            login = self._logins(found.identity)
            rest = await self._library.read(address, Depth.FULL, REST_WITHIN_S, login)
        finally:
            self._library.forget(address)
            self._places.release()
        if isinstance(rest, Snapshot):
            return completed(_identified(found, rest), rest, port_4028.ONLY_BY_WEB)
        return msgspec.structs.replace(found, unread=_because(found, rest.reason))

    def forget(self, address: str) -> None:
        """The library identifies the device anew with its next reading."""
        self._library.forget(address)

    async def _own(self, name: str, address: str, ports: frozenset[int]) -> Known | None:
        reader = READERS[name]
        if reader.port not in ports or reader.without in ports:
            return None
        async with asyncio.timeout(self._limit_s):
            found = await reader.identify(address)
        return None if found is None else Known(found, name)


def _because(found: Snapshot, reason: str) -> tuple[Unread, ...]:
    """What only the web tells was not read for this reason."""
    words = f"its web {reason}; its password may have been changed"
    only = port_4028.ONLY_BY_WEB
    return tuple(Unread(each.part, words) if each.part in only else each for each in found.unread)


def _identified(found: Snapshot, rest: Snapshot) -> Snapshot:
    """With the identity that was read just now."""
    return msgspec.structs.replace(found, identity=rest.identity)


def _as_known(known: Identity, found: Snapshot) -> Snapshot:
    """A light reading tells make and model alone: while they fit, the rest is as known."""
    fits = (known.make, known.model) == (found.identity.make, found.identity.model)
    return msgspec.structs.replace(found, identity=known) if fits and found.depth is Depth.LIGHT else found
