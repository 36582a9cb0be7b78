"""Rounds with stand-ins for devices and a clock that is moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

import msgspec

from asic_edge.gate import Asked, Gate
from asic_edge.rounds import Limits, Result, Rounds, Summary
from asic_edge.snapshot import Depth, Identity, NoAnswer, Snapshot
from asic_edge.ways import Known
from tests.fakes.asic_hall import until

Answer = Callable[[Known, Depth], Awaitable[Result]]


async def well(known: Known, depth: Depth) -> Result:
    return Snapshot(known.identity, 1.0, depth, hashrate=1.0, uptime_s=100.0)


async def silent(known: Known, depth: Depth) -> Result:
    return NoAnswer("refuses connections")


async def hung(known: Known, depth: Depth) -> Result:
    await asyncio.Event().wait()
    raise AssertionError


async def broken(known: Known, depth: Depth) -> Result:
    raise ZeroDivisionError


class Bench:
    """`answers` by address, else all is well; `asked` is what was asked, in order."""

    def __init__(self, count: int, limits: Limits = Limits()) -> None:  # noqa: B008
        self.now = 1000.0
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, Depth]] = []
        self.results: dict[str, Result] = {}
        self.forgotten: list[str] = []
        self.gate = Gate()
        self.rounds = Rounds(
            self, self.gate, self._keep, limits=limits, steady=lambda: self.now, random=Random(1)
        )
        self.rounds.watch(Known(Identity(f"10.0.0.{each}", "Antminer"), "library") for each in range(count))

    async def read(self, known: Known, depth: Depth) -> Result:
        address = known.identity.address
        self.asked.append((address, depth))
        return await self.answers.get(address, well)(known, depth)

    def forget(self, address: str) -> None:
        self.forgotten.append(address)

    def round(self, later_s: float = 10.0) -> Summary:
        """One round, `later_s` after the one before."""
        self.now += later_s
        self.asked, self.results = [], {}
        return asyncio.run(self.rounds.round(10.0))

    def _keep(self, known: Known, result: Result) -> None:
        self.results[known.identity.address] = result


def test_the_first_reading_is_full_then_light_then_full_again() -> None:
    bench = Bench(1)
    depths = []
    for later_s in (0, 10, 10, 1000, 10):
        bench.round(later_s)
        depths.append(bench.asked[0][1])
    assert depths == [Depth.FULL, Depth.LIGHT, Depth.LIGHT, Depth.FULL, Depth.LIGHT]


def test_after_a_restart_full_readings_are_spread() -> None:
    bench = Bench(0)
    bench.rounds.watch(
        [Known(Identity(f"10.0.0.{each}"), "library") for each in range(90)], full_at_once=False
    )
    bench.round()
    assert sum(depth is Depth.FULL for _, depth in bench.asked) < 20
    for _ in range(95):
        bench.round()
    assert all(bench.gate.asked(f"10.0.0.{each}").full >= 1 for each in range(90))


def test_a_silent_device_has_no_figure_at_once_and_is_asked_ever_less_often() -> None:
    bench = Bench(2)
    bench.round()
    bench.answers["10.0.0.0"] = silent
    told = []
    for _ in range(60):
        bench.round()
        told.append(bench.results.get("10.0.0.0"))
    assert told[:2] == [NoAnswer("refuses connections")] * 2
    assert 5 <= sum(1 for each in told if each is not None) <= 12
    assert not any(isinstance(each, Snapshot) for each in told)


def test_a_device_that_is_back_is_read_in_full_and_then_as_usual() -> None:
    bench = Bench(1)
    bench.round()
    bench.answers["10.0.0.0"] = silent
    bench.round()
    del bench.answers["10.0.0.0"]
    assert [(bench.round(), bench.asked)[1] for _ in range(2)] == [
        [("10.0.0.0", Depth.FULL)],
        [("10.0.0.0", Depth.LIGHT)],
    ]


def test_hung_devices_are_told_of_after_their_deadline_and_hold_up_nobody() -> None:
    """More of them than there are places, and all of them before the others."""
    bench = Bench(20, Limits(deadline_s=1, places=3, place_kept_s=0.01))
    for each in range(10):
        bench.answers[f"10.0.0.{each}"] = hung
    summary = bench.round()
    assert (summary.asked, summary.answered) == (20, 10)
    assert bench.results["10.0.0.0"] == NoAnswer("gave no answer within 1 s")
    assert list(bench.results)[:10] == [f"10.0.0.{each}" for each in range(10, 20)]


def test_an_error_in_a_reader_is_the_one_devices_alone() -> None:
    bench = Bench(2)
    bench.answers["10.0.0.0"] = broken
    assert bench.round().answered == 1
    assert bench.results["10.0.0.0"] == NoAnswer("could not be read: ZeroDivisionError")


def test_the_library_identifies_anew_after_three_silent_readings() -> None:
    bench = Bench(1)
    bench.answers["10.0.0.0"] = silent
    for _ in range(3):
        assert bench.forgotten == []
        bench.round(1000)
    assert bench.forgotten == ["10.0.0.0"]


def test_a_restart_brings_a_full_reading_for_it_may_be_another_device() -> None:
    bench = Bench(1)
    bench.round()

    async def restarted(known: Known, depth: Depth) -> Result:
        return Snapshot(known.identity, 1.0, depth, hashrate=1.0, uptime_s=5.0)

    bench.answers["10.0.0.0"] = restarted
    bench.round()
    bench.round()
    assert bench.asked == [("10.0.0.0", Depth.FULL)]


def test_another_mac_is_told_and_identified_anew() -> None:
    bench = Bench(1)
    macs = iter(["02:00:00:00:00:01", "02:00:00:00:00:02"])

    async def told(known: Known, depth: Depth) -> Result:
        identity = msgspec.structs.replace(known.identity, mac=next(macs))
        return Snapshot(identity, 1.0, depth, hashrate=1.0, uptime_s=5.0)

    bench.answers["10.0.0.0"] = told
    bench.round()
    bench.round(1000)
    result = bench.results["10.0.0.0"]
    assert isinstance(result, Snapshot)
    assert result.identity.mac == "02:00:00:00:00:02"
    assert bench.forgotten == ["10.0.0.0"]


def test_a_full_reading_that_came_back_light_is_tried_again() -> None:
    bench = Bench(1)

    async def too_many(known: Known, depth: Depth) -> Result:
        return Snapshot(known.identity, 1.0, Depth.LIGHT, hashrate=1.0)

    bench.answers["10.0.0.0"] = too_many
    bench.round()
    bench.round()
    assert bench.asked == [("10.0.0.0", Depth.FULL)]


def test_rounds_of_one_device_never_overlap() -> None:
    """The next round begins while a device still hangs in the one before."""

    async def run() -> list[tuple[str, Depth]]:
        bench = Bench(2, Limits(deadline_s=60))
        bench.answers["10.0.0.0"] = hung
        first = asyncio.create_task(bench.rounds.round(10))
        await until(lambda: bench.results)
        bench.now += 10
        bench.asked = []
        await bench.rounds.round(10)
        first.cancel()
        return bench.asked

    assert asyncio.run(run()) == [("10.0.0.1", Depth.LIGHT)]


def test_a_model_is_not_asked_more_often_than_it_bears() -> None:
    bench = Bench(0)
    bench.rounds.watch([Known(Identity("10.0.0.1", "IceRiver", "KS0 Ultra"), "iceriver")])
    asked = sum(bench.round(5).asked for _ in range(10))
    assert asked == 5


def test_every_reading_is_counted() -> None:
    bench = Bench(1)
    for _ in range(3):
        bench.round()
    assert bench.gate.asked("10.0.0.0") == Asked(identified=0, light=2, full=1)
    bench.rounds.unwatch("10.0.0.0")
    assert bench.round().asked == 0


def test_run_begins_a_round_each_interval() -> None:
    async def run() -> Asked:
        bench = Bench(1)
        running = asyncio.create_task(bench.rounds.run(0.0))
        while bench.gate.asked("10.0.0.0").light < 2:
            bench.now += 10
            await asyncio.sleep(0)
        running.cancel()
        return bench.gate.asked("10.0.0.0")

    assert asyncio.run(run()).full == 1


def test_it_tells_how_long_the_last_reading_took() -> None:
    bench = Bench(1)

    async def slow(known: Known, depth: Depth) -> Result:
        bench.now += 3.0
        return await well(known, depth)

    assert bench.rounds.took_s("10.0.0.0") == 0.0
    bench.answers["10.0.0.0"] = slow
    bench.round()
    assert bench.rounds.took_s("10.0.0.0") == 3.0
    assert bench.rounds.took_s("10.9.9.9") == 0.0
