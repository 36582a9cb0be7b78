"""Searches of a pretended hall: all are found, none extra, whatever some of them do."""

from __future__ import annotations

import asyncio

import pytest

from asic_edge.discovery.connect import TooManyOpenFiles
from asic_edge.discovery.ranges import addresses_of
from asic_edge.discovery.search import Progress, Search, search
from asic_edge.gate import Gate
from asic_edge.native.client import NativeReader
from asic_edge.simulator.device import Fault
from asic_edge.snapshot import Identity, NoAnswer
from asic_edge.ways import Known, Ways
from tests.fakes.asic_hall import hall_of, until

MODELS = ("antminer", "whatsminer", "bitaxe", "iceriver", "antminer", "whatsminer")


class FakeWays:
    """Identifies anything, or waits for ever; at one address it fails in a way that nobody thought of."""

    def __init__(self, *, waits: bool = False, fails_at: str = "") -> None:
        self.waits, self.fails_at = waits, fails_at
        self.asked: list[str] = []

    async def identify(self, address: str, ports: frozenset[int]) -> Known | NoAnswer:
        self.asked.append(address)
        if address == self.fails_at:
            raise ValueError("what nobody thought of")
        if self.waits:
            await asyncio.Event().wait()
        return Known(Identity(address, "Bitaxe"), "library")


def test_all_are_found_and_the_hung_one_is_told_of() -> None:
    async def run() -> tuple[Search, list[str], list[Progress]]:
        native, progress = NativeReader(), list[Progress]()
        try:
            async with hall_of(*MODELS) as hall:
                live = list(hall.devices)
                await hall.set_fault(live[-1], Fault.HUNG)
                within = addresses_of([f"{live[0].rpartition('.')[0]}.0/26"])
                found = await search(
                    Search(within),
                    Ways(native, 5.0),
                    Gate(),
                    on_progress=progress.append,
                    identify_within_s=4,
                )
                return found, live, progress
        finally:
            await native.close()

    found, live, progress = asyncio.run(run())
    assert sorted(each.identity.address for each in found.found) == sorted(live[:-1])
    assert [
        (each.identity.make, each.identity.model) for each in found.found if each.reader == "iceriver"
    ] == [("IceRiver", "KS5L")]
    ((address, ports, reason),) = found.unidentified
    assert (address, ports, reason) == (live[-1], (4028,), "gave no answer within 4 s")
    assert progress[-1] == Progress(total=62, tried=62, found=5, unidentified=1)
    assert progress[0].tried < 62


def test_cancelling_keeps_what_was_found() -> None:
    async def run() -> Search:
        async with hall_of("bitaxe") as hall:
            under_way, ways = Search(list(hall.devices)), FakeWays(waits=True)
            under_way.found.append(Known(Identity("10.0.0.1"), "library"))
            running = asyncio.create_task(search(under_way, ways, Gate()))
            await until(lambda: ways.asked)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            return under_way

    assert len(asyncio.run(run()).found) == 1


def test_a_device_that_is_being_read_is_waited_for() -> None:
    """Before the first connection: some devices bear no more than one."""

    async def run() -> None:
        async with hall_of("bitaxe", "bitaxe") as hall:
            gate, ways = Gate(), FakeWays()
            read, other = hall.devices
            under_way = Search([read, other])
            async with gate.turn(read):
                running = asyncio.create_task(search(under_way, ways, gate))
                await until(lambda: under_way.found)
                assert (ways.asked, under_way.tried) == ([other], 1)
            await running
            assert ways.asked == [other, read]

    asyncio.run(run())


def test_too_few_descriptors_end_the_search_rather_than_to_call_devices_missing() -> None:
    async def run() -> None:
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
        try:
            await search(Search(addresses_of(["10.255.255.0/24"])), FakeWays(), Gate())
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    with pytest.raises(TooManyOpenFiles):
        asyncio.run(run())


def test_nothing_to_search_is_no_error() -> None:
    assert asyncio.run(search(Search([]), FakeWays(), Gate())).progress == Progress(0, 0, 0, 0)


def test_a_mishap_with_one_device_does_not_end_the_search() -> None:
    async def run() -> Search:
        async with hall_of("bitaxe", "bitaxe") as hall:
            first, *_ = within = list(hall.devices)
            return await search(Search(within), FakeWays(fails_at=first), Gate())

    found = asyncio.run(run())
    assert len(found.found) == 1
    assert [each.reason for each in found.unidentified] == ["could not be identified: ValueError"]
