"""Devices as commands and errands ask them: one by one or many side by side, each within its time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from asic_edge.discovery.connect import TooManyOpenFiles, open_ports, why_closed
from asic_edge.discovery.search import IDENTIFY_WITHIN_S, Identifying
from asic_edge.gate import Gate
from asic_edge.snapshot import Depth, NoAnswer, Snapshot
from asic_edge.ways import PLACES, Known

READ_WITHIN_S: Final = 15.0
READS: Final = PLACES
"""So that each gets a place at the library, and none comes back as a light one."""
TRIES: Final = 4
"""Beside a round others may have the places."""

log = logging.getLogger(__name__)


class Asked(Identifying, Protocol):
    """What is needed of `Ways`."""

    async def read(self, known: Known, depth: Depth) -> Snapshot | NoAnswer: ...


class Devices:
    """Asks devices; never two questions to one at once."""

    def __init__(
        self,
        ways: Asked,
        gate: Gate,
        *,
        identify_within_s: float = IDENTIFY_WITHIN_S,
        read_within_s: float = READ_WITHIN_S,
    ) -> None:
        self.ways, self.gate = ways, gate
        self._identify_within_s, self._read_within_s = identify_within_s, read_within_s

    async def identified(self, address: str) -> Known | NoAnswer:
        """What listens there, or why nobody knows. Raises TooManyOpenFiles."""
        try:
            async with asyncio.timeout(self._identify_within_s), self.gate.turn(address):
                return await self._identified(address)
        except TimeoutError:
            return NoAnswer(f"answers too slowly: nothing within {self._identify_within_s:g} s")
        except TooManyOpenFiles:
            raise
        except Exception as error:  # one device must not end the work on the others
            log.exception("Mishap with %s", address)
            return NoAnswer(f"could not be identified: {type(error).__name__}")

    async def read(self, known: Known) -> Snapshot | NoAnswer:
        """In full, unless others have the places all the time: then it may be a light one."""
        address = known.identity.address
        try:
            async with asyncio.timeout(self._read_within_s), self.gate.turn(address):
                return await self._read(known)
        except TimeoutError:
            return NoAnswer(f"answers too slowly: no reading within {self._read_within_s:g} s")
        except Exception as error:
            log.exception("Mishap with %s", address)
            return NoAnswer(f"could not be read: {type(error).__name__}")

    async def read_all(
        self, devices: Sequence[Known], on_each: Callable[[int], None] = lambda _: None
    ) -> list[Snapshot | NoAnswer]:
        """In their order, `READS` at a time; `on_each` is told how many are done."""
        places, done = asyncio.Semaphore(READS), 0

        async def one(known: Known) -> Snapshot | NoAnswer:
            nonlocal done
            async with places:
                result = await self.read(known)
            done += 1
            on_each(done)
            return result

        return list(await asyncio.gather(*(one(each) for each in devices)))

    async def _identified(self, address: str) -> Known | NoAnswer:
        ports = await open_ports(address)
        if not ports:
            return NoAnswer(await why_closed(address))
        self.gate.count(address, None)
        return await self.ways.identify(address, ports)

    async def _read(self, known: Known) -> Snapshot | NoAnswer:
        address = known.identity.address
        for tries_left in reversed(range(TRIES)):
            self.gate.count(address, Depth.FULL, known.identity)
            found = await self.ways.read(known, Depth.FULL)
            if isinstance(found, NoAnswer) or found.depth is Depth.FULL or not tries_left:
                break
        return found
