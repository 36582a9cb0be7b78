"""A lively hall: who ails from the beginning, who falls silent later, who comes and goes."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from asic_edge.simulator.ailments import Ailment
from asic_edge.simulator.device import Fault
from asic_edge.simulator.hall import Hall
from asic_edge.simulator.lively import AWAY_S, BACK_S, FAULTS_AFTER_S, live, set_ailments
from asic_edge.simulator.models import MODELS
from tests.fakes.asic_hall import hall_of

TWO_HUNDRED = tuple(MODELS) * 50


class _Ended(Exception):
    """The test has seen enough."""


def _faults(hall: Hall) -> Counter[tuple[str, Fault]]:
    every = ((device.name, device.fault) for device in hall.devices.values())
    return Counter(each for each in every if each[1] is not Fault.NONE)


def test_some_ail_and_the_faults_have_models_that_can_have_them() -> None:
    devices = list(hall_of(*TWO_HUNDRED).devices.values())
    set_ailments(devices)
    found = Counter((device.name, device.ailment) for device in devices)
    assert {name for name, ailment in found if ailment is Ailment.HOT} == set(MODELS)
    assert found["whatsminer", Ailment.DEAD_BOARD] == 2
    assert found["antminer", Ailment.STOPPED_FAN] == 2
    assert sum(count for (_, ailment), count in found.items() if ailment is Ailment.NONE) == 188


def test_faults_come_later_and_some_come_and_go() -> None:
    lasting = {("antminer", Fault.PASSWORD): 2, ("whatsminer", Fault.SILENT): 2}
    away = {("whatsminer", Fault.GONE): 2, ("iceriver", Fault.GONE): 2}
    seen: list[tuple[float, Counter[tuple[str, Fault]]]] = []

    async def run() -> None:
        async with hall_of(*TWO_HUNDRED) as hall:

            async def look(lasts_s: float) -> None:
                seen.append((lasts_s, _faults(hall)))
                if len(seen) == 4:
                    raise _Ended

            await live(hall, look)

    with pytest.raises(_Ended):
        asyncio.run(run())
    assert seen == [
        (FAULTS_AFTER_S, {}),
        (AWAY_S, lasting | away),
        (BACK_S, lasting),
        (AWAY_S, lasting | away),
    ]
