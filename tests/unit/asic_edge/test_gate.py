"""One asker at a time in a device, and how often each was asked."""

from __future__ import annotations

import asyncio

from asic_edge.gate import USUAL, Asked, Gate, budget_of
from asic_edge.snapshot import Depth, Identity

KS0 = Identity("10.0.0.1", "IceRiver", "KS0 Ultra")


def test_turns_of_one_device_never_overlap_and_of_others_do() -> None:
    async def run() -> tuple[int, int]:
        gate, inside, most = Gate(), {"a": 0, "b": 0}, {"a": 0, "both": 0}

        async def ask(address: str) -> None:
            async with gate.turn(address):
                inside[address] += 1
                most["a"] = max(most["a"], inside["a"])
                most["both"] = max(most["both"], inside["a"] + inside["b"])
                await asyncio.sleep(0)
                inside[address] -= 1

        await asyncio.gather(*(ask(each) for each in ("a", "b") * 5))
        return most["a"], most["both"]

    assert asyncio.run(run()) == (1, 2)


def test_a_turn_that_is_cancelled_leaves_the_gate_open() -> None:
    async def run() -> None:
        gate = Gate()
        async with gate.turn("a"):
            waiting = asyncio.create_task(gate.turn("a").__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
        async with asyncio.timeout(5), gate.turn("a"):
            pass

    asyncio.run(run())


def test_counts_by_device_and_by_model() -> None:
    gate = Gate()
    gate.count("10.0.0.1", None)
    gate.count("10.0.0.1", Depth.FULL, KS0)
    gate.count("10.0.0.1", Depth.LIGHT, KS0)
    gate.count("10.0.0.2", Depth.LIGHT, KS0)
    assert gate.asked("10.0.0.1") == Asked(identified=1, light=1, full=1)
    assert gate.asked_by_model() == {"IceRiver KS0 Ultra": Asked(identified=0, light=2, full=1)}
    gate.forget("10.0.0.1")
    assert gate.asked("10.0.0.1") == Asked(0, 0, 0)


def test_makes_that_hang_are_asked_by_one_connection() -> None:
    assert budget_of(KS0).connections == 1
    assert budget_of(Identity("10.0.0.1", "Antminer")) == USUAL
