"""Ailing devices answer in the recorded shape; their readings show what is wrong."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from asic_edge.native.client import NativeReader
from asic_edge.simulator.ailments import Ailment, ailing
from asic_edge.simulator.captures import RECORDINGS, load_capture
from asic_edge.simulator.models import MODELS
from asic_edge.snapshot import Snapshot
from tests.fakes.asic_hall import hall_of, reading_of

ANSWERS = [
    (f"{model.folder}/{name}", answer.content)
    for model in MODELS.values()
    for capture in [load_capture(RECORDINGS / model.folder)]
    for name, answer in {**capture.rpc, **capture.web}.items()
]
CASES = [
    *((name, Ailment.NONE) for name in MODELS),
    *((name, Ailment.HOT) for name in MODELS),
    *((name, Ailment.STOPPED_FAN) for name in MODELS),
    *((name, Ailment.DEAD_BOARD) for name in MODELS if name != "bitaxe"),
]
Readings = dict[tuple[str, Ailment], Snapshot]


def _shape(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _shape(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_shape(each) for each in content]
    return type(content)


@pytest.mark.parametrize("ailment", Ailment)
@pytest.mark.parametrize(("name", "content"), ANSWERS, ids=[name for name, _ in ANSWERS])
def test_shape_stays(name: str, content: Any, ailment: Ailment) -> None:
    assert _shape(ailing(content, ailment)) == _shape(content)
    assert list(ailing(content, ailment)) == list(content)


@pytest.fixture(scope="module")
def readings() -> Readings:
    """One of each case, through the real readers."""
    return asyncio.run(_read_all())


async def _read_all() -> Readings:
    native = NativeReader()
    reading = reading_of(native)
    try:
        async with hall_of(*(name for name, _ in CASES), vary=True) as hall:
            cases = dict(zip(hall.devices, CASES, strict=True))
            for address, (_, ailment) in cases.items():
                hall.devices[address].ailment = ailment
            await reading.watch(hall)
            found = await reading.round()
            return {cases[at]: each for at, each in found.items() if isinstance(each, Snapshot)}
    finally:
        await native.close()


def _hottest(snapshot: Snapshot) -> float:
    degrees = [board.chip_temperature_c or board.temperature_c for board in snapshot.boards]
    return max(each for each in degrees if each is not None)


def test_all_are_read(readings: Readings) -> None:
    assert set(readings) == set(CASES)


@pytest.mark.parametrize("name", MODELS)
def test_a_hot_one_is_hotter(readings: Readings, name: str) -> None:
    assert _hottest(readings[name, Ailment.HOT]) == _hottest(readings[name, Ailment.NONE]) + 22


@pytest.mark.parametrize("name", MODELS)
def test_a_fan_stands_still(readings: Readings, name: str) -> None:
    well, ill = (readings[name, each].fans for each in (Ailment.NONE, Ailment.STOPPED_FAN))
    assert ill[0].rpm == 0
    assert ill[1:] == well[1:]


@pytest.mark.parametrize("name", ["antminer", "whatsminer", "iceriver"])
def test_a_board_is_dead_and_missing_in_the_total(readings: Readings, name: str) -> None:
    ill = readings[name, Ailment.DEAD_BOARD]
    rates = {board.position: board.hashrate for board in ill.boards}
    assert not rates.get(1), "some readers leave it out"
    assert rates[0]
    assert rates[2]
    well = readings[name, Ailment.NONE].hashrate
    assert well is not None
    assert ill.hashrate == pytest.approx(well * 2 / 3, rel=0.05)
