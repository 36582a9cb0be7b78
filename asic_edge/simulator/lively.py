"""Makes pretended ASICs differ as those of a real hall do: some ail, some fall silent, some come and go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from asic_edge.simulator.ailments import Ailment
from asic_edge.simulator.device import Device, Fault
from asic_edge.simulator.hall import Hall

FAULTS_AFTER_S: Final = 90.0
"""Until then all answer, so that a search finds them all."""
AWAY_S, BACK_S = 150.0, 450.0

_Sleep = Callable[[float], Awaitable[None]]


def set_ailments(devices: Sequence[Device]) -> None:
    """Some are hot, one in a hundred has a dead board, and one a fan that stands still."""
    for place, device in enumerate(devices, start=1):
        device.ailment = _ailment(place)


async def live(hall: Hall, sleep: _Sleep = asyncio.sleep) -> None:
    """For ever: after a while one in a hundred is silent and one has another password; some come and go."""
    await sleep(FAULTS_AFTER_S)
    for place, address in enumerate(hall.devices, start=1):
        if fault := _LASTING.get(place % 100):
            await hall.set_fault(address, fault)
    restless = list(hall.devices)[25::50]
    while True:
        for fault, lasts_s in ((Fault.GONE, AWAY_S), (Fault.NONE, BACK_S)):
            for address in restless:
                await hall.set_fault(address, fault)
            await sleep(lasts_s)


def _ailment(place: int) -> Ailment:
    if place % 25 == 5:
        return Ailment.HOT
    return _LASTING_AILMENTS.get(place % 100, Ailment.NONE)


# By turns the models are Antminer, Whatsminer, Bitaxe and IceRiver: these places have what a fault needs.
_LASTING_AILMENTS = {14: Ailment.DEAD_BOARD, 17: Ailment.STOPPED_FAN}
_LASTING = {9: Fault.PASSWORD, 22: Fault.SILENT}
