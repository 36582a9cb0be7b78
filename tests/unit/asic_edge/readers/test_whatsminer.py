"""Whatsminers of other firmware than the recorded one."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from asic_edge.links.json_rpc import PORT
from asic_edge.readers import whatsminer
from asic_edge.snapshot import Depth, DeviceMessage, Identity, NoAnswer, Snapshot
from tests.fakes.asic_lines import answering

REFUSAL = {"STATUS": "E", "Code": 14, "Msg": "invalid cmd"}
DEVS = {"DEVS": [{"MHS av": 41e6}, {"MHS av": 42e6}]}


def _read(replies: dict[str, Any], depth: Depth = Depth.LIGHT) -> Snapshot | NoAnswer:
    async def run() -> Snapshot | NoAnswer:
        def reply(request: bytes) -> bytes:
            return json.dumps(replies.get(json.loads(request)["command"], REFUSAL)).encode()

        async with answering(PORT, reply) as address:
            return await whatsminer.read(Identity(address, "Whatsminer", "M20S"), depth)

    return asyncio.run(run())


def test_old_firmware_tells_no_total_so_the_boards_are_added() -> None:
    result = _read({"summary": {"SUMMARY": [{"Elapsed": 7}]}, "devs": DEVS})
    assert isinstance(result, Snapshot)
    assert (result.hashrate, result.average_hashrate) == (83e12, None)


def test_a_board_without_a_rate_leaves_the_total_unknown() -> None:
    result = _read({"summary": {"SUMMARY": [{}]}, "devs": {"DEVS": [{"MHS av": 41e6}, {}]}})
    assert isinstance(result, Snapshot)
    assert result.hashrate is None


def test_its_complaints_have_code_and_time() -> None:
    rows = [{"329": "2026-01-31 17:25:00"}, {"reason": "not a time"}, "no row"]
    errors = {"Msg": {"error_code": rows}}
    result = _read({"summary": {"SUMMARY": [{}]}, "get_error_code": errors}, Depth.FULL)
    assert isinstance(result, Snapshot)
    assert result.messages == (
        DeviceMessage("error code 329", code=329, at=1769880300.0),
        DeviceMessage("error code reason"),
    )


@pytest.mark.parametrize(("driver", "is_one"), [("bitmicro", True), ("BTMiner", True), ("icarus", False)])
def test_a_whatsminer_is_known_by_its_driver(driver: str, is_one: bool) -> None:
    async def run() -> Identity | None:
        row = {"DEVDETAILS": [{"Driver": driver, "Model": "M30S+_VE40"}]}
        async with answering(PORT, lambda _: json.dumps(row).encode()) as address:
            return await whatsminer.identify(address)

    identity = asyncio.run(run())
    assert (identity is not None) is is_one
    if identity is not None:
        assert identity.model == "M30S+ VE40"
