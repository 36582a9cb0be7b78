"""The whole edge in one event loop: it reads, reports, notices changes of the roster, and stops in time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from tests.fakes.edge_uplink import EdgeUplink, entry_of, unreachable
from tests.fakes.pretended_edge import PretendedEdge, until
from wire.edge import GivenErrand, RemoveDevices
from wire.messages import Report, ReportReply


def played(scene: Callable[[Path], Coroutine[Any, Any, None]]) -> Callable[[Path], None]:
    """The scene as a test."""

    def test(tmp_path: Path) -> None:
        asyncio.run(scene(tmp_path))

    test.__doc__, test.__name__ = scene.__doc__, scene.__name__
    return test


def address_of(number: int) -> str:
    return entry_of(number).address or ""


@played
async def test_it_reads_reports_and_says_goodbye(tmp_path: Path) -> None:
    hall = PretendedEdge(tmp_path)
    hall.put(1, 2)
    hall.ways.silent.add(address_of(2))
    async with hall.running():
        await until(lambda: "m1" in hall.newest() and hall.is_silent("m2"))
        assert hall.newest()["m1"].appliance is not None or any(
            part.appliance for report in hall.uplink.reports for part in report.machines
        )
        hall.ways.silent = {address_of(1)}
        await until(lambda: hall.is_silent("m1") and hall.newest()["m2"].open is not None)
        assert hall.newest()["m1"].open is None
    last = hall.uplink.reports[-1]
    assert last.goodbye
    assert {part.machine for part in last.machines} == {"m1", "m2"}
    assert last.edge is not None
    assert last.edge.silent_count == 1


@played
async def test_an_empty_roster_is_reported_and_a_command_fills_it(tmp_path: Path) -> None:
    hall = PretendedEdge(tmp_path)
    async with hall.running():
        await until(lambda: len(hall.uplink.reports) >= 2)
        assert hall.uplink.reports[-1].machines == ()
        await asyncio.to_thread(hall.put, 7)
        await until(lambda: "m7" in hall.newest())
        await asyncio.to_thread(hall.put)
        await until(lambda: hall.uplink.tellings[-1].batches[0].entries == ())
        sent = len(hall.uplink.reports)
        await until(lambda: len(hall.uplink.reports) > sent + 1)
        assert hall.uplink.reports[-1].machines == ()


@played
async def test_who_hangs_delays_nobody(tmp_path: Path) -> None:
    hall = PretendedEdge(tmp_path)
    hall.put(1, 2, 3)
    hall.ways.hung.add(address_of(2))
    async with hall.running():
        await until(lambda: {"m1", "m3"} <= hall.newest().keys())
        assert "m2" not in hall.newest()
        await until(lambda: hall.is_silent("m2"))


@played
async def test_who_hangs_is_told_before_it_is_asked_again_as_silent_for_all_that_it_took(
    tmp_path: Path,
) -> None:
    hall = PretendedEdge(tmp_path)
    hall.put(1, 2)
    hall.ways.hung.add(address_of(2))
    async with hall.running(round_s=1.0, deadline_s=0.6):
        await until(lambda: hall.is_silent("m2"))
        assert hall.ways.asked.count(address_of(2)) == 1


@played
async def test_who_is_read_elsewhere_is_not_asked(tmp_path: Path) -> None:
    hall = PretendedEdge(tmp_path)
    hall.put(1, 2)
    hall.uplink.elsewhere = {2}
    async with hall.running() as edge:
        await until(lambda: "m1" in hall.newest())
        await until(lambda: edge._watching.last_round and edge._watching.last_round.asked)
        before = hall.ways.asked.count(address_of(2))
        asked = hall.ways.asked.count(address_of(1))
        await until(lambda: hall.ways.asked.count(address_of(1)) > asked + 2)
        assert hall.ways.asked.count(address_of(2)) == before
    assert "m2" not in hall.newest()


@played
async def test_what_the_commander_does_not_take_is_said_and_not_kept(tmp_path: Path) -> None:
    hall = PretendedEdge(tmp_path)
    hall.put(1, 2)
    hall.uplink.refused = {2: "the farm is full"}
    async with hall.running() as edge:
        await until(lambda: "m1" in hall.newest())
        asked = hall.ways.asked.count(address_of(2))
        await until(lambda: hall.ways.asked.count(address_of(2)) > asked + 2)
        state = hall.uplink.reports[-1].edge
        assert state is not None
        assert (state.reads, state.refused) == (1, 1)
        assert state.trouble == ("rack-2 is not taken by the commander: the farm is full",)
        assert edge.mishaps == 0


@played
async def test_errands_are_done_once_and_their_results_told(tmp_path: Path) -> None:
    hall = PretendedEdge(tmp_path)
    hall.put(1, 2)
    hall.uplink.errands = (GivenErrand(4, RemoveDevices(("m2",))),)
    async with hall.running():
        await until(lambda: _results(hall.uplink.reports))
        await until(lambda: (edge := hall.uplink.reports[-1].edge) and edge.devices == 1)
    assert {(each.number, each.ok) for each in _results(hall.uplink.reports)} == {(4, True)}
    last = hall.uplink.reports[-1].edge
    assert last is not None
    assert (last.errands_done, last.devices) == (4, 1)


@played
async def test_a_commander_that_hangs_does_not_hold_up_the_end(tmp_path: Path) -> None:
    hall = PretendedEdge(tmp_path)
    hall.put(1)
    hangs = threading.Event()

    class Hanging(EdgeUplink):
        def report(self, report: Report, *, timeout_s: float | None = None) -> ReportReply:
            hangs.wait(30)
            raise unreachable()

    hall.uplink = Hanging(hall.clocks)
    try:
        async with hall.running():  # waits a little longer than a goodbye may take, and not for the answer
            await until(lambda: hall.uplink.tellings)
    finally:
        hangs.set()


@played
async def test_a_mishap_does_not_end_it(tmp_path: Path) -> None:
    hall = PretendedEdge(tmp_path)
    hall.put(1)

    class Clumsy:
        def note(self, *_: object) -> None:
            raise RuntimeError("of our own")

    async with hall.running() as edge:
        edge._watching.listeners.insert(0, Clumsy())
        await until(lambda: "m1" in hall.newest())
        await until(lambda: edge._watching.last_round)
        assert edge._watching.mishaps > 0


def _results(reports: list[Report]) -> list[Any]:
    return [each for report in list(reports) if report.edge for each in report.edge.results]
