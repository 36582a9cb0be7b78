"""Every recorded model through the real readers and real sockets: what is read, and what was asked for it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from asic_edge.native.client import NativeReader
from asic_edge.rounds import Result
from asic_edge.simulator.device import Fault, Journal
from asic_edge.simulator.models import MODELS
from asic_edge.snapshot import Depth, Snapshot
from asic_edge.ways import Known
from tests.fakes.asic_hall import hall_of, reading_of

RECORDINGS = Path(__file__).parents[2] / "recordings" / "asic"
READ_BY = {"antminer": "library", "whatsminer": "whatsminer", "bitaxe": "library", "iceriver": "iceriver"}
MOST_CONNECTIONS = {"antminer": 10, "whatsminer": 1, "bitaxe": 4, "iceriver": 1}


class NormalForm(msgspec.Struct):
    """What must come of a model's answers, each time and address left out."""

    full: Snapshot
    light: Snapshot


class Story(NamedTuple):
    """Everything that one run over all models gave, by name of the model."""

    known: dict[str, Known]
    full: dict[str, Snapshot]
    light: dict[str, Snapshot]
    refusing: dict[str, Snapshot]
    journal: Journal
    connections: dict[str, int]


@pytest.fixture(scope="module")
def story() -> Story:
    with pytest.MonkeyPatch.context() as patch:
        # Nothing listens there: whoever heeded them would read nothing over HTTP.
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            patch.setenv(name, "http://127.0.0.1:9")
        return asyncio.run(_run())


async def _run() -> Story:
    native = NativeReader()
    try:
        now = [1000.0]
        reading = reading_of(native, steady=lambda: now[0])
        async with hall_of(*MODELS) as hall:
            told = await reading.watch(hall)
            names = {address: device.name for address, device in hall.devices.items()}
            known = {names[each.identity.address]: each for each in told if isinstance(each, Known)}
            full = _by_name(names, await reading.round())
            now[0] += 10
            light = _by_name(names, await reading.round())
            for address in hall.devices:
                await hall.set_fault(address, Fault.REFUSING)
            now[0] += 2000
            refusing = _by_name(names, await reading.round())
            connections = {device.name: device.most_connections for device in hall.devices.values()}
            return Story(known, full, light, refusing, hall.journal, connections)
    finally:
        await native.close()


def _by_name(names: dict[str, str], results: dict[str, Result]) -> dict[str, Snapshot]:
    return {names[address]: each for address, each in results.items() if isinstance(each, Snapshot)}


def _bare(snapshot: Snapshot) -> Snapshot:
    identity = msgspec.structs.replace(snapshot.identity, address="")
    return msgspec.structs.replace(snapshot, identity=identity, at=0)


def _normal_form(name: str) -> NormalForm:
    file = RECORDINGS / MODELS[name].folder / "normal_form.json"
    return msgspec.json.decode(file.read_bytes(), type=NormalForm)


each_model = pytest.mark.parametrize("name", MODELS)


@each_model
def test_who_reads_it(story: Story, name: str) -> None:
    assert story.known[name].reader == READ_BY[name]


@each_model
def test_full_reading_is_exactly_what_was_recorded(story: Story, name: str) -> None:
    assert _bare(story.full[name]) == _normal_form(name).full


@each_model
def test_light_reading_is_exactly_what_was_recorded(story: Story, name: str) -> None:
    assert _bare(story.light[name]) == _normal_form(name).light
    assert story.light[name].depth is Depth.LIGHT


@each_model
def test_figures_are_the_same_in_light_and_full_readings(story: Story, name: str) -> None:
    """Else a chart would jump each quarter of an hour."""
    full, light = story.full[name], story.light[name]
    assert light.hashrate == full.hashrate
    assert light.fans == full.fans
    assert light.pools == full.pools
    for ours, theirs in zip(light.boards, full.boards, strict=True):
        assert ours.temperature_c == theirs.temperature_c
        assert ours.chip_temperature_c == theirs.chip_temperature_c


@each_model
def test_connections_at_once_stay_within_what_the_model_bears(story: Story, name: str) -> None:
    assert story.connections[name] <= MOST_CONNECTIONS[name]


def test_exactly_these_requests_are_sent(story: Story) -> None:
    """Commands that were refused included: see `asic_edge/readers/whatsminer.py`."""
    allowed = (RECORDINGS / "allowed_requests.txt").read_text().splitlines()
    assert sorted(f"{model}: {request}" for model, request in story.journal.requests) == allowed


def test_no_request_that_is_allowed_could_write(story: Story) -> None:
    for line in (RECORDINGS / "allowed_requests.txt").read_text().splitlines():
        _, request = line.split(": ", 1)
        assert not any(word in request for word in ("set", "write", "restart", "reboot", "update", "passw"))
        assert request.startswith(("4028 ", "GET /")) or request == "POST /user/userpanel post=4"


def test_a_refused_command_leaves_a_reason_and_the_other_figures(story: Story) -> None:
    told = {each.part: each.reason for each in story.refusing["whatsminer"].unread}
    assert told == {
        "hostname": "refuses the command get_miner_info",
        "messages": "refuses the command get_error_code",
    }
    assert story.refusing["whatsminer"].hashrate == story.full["whatsminer"].hashrate


def test_mac_of_a_known_device_stays_in_light_readings(story: Story) -> None:
    assert story.light["bitaxe"].identity == story.full["bitaxe"].identity
    assert story.light["bitaxe"].identity.mac == "10:F5:12:33:BB:F0"
