"""The library's readings, its traps met: it runs in a process of its own, as in the product."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import asyncio, os, sys
from asic_edge.readers.pyasic_rs import LibraryReader
from asic_edge.snapshot import Depth
from asic_edge.simulator.device import Fault
from tests.fakes.asic_hall import hall_of

async def main():
    reader = LibraryReader()
    async with hall_of("whatsminer", "bitaxe") as hall:
        whatsminer, bitaxe = hall.devices
        await hall.set_fault(whatsminer, Fault.REFUSING)
        told = [await reader.identify(whatsminer), (await reader.read(whatsminer, Depth.FULL)).reason]
        requests = {request for model, request in hall.journal.requests if model == "whatsminer"}
        told.append(any("write" in each for each in requests))
        await reader.identify(bitaxe)
        await hall.set_fault(bitaxe, Fault.GONE)
        told.append((await reader.read(bitaxe, Depth.FULL)).reason)
        reader.forget(bitaxe)
        told.append((await reader.read(bitaxe, Depth.FULL)).reason)
    sys.stdout.write("\\n".join(map(str, told)))

asyncio.run(main())
sys.stdout.flush()
os._exit(0)
"""


def test_whatsminers_are_left_alone_and_dead_devices_tell_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True
    )
    unknown = "does not answer, or not as any device that is known"
    assert done.stdout.splitlines() == ["None", unknown, "False", "does not answer", unknown]
