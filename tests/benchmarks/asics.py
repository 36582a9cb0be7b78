"""The ASIC edge: rounds of 1,000 known devices, searches of a /22, memory; devices are pretended.

They live in a process of their own, so that CPU is that of the reader and its reading process alone.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import msgspec
import psutil

from asic_edge.descriptors import DESCRIPTORS, raise_descriptor_limit
from asic_edge.discovery.ranges import addresses_of
from asic_edge.discovery.search import Search, search
from asic_edge.gate import Gate
from asic_edge.native.client import NativeReader
from asic_edge.rounds import DEADLINE_S, Limits, Result, Rounds
from asic_edge.snapshot import Snapshot
from asic_edge.ways import Known, Ways
from tests.benchmarks.rows import Row, at_least, at_most

DEVICES = 1000
LIVE = 100
HUNG = DEVICES // 20
MIX = "antminer,antminer,whatsminer,whatsminer,bitaxe"
ROUNDS = 7
MORE_ROUNDS = 20
_PLACES = 200
_MB = 1e6
_RPC = (b'{"command":"summary"}', b'{"command":"devs"}', b'{"command":"pools"}')
_GET = b"GET /api/system/info HTTP/1.1\r\nHost: device\r\nConnection: close\r\n\r\n"
_MODELS_WITH_RPC = 4


class Spent(NamedTuple):
    """Seconds of wall and CPU time."""

    wall_s: float
    cpu_s: float


def rows() -> Iterator[Row]:
    """Needs root, or the right to listen on port 80."""
    raise_descriptor_limit(3 * DESCRIPTORS)
    yield from asyncio.run(_rounds())
    yield from asyncio.run(_hung())
    for name, fault, goal_s in (("refusing", "gone", 2), ("silent", "silent", 5)):
        yield from asyncio.run(_search(name, fault, goal_s))


async def _rounds() -> list[Row]:
    async with _hall("127.40.0.1", DEVICES) as (addresses, bench):
        first = await bench.timed(bench.rounds.round(10))
        await bench.next_round()  # the library still tidies up after the full one
        light, floor = [], []
        for _ in range(ROUNDS):
            light.append(await bench.timed(bench.next_round()))
            read = bench.answered
            floor.append(await bench.timed(_floor(addresses)))
        cpu_s = statistics.median(each.cpu_s for each in light)
        floor_s = statistics.median(each.cpu_s for each in floor)
        rss, files = bench.rss_mb(), bench.files()
        for _ in range(MORE_ROUNDS):
            await bench.next_round()
        return [
            at_most("asics.round_cpu", cpu_s, "s", 0.6),
            Row("asics.round_wall", statistics.median(each.wall_s for each in light), "s"),
            Row("asics.floor_cpu", floor_s, "s"),
            at_most("asics.round_cpu_ratio", cpu_s / floor_s, "times floor", 2),
            Row("asics.first_full_round_cpu", first.cpu_s, "s"),
            Row("asics.first_full_round_wall", first.wall_s, "s"),
            at_least("asics.read", read, "devices", DEVICES),
            at_most("asics.rss", rss, "MB", 120),
            at_most("asics.rss_growth_in_20_rounds", bench.rss_mb() - rss, "MB", 2),
            at_most("asics.descriptors_growth_in_20_rounds", bench.files() - files, "files", 0),
        ]


async def _hung() -> list[Row]:
    async with _hall("127.44.0.1", DEVICES, f"hung={HUNG}", _known_by_turn) as (_, bench):
        spent = await bench.timed(bench.rounds.round(10))
        return [
            at_most("asics.hung_round_wall", spent.wall_s, "s", DEADLINE_S + 1),
            at_least("asics.hung_others_read", bench.answered, "devices", DEVICES - HUNG),
            Row("asics.hung_last_of_the_others", bench.last_answer_s, "s"),
        ]


async def _search(name: str, fault: str, goal_s: float) -> list[Row]:
    count = 4 * 254
    async with _hall("127.48.0.1", count, f"{fault}={count - LIVE}", _known_by_none) as (addresses, bench):
        spent, found = [], []
        for _ in range(3):
            under_way = Search(addresses_of(["127.48.0.0/22"]))
            spent.append(await bench.timed(search(under_way, bench.ways, Gate())))
            found.append(sorted(each.identity.address for each in under_way.found))
        right = sum(each == sorted(addresses[count - LIVE :]) for each in found)
        return [
            at_most(
                f"asics.search_{name}_wall", statistics.median(each.wall_s for each in spent), "s", goal_s
            ),
            Row(f"asics.search_{name}_cpu", statistics.median(each.cpu_s for each in spent), "s"),
            at_least(f"asics.search_{name}_all_and_none_extra", right, "of 3", 3),
        ]


class _Bench:
    """What reads a hall, and what that costs with its reading process."""

    def __init__(self, simulator: int) -> None:
        self.native = NativeReader()
        self.ways = Ways(self.native)
        self.rounds = Rounds(self.ways, Gate(), self._keep, limits=Limits(), steady=self._steady)
        self.answered = 0
        self.last_answer_s = 0.0
        self._began = 0.0
        self._simulator = simulator
        self._ahead = 0.0

    async def next_round(self) -> None:
        """Somewhat later, so that nobody rests; never so late that full readings are due."""
        self._ahead += 5
        await self.rounds.round(5)

    async def timed(self, work: Awaitable[object]) -> Spent:
        """`answered` and `last_answer_s` are of this work."""
        self.answered, self._began = 0, time.monotonic()
        cpu_s = self._cpu_s()
        await work
        return Spent(time.monotonic() - self._began, self._cpu_s() - cpu_s)

    def rss_mb(self) -> float:
        """Of all processes of the reader."""
        return sum(each.memory_info().rss for each in self._processes()) / _MB

    def files(self) -> int:
        """Open ones, sockets included."""
        return sum(each.num_fds() for each in self._processes())

    def _steady(self) -> float:
        return time.monotonic() + self._ahead

    def _keep(self, _: Known, result: Result) -> None:
        if isinstance(result, Snapshot):
            self.answered += 1
            self.last_answer_s = time.monotonic() - self._began

    def _processes(self) -> list[psutil.Process]:
        own = psutil.Process()
        return [own, *(each for each in own.children() if each.pid != self._simulator)]

    def _cpu_s(self) -> float:
        times = [each.cpu_times() for each in self._processes()]
        return sum(each.user + each.system for each in times)


Knowing = Callable[[_Bench, list[str]], Awaitable[list[Known]]]


async def _known_by_search(bench: _Bench, addresses: list[str]) -> list[Known]:
    return (await search(Search(addresses), bench.ways, Gate())).found


async def _known_by_turn(bench: _Bench, addresses: list[str]) -> list[Known]:
    """Hung ones cannot be identified: their like lend them their identity."""
    known = {each.identity.address: each for each in await _known_by_search(bench, addresses)}
    by_turn = [next(known[each] for each in addresses[turn::5] if each in known) for turn in range(5)]
    return [known.get(each) or _at(each, by_turn[index % 5]) for index, each in enumerate(addresses)]


async def _known_by_none(_: _Bench, __: list[str]) -> list[Known]:
    return []


def _at(address: str, like: Known) -> Known:
    return Known(msgspec.structs.replace(like.identity, address=address), like.reader)


@asynccontextmanager
async def _hall(
    first: str, count: int, faults: str = "", knowing: Knowing = _known_by_search
) -> AsyncIterator[tuple[list[str], _Bench]]:
    command = ["-m", "asic_edge.simulator", "--count", str(count), "--first", first, "--models", MIX]
    process = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs yet
        [sys.executable, *command, "--faults", faults, "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    bench = _Bench(process.pid)
    try:
        addresses = json.loads(process.stdout.readline() if process.stdout else b"")["addresses"]
        bench.rounds.watch(await knowing(bench, addresses), full_at_once=not faults)
        yield addresses, bench
    finally:
        await bench.native.close()
        process.communicate(timeout=30)


async def _floor(addresses: list[str]) -> None:
    """The least that asyncio can do: three commands of port 4028, or one page, and nothing read of it."""
    places = asyncio.Semaphore(_PLACES)

    async def ask(address: str, port: int, request: bytes) -> None:
        reader, writer = await asyncio.open_connection(address, port)
        writer.write(request)
        await reader.read(-1)
        writer.close()

    async def device(index: int, address: str) -> None:
        async with places:
            if index % 5 < _MODELS_WITH_RPC:
                for request in _RPC:
                    await ask(address, 4028, request)
            else:
                await ask(address, 80, _GET)

    await asyncio.gather(*(device(index, address) for index, address in enumerate(addresses)))
