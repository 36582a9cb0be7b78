"""Each question to a device has its time."""

from __future__ import annotations

import asyncio

import pytest

from asic_edge.errands.asking import TRIES, Devices
from asic_edge.gate import Gate
from asic_edge.snapshot import Depth, Identity, NoAnswer, Snapshot
from asic_edge.ways import PLACES, Known
from tests.fakes.asic_lines import answering


class FakeWays:
    """Never answers, or at once, or fails, or at first in light; counts who asks at the same time."""

    def __init__(self, *, hangs: bool = False, fails: bool = False, light: int = 0) -> None:
        self.fails, self.light = fails, light
        self.hangs, self.now, self.most = hangs, 0, 0

    async def identify(self, address: str, ports: frozenset[int]) -> Known | NoAnswer:
        await asyncio.sleep(60 if self.hangs else 0)
        if self.fails:
            raise ValueError("what nobody thought of")
        return Known(Identity(address), "library")

    async def read(self, known: Known, depth: Depth) -> Snapshot | NoAnswer:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(60 if self.hangs else 0)
        self.now -= 1
        if self.fails:
            raise ValueError("what nobody thought of")
        self.light -= 1
        return Snapshot(known.identity, 1.0, depth if self.light < 0 else Depth.LIGHT)


def test_a_device_that_answers_too_slowly_is_told_of() -> None:
    async def run() -> list[object]:
        devices = Devices(FakeWays(hangs=True), Gate(), identify_within_s=0.05, read_within_s=0.05)
        async with answering(80, lambda _: b"") as address:
            return [
                await devices.identified(address),
                await devices.read(Known(Identity(address), "library")),
            ]

    identified, read = asyncio.run(run())
    assert identified == NoAnswer("answers too slowly: nothing within 0.05 s")
    assert read == NoAnswer("answers too slowly: no reading within 0.05 s")


def test_a_mishap_with_one_device_is_told_of() -> None:
    async def run() -> list[object]:
        devices = Devices(FakeWays(fails=True), Gate())
        async with answering(80, lambda _: b"") as address:
            known = Known(Identity(address), "library")
            return [await devices.identified(address), await devices.read(known)]

    identified, read = asyncio.run(run())
    assert identified == NoAnswer("could not be identified: ValueError")
    assert read == NoAnswer("could not be read: ValueError")


@pytest.mark.parametrize(("light", "asked", "depth"), [(2, 3, Depth.FULL), (9, TRIES, Depth.LIGHT)])
def test_one_that_found_no_place_for_a_full_reading_is_asked_again(
    light: int, asked: int, depth: Depth
) -> None:
    ways, gate = FakeWays(light=light), Gate()
    read = asyncio.run(Devices(ways, gate).read(Known(Identity("10.0.0.1"), "library")))
    assert isinstance(read, Snapshot)
    assert (read.depth, gate.asked("10.0.0.1").full) == (depth, asked)


def test_nothing_is_asked_of_a_device_that_is_being_asked() -> None:
    """Not even whether it listens: some bear one connection alone."""

    async def run() -> tuple[object, int]:
        gate, reached = Gate(), list[bytes]()
        devices = Devices(FakeWays(), gate, identify_within_s=0.05)

        def reply(got: bytes) -> bytes:
            reached.append(got)
            return b""

        async with answering(80, reply) as address, gate.turn(address):
            return await devices.identified(address), len(reached)

    told, reached = asyncio.run(run())
    assert told == NoAnswer("answers too slowly: nothing within 0.05 s")
    assert reached == 0


def test_many_are_read_in_their_order_so_many_at_a_time() -> None:
    ways, done = FakeWays(), list[int]()
    known = [Known(Identity(f"10.0.0.{number}"), "library") for number in range(100)]
    results = asyncio.run(Devices(ways, Gate()).read_all(known, done.append))
    assert [each.identity for each in results if isinstance(each, Snapshot)] == [
        each.identity for each in known
    ]
    assert done == list(range(1, 101))
    assert ways.most == PLACES
