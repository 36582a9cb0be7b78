"""A search of addresses in two stages, connect and identify, side by side, each bounded."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from asic_edge.discovery.connect import CONNECT_WITHIN_S, TooManyOpenFiles, open_ports
from asic_edge.gate import Gate
from asic_edge.snapshot import NoAnswer
from asic_edge.ways import Known

CONNECTS: Final = 512
IDENTIFIES: Final = 64
IDENTIFY_WITHIN_S: Final = 12.0
PROGRESS_EVERY: Final = 32

log = logging.getLogger(__name__)


class Identifying(Protocol):
    """What is needed of `Ways`."""

    async def identify(self, address: str, ports: frozenset[int]) -> Known | NoAnswer: ...


class Unidentified(NamedTuple):
    """Somebody listens there, and why nobody knows what it is."""

    address: str
    ports: tuple[int, ...]
    reason: str


class Progress(NamedTuple):
    """`tried` of `total` addresses; what they gave so far."""

    total: int
    tried: int
    found: int
    unidentified: int


@dataclass
class Search:
    """What was found, also while it runs and after it was cancelled. `found` and `unidentified` grow."""

    addresses: Sequence[str]
    found: list[Known] = field(default_factory=list)
    unidentified: list[Unidentified] = field(default_factory=list)
    tried: int = 0

    @property
    def progress(self) -> Progress:
        """As of now."""
        return Progress(len(self.addresses), self.tried, len(self.found), len(self.unidentified))


async def search(
    under_way: Search,
    ways: Identifying,
    gate: Gate,
    *,
    on_progress: Callable[[Progress], None] = lambda _: None,
    connect_within_s: float = CONNECT_WITHIN_S,
    identify_within_s: float = IDENTIFY_WITHIN_S,
) -> Search:
    """Fills `under_way`; cancel the task to end it early. A device that is being read is waited for.

    Raises TooManyOpenFiles rather than to call devices missing that were never asked.
    """
    stages = _Stages(under_way, ways, gate, on_progress, connect_within_s, identify_within_s)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(CONNECTS, len(under_way.addresses))):
                group.create_task(stages.connect(group))
    except* TooManyOpenFiles as several:
        raise TooManyOpenFiles from several
    on_progress(under_way.progress)
    return under_way


class _Stages:
    def __init__(
        self,
        under_way: Search,
        ways: Identifying,
        gate: Gate,
        on_progress: Callable[[Progress], None],
        connect_within_s: float,
        identify_within_s: float,
    ) -> None:
        self._search, self._ways, self._gate = under_way, ways, gate
        self._on_progress = on_progress
        self._connect_within_s, self._identify_within_s = connect_within_s, identify_within_s
        self._left = iter(under_way.addresses)
        self._identifies = asyncio.Semaphore(IDENTIFIES)

    async def connect(self, group: asyncio.TaskGroup) -> None:
        """One of many that take the next address until none is left."""
        for address in self._left:
            async with self._gate.turn(address):  # a connection more may be too much while it is read
                ports = await open_ports(address, self._connect_within_s)
            if ports:
                group.create_task(self._identify(address, ports))
            self._search.tried += 1
            if self._search.tried % PROGRESS_EVERY == 0:
                self._on_progress(self._search.progress)

    async def _identify(self, address: str, ports: frozenset[int]) -> None:
        async with self._identifies, self._gate.turn(address):
            try:
                async with asyncio.timeout(self._identify_within_s):
                    result = await self._ways.identify(address, ports)
            except TimeoutError:
                result = NoAnswer(f"gave no answer within {self._identify_within_s:g} s")
            except Exception as error:  # one device must not end the search for the others
                log.exception("Mishap with %s", address)
                result = NoAnswer(f"could not be identified: {type(error).__name__}")
        if isinstance(result, NoAnswer):
            self._gate.count(address, None)
            reason = result.reason
            self._search.unidentified.append(Unidentified(address, tuple(sorted(ports)), reason))
        else:
            self._gate.count(address, None, result.identity)
            self._search.found.append(result)
        self._on_progress(self._search.progress)
