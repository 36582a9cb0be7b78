"""Which reader is asked what, with a stand-in for pyasic-rs and no sockets where none is needed."""

from __future__ import annotations

import asyncio

import pytest

from asic_edge.discovery.search import IDENTIFY_WITHIN_S
from asic_edge.login import Login
from asic_edge.native.client import GRACE_S
from asic_edge.rounds import DEADLINE_S
from asic_edge.snapshot import Depth, Identity, NoAnswer, Snapshot
from asic_edge.ways import LIBRARY, LIBRARY_WITHIN_S, PLACE_WITHIN_S, REST_WITHIN_S, Known, Ways
from tests.fakes.asic_hall import hall_of

ADDRESS = "127.0.0.2"
BITAXE = Identity(ADDRESS, "Bitaxe", "Gamma", mac="02:00:00:00:00:01")


class FakeLibrary:
    """Says what it is told to."""

    def __init__(self, identity: Identity | NoAnswer | None, result: Snapshot | NoAnswer) -> None:
        self.identity, self.result = identity, result
        self.forgotten: list[str] = []
        self.reads: list[Depth] = []

    async def identify(self, address: str, limit_s: float, login: Login | None) -> Identity | NoAnswer | None:
        return self.identity

    async def read(
        self, address: str, depth: Depth, limit_s: float, login: Login | None
    ) -> Snapshot | NoAnswer:
        self.reads.append(depth)
        return self.result

    def forget(self, address: str) -> None:
        self.forgotten.append(address)


SILENT = NoAnswer("does not answer")


@pytest.mark.parametrize(
    ("told", "known"),
    [
        (BITAXE, Known(BITAXE, LIBRARY)),
        (None, NoAnswer("is no ASIC that is known here")),
        (SILENT, SILENT),
    ],
)
def test_without_open_ports_of_ours_only_the_library_is_asked(
    told: Identity | NoAnswer | None, known: Known | NoAnswer
) -> None:
    ways = Ways(FakeLibrary(told, SILENT), 1.0)
    assert asyncio.run(ways.identify(ADDRESS, frozenset({8889}))) == known


def test_a_light_reading_keeps_the_known_identity_while_make_and_model_fit() -> None:
    told = Identity(ADDRESS, "Bitaxe", "Gamma")
    ways = Ways(FakeLibrary(None, Snapshot(told, 1.0, Depth.LIGHT, hashrate=1.0)), 1.0)
    result = asyncio.run(ways.read(Known(BITAXE, LIBRARY), Depth.LIGHT))
    assert isinstance(result, Snapshot)
    assert result.identity == BITAXE


def test_another_device_at_the_address_is_not_taken_for_the_known_one() -> None:
    other = Identity(ADDRESS, "Avalon", "A1566")
    ways = Ways(FakeLibrary(None, Snapshot(other, 1.0, Depth.LIGHT, hashrate=1.0)), 1.0)
    result = asyncio.run(ways.read(Known(BITAXE, LIBRARY), Depth.LIGHT))
    assert isinstance(result, Snapshot)
    assert result.identity == other


def test_an_antminer_that_the_library_cannot_read_is_read_in_part() -> None:
    async def run() -> tuple[FakeLibrary, Snapshot | NoAnswer]:
        library = FakeLibrary(None, SILENT)
        async with hall_of("antminer") as hall:
            (address,) = hall.devices
            known = Known(Identity(address, "Antminer", "S19 Pro"), LIBRARY)
            return library, await Ways(library, 5.0).read(known, Depth.FULL)

    library, result = asyncio.run(run())
    assert isinstance(result, Snapshot)
    assert result.hashrate == 110566890000000.0
    assert {each.part for each in result.unread} >= {"mac", "messages"}
    assert all("its web does not answer" in each.reason for each in result.unread)
    assert library.forgotten == [result.identity.address]


def test_light_readings_of_an_antminer_leave_the_library_alone() -> None:
    async def run() -> FakeLibrary:
        library = FakeLibrary(None, SILENT)
        async with hall_of("antminer") as hall:
            (address,) = hall.devices
            known = Known(Identity(address, "Antminer", "S19 Pro"), LIBRARY)
            await Ways(library, 5.0).read(known, Depth.LIGHT)
        return library

    assert asyncio.run(run()).reads == []


def test_a_hung_reading_process_is_noticed_before_the_round_gives_up() -> None:
    """Else it would be cancelled each time and never replaced."""
    assert LIBRARY_WITHIN_S + GRACE_S < DEADLINE_S
    assert PLACE_WITHIN_S + REST_WITHIN_S + GRACE_S < DEADLINE_S
    assert LIBRARY_WITHIN_S + GRACE_S < IDENTIFY_WITHIN_S


def test_antminers_of_other_algorithms_are_the_librarys() -> None:
    """Their `stats` may mean another unit."""
    library = FakeLibrary(None, SILENT)
    known = Known(Identity(ADDRESS, "Antminer", "L7"), LIBRARY)
    assert asyncio.run(Ways(library, 1.0).read(known, Depth.LIGHT)) == SILENT
    assert library.reads == [Depth.LIGHT]
