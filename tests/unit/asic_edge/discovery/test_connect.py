"""Who accepts connections."""

from __future__ import annotations

import asyncio

from asic_edge.discovery.connect import open_ports, why_closed
from asic_edge.simulator.device import Fault
from tests.fakes.asic_hall import hall_of
from tests.fakes.asic_lines import answering


def test_open_refusing_and_silent_addresses() -> None:
    async def run() -> list[frozenset[int]]:
        async with hall_of("antminer", "whatsminer", "bitaxe", "antminer", "antminer") as hall:
            *_, gone, silent = hall.devices
            await hall.set_fault(gone, Fault.GONE)
            await hall.set_fault(silent, Fault.SILENT)
            return list(await asyncio.gather(*(open_ports(each, 0.2) for each in hall.devices)))

    ports = [sorted(each) for each in asyncio.run(run())]
    assert ports == [[80, 4028], [4028], [80], [], []]


def test_a_port_of_few_makes_is_tried_where_somebody_refuses_the_others() -> None:
    async def run() -> frozenset[int]:
        async with answering(8889, lambda _: b"") as address:
            return await open_ports(address, 1.0)

    assert asyncio.run(run()) == {8889}


def test_why_nothing_is_open_in_words() -> None:
    async def run() -> list[str]:
        async with hall_of("bitaxe", "bitaxe") as hall:
            gone, silent = hall.devices
            await hall.set_fault(gone, Fault.GONE)
            await hall.set_fault(silent, Fault.SILENT)
            return [await why_closed(each, 0.2) for each in (gone, silent)]

    refused, silent = asyncio.run(run())
    assert refused == "refuses connections on port 80"
    assert silent.startswith("does not answer within 0.2 s")
