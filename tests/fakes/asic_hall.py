"""Pretended ASICs for tests, on addresses that no other test process uses, and what reads them."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from itertools import count
from typing import NamedTuple

import pytest

from asic_edge.gate import Gate
from asic_edge.native.client import NativeReader
from asic_edge.rounds import Limits, Result, Rounds
from asic_edge.simulator.hall import Hall, addresses_from, make_devices, may_use_web_port
from asic_edge.snapshot import NoAnswer
from asic_edge.ways import Known, Ways

_used = count(1)


def need_low_ports() -> None:
    """Devices listen on port 80, and on addresses that only Linux has. Else skipped; in CI it fails."""
    if sys.platform == "linux" and may_use_web_port():
        return
    message = (
        "pretended ASICs need Linux and the right to listen on port 80 (see asic_edge/simulator/hall.py)"
    )
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def hall_of(*names: str, vary: bool = False) -> Hall:
    """A device of each name, each time on other addresses."""
    need_low_ports()
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = f"127.{60 + worker}.{next(_used)}.1"
    return Hall(make_devices(names, addresses_from(first, len(names)), vary=vary))


async def until(holds: Callable[[], object]) -> None:
    """Lets the others go on until it holds, for some seconds at most."""
    for _ in range(2000):
        if holds():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came to that")


class Reading(NamedTuple):
    """What reads a hall; `results` are the last round's by address."""

    ways: Ways
    gate: Gate
    rounds: Rounds
    results: dict[str, Result]

    async def watch(self, hall: Hall) -> list[Known | NoAnswer]:
        """Identifies every device; those that are known are watched from now on."""
        told = [
            await self.ways.identify(device.address, frozenset(device.model.ports))
            for device in hall.devices.values()
        ]
        self.rounds.watch(each for each in told if isinstance(each, Known))
        return told

    async def round(self) -> dict[str, Result]:
        """One round's results by address."""
        self.results.clear()
        await self.rounds.round(10)
        return dict(self.results)


def reading_of(
    native: NativeReader, *, limit_s: float = 5.0, steady: Callable[[], float] = time.monotonic
) -> Reading:
    """Rounds that wait for a device at most `limit_s`."""
    ways, gate, results = Ways(native, limit_s), Gate(), dict[str, Result]()

    def keep(known: Known, result: Result) -> None:
        results[known.identity.address] = result

    limits = Limits(deadline_s=limit_s)
    rounds = Rounds(ways, gate, keep, limits=limits, steady=steady)
    return Reading(ways, gate, rounds, results)
