"""Pretended devices: exact recordings, the digest login, reasons why one cannot be had."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from asic_edge.links import json_rpc
from asic_edge.simulator.captures import RECORDINGS, SimulatorError
from asic_edge.simulator.device import Fault
from asic_edge.simulator.hall import Hall, addresses_from, make_devices
from tests.fakes.asic_hall import hall_of, need_low_ports


def test_unvaried_devices_answer_byte_for_byte() -> None:
    async def run() -> bytes:
        async with hall_of("antminer") as hall:
            (address,) = hall.devices
            reader, writer = await asyncio.open_connection(address, json_rpc.PORT)
            writer.write(b'{"command":"stats"}')
            received = await reader.read()
            writer.close()
            return received

    recorded = (RECORDINGS / "antminer_s19pro" / "rpc_stats.json").read_bytes()
    assert asyncio.run(run()) == recorded + b"\x00"


def test_varied_devices_differ() -> None:
    async def run() -> list[object]:
        async with hall_of("whatsminer", "whatsminer", vary=True) as hall:
            told = [await json_rpc.ask(each, "get_miner_info") for each in hall.devices]
            return [each["Msg"]["mac"] for each in told]

    assert len(set(map(str, asyncio.run(run())))) == 2


def test_two_halls_of_one_computer_have_other_devices_and_each_keeps_its_own() -> None:
    firsts = ("127.20.0.1", "127.29.0.1", "127.20.0.1")
    halls = [make_devices(["whatsminer"] * 2, addresses_from(first, 2)) for first in firsts]
    macs = [[json.loads(each.rpc("get_miner_info"))["Msg"]["mac"] for each in hall] for hall in halls]
    assert macs[0] == macs[2]
    assert len({*macs[0], *macs[1]}) == 4


@pytest.mark.parametrize(
    ("fault", "password", "status"),
    [(Fault.NONE, "root", 200), (Fault.NONE, "guess", 401), (Fault.PASSWORD, "root", 401)],
)
def test_the_digest_login_is_a_real_one(fault: Fault, password: str, status: int) -> None:
    async def run() -> int:
        async with hall_of("antminer") as hall:
            (address,) = hall.devices
            hall.devices[address].fault = fault
            async with httpx.AsyncClient(trust_env=False, auth=httpx.DigestAuth("root", password)) as client:
                return (await client.get(f"http://{address}/cgi-bin/summary.cgi")).status_code

    assert asyncio.run(run()) == status


def test_a_device_that_is_gone_closes_connections_that_are_kept_alive() -> None:
    async def run() -> None:
        async with hall_of("antminer") as hall, httpx.AsyncClient(trust_env=False) as client:
            (address,) = hall.devices
            assert (await client.get(f"http://{address}/")).status_code == 401
            await hall.set_fault(address, Fault.GONE)
            await client.get(f"http://{address}/")

    with pytest.raises(httpx.TransportError):
        asyncio.run(run())


def test_journal_tells_who_was_asked_what() -> None:
    async def run() -> tuple[dict[tuple[str, str], int], dict[str, int], str]:
        async with hall_of("whatsminer") as hall:
            (address,) = hall.devices
            await json_rpc.ask(address, "summary")
            await json_rpc.ask(address, "summary")
            return dict(hall.journal.requests), dict(hall.journal.by_address), address

    requests, by_address, address = asyncio.run(run())
    assert requests == {("whatsminer", "4028 summary"): 2}
    assert by_address == {address: 2}


def test_an_address_that_is_taken_is_said_in_words() -> None:
    async def run() -> None:
        async with hall_of("whatsminer") as hall, Hall(list(hall.devices.values())):
            pass

    with pytest.raises(SimulatorError, match="Another program listens on"):
        asyncio.run(run())


def test_an_address_of_another_computer_is_said_in_words() -> None:
    need_low_ports()

    async def run() -> None:
        async with Hall(make_devices(["whatsminer"], ["192.0.2.1"])):
            pass

    with pytest.raises(SimulatorError, match="is no address of this computer"):
        asyncio.run(run())


def test_addresses_leave_out_both_ends() -> None:
    assert addresses_from("10.0.0.254", 3) == ["10.0.0.254", "10.0.1.1", "10.0.1.2"]
