"""Each fault of each model: the others are read, the faulty one is offline or partial, with its reason."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import pytest

from asic_edge.native.client import NativeReader
from asic_edge.rounds import Result
from asic_edge.simulator.device import Fault
from asic_edge.simulator.models import MODELS
from asic_edge.snapshot import Depth, NoAnswer, Snapshot
from asic_edge.ways import Known
from tests.fakes.asic_hall import hall_of, reading_of

OFFLINE = (Fault.HUNG, Fault.GARBAGE, Fault.HALF, Fault.RESET, Fault.DRIP, Fault.GONE, Fault.SILENT)
KINDS = tuple(MODELS)
LIMIT_S = 6.0
WORDS = {
    Fault.HUNG: ("no answer within",),
    Fault.GARBAGE: ("no readable answer", "does not answer"),
    Fault.HALF: ("no readable answer", "too early", "does not answer"),
    Fault.RESET: ("broke the connection off", "does not answer", "no readable answer"),
    Fault.DRIP: ("no answer within",),
    Fault.GONE: ("refuses connections", "does not answer"),
    Fault.SILENT: ("no answer within",),
}


class Story(NamedTuple):
    """Results of one round in which every fault of every model is there, beside a healthy device of each."""

    faulty: dict[tuple[str, Fault], Result]
    healthy: dict[str, Result]
    after: dict[tuple[str, Fault], Result]
    password: Result
    password_light: Result
    restarted: Known | NoAnswer
    restarted_result: Result


@pytest.fixture(scope="module")
def story() -> Story:
    return asyncio.run(_run())


async def _run() -> Story:
    native = NativeReader()
    now = [1000.0]
    reading = reading_of(native, limit_s=LIMIT_S, steady=lambda: now[0])
    cases = [(name, fault) for fault in OFFLINE for name in KINDS]
    try:
        async with hall_of(*KINDS, *(name for name, _ in cases)) as hall:
            await reading.watch(hall)
            addresses = list(hall.devices)
            well = dict(zip(KINDS, addresses, strict=False))
            sick = dict(zip(cases, addresses[len(KINDS) :], strict=True))
            for (_, fault), address in sick.items():
                await hall.set_fault(address, fault)
            results = await reading.round()
            faulty = {case: results[address] for case, address in sick.items()}
            healthy = {name: results[address] for name, address in well.items()}
            for address in sick.values():
                await hall.set_fault(address, Fault.NONE)
            now[0] += 10
            results = await reading.round()
            after = {case: results[address] for case, address in sick.items()}
            return Story(faulty, healthy, after, *await _changed_password(native, now))
    finally:
        await native.close()


async def _changed_password(
    native: NativeReader, now: list[float]
) -> tuple[Result, Result, Known | NoAnswer, Result]:
    """Of an Antminer: read in full and lightly, then by an agent that has never seen it before."""
    reading = reading_of(native, steady=lambda: now[0])
    async with hall_of("antminer") as hall:
        await reading.watch(hall)
        (address,) = hall.devices
        await hall.set_fault(address, Fault.PASSWORD)
        full = (await reading.round())[address]
        now[0] += 10
        light = (await reading.round())[address]
        anew = reading_of(native, steady=lambda: now[0])
        (known,) = await anew.watch(hall)
        return full, light, known, (await anew.round())[address]


@pytest.mark.parametrize("fault", OFFLINE)
@pytest.mark.parametrize("name", KINDS)
def test_faulty_device_is_offline_with_its_reason(story: Story, name: str, fault: Fault) -> None:
    result = story.faulty[name, fault]
    assert isinstance(result, NoAnswer)
    assert any(words in result.reason for words in WORDS[fault]), result.reason


@pytest.mark.parametrize("name", KINDS)
def test_healthy_device_beside_them_is_read(story: Story, name: str) -> None:
    assert isinstance(story.healthy[name], Snapshot)


@pytest.mark.parametrize("fault", OFFLINE)
@pytest.mark.parametrize("name", KINDS)
def test_device_that_is_well_again_is_read_in_the_next_round(story: Story, name: str, fault: Fault) -> None:
    result = story.after[name, fault]
    assert isinstance(result, Snapshot)
    assert result.depth is Depth.FULL
    assert result.hashrate is not None


def test_changed_password_costs_only_what_the_web_tells(story: Story) -> None:
    assert isinstance(story.password, Snapshot)
    assert story.password.hashrate == 110566890000000.0
    reasons = {each.part: each.reason for each in story.password.unread}
    assert reasons.pop("power_w") == "the device did not tell it"
    assert set(reasons) == {"mac", "serial", "hostname", "firmware_version", "messages"}
    assert all("password may have been changed" in each for each in reasons.values())


def test_changed_password_does_not_touch_light_readings(story: Story) -> None:
    assert isinstance(story.password_light, Snapshot)
    assert story.password_light.unread == ()


def test_antminer_with_a_changed_password_is_still_known_for_one(story: Story) -> None:
    """The library cannot identify it; port 4028 tells its type."""
    assert isinstance(story.restarted, Known)
    assert story.restarted.reader == "port_4028"
    assert (story.restarted.identity.make, story.restarted.identity.model) == ("Antminer", "S19 Pro")
    assert isinstance(story.restarted_result, Snapshot)
    assert story.restarted_result.average_hashrate == 111834630000000.0
