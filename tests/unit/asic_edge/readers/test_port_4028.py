"""Any device with cgminer's API: totals from boards, parts that fail, algorithms of Antminers."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from asic_edge.links.json_rpc import PORT
from asic_edge.readers import port_4028
from asic_edge.snapshot import Depth, Identity, NoAnswer, Snapshot
from tests.fakes.asic_lines import answering

REFUSAL = {"STATUS": [{"STATUS": "E"}]}


def _read(replies: dict[str, Any], identity: Identity | None = None) -> Snapshot | NoAnswer:
    async def run() -> Snapshot | NoAnswer:
        def reply(request: bytes) -> bytes:
            return json.dumps(replies.get(json.loads(request)["command"], REFUSAL)).encode()

        async with answering(PORT, reply) as address:
            who = identity or Identity(address)
            return await port_4028.read(Identity(address, who.make, who.model, who.firmware), Depth.LIGHT)

    return asyncio.run(run())


def _devs(*rates: float) -> dict[str, Any]:
    return {"DEVS": [{"Name": "A", "MHS av": rate} for rate in rates]}


def test_a_missing_total_is_the_sum_of_the_boards() -> None:
    result = _read({"summary": {"SUMMARY": [{"Elapsed": 7}]}, "devs": _devs(1, 2)})
    assert isinstance(result, Snapshot)
    assert (result.hashrate, result.uptime_s, result.algorithm) == (3e6, 7.0, None)
    assert {each.part for each in result.unread} == {"boards", "pools"}


def test_a_total_that_is_told_is_taken() -> None:
    result = _read({"summary": {"SUMMARY": [{"MHS 5s": 5, "MHS av": 4}]}, "devs": _devs(1, 2)})
    assert isinstance(result, Snapshot)
    assert (result.hashrate, result.average_hashrate) == (5e6, 4e6)


def test_without_a_summary_there_is_no_answer() -> None:
    assert _read({"devs": _devs(1)}) == NoAnswer("refuses the command summary")


@pytest.mark.parametrize(
    ("model", "algorithm"),
    [("S19 Pro", "sha256"), ("L7", "scrypt"), ("KS5", "kheavyhash"), ("K7", "eaglesong"), ("Q1", None)],
)
def test_algorithm_of_an_antminer_by_its_type(model: str, algorithm: str | None) -> None:
    result = _read({"summary": {"SUMMARY": [{"GHS 5s": 5}]}}, Identity("", "Antminer", model))
    assert isinstance(result, Snapshot)
    assert result.algorithm == algorithm


def test_solutions_are_not_hashes() -> None:
    result = _read({"summary": {"SUMMARY": [{"KHS 5s": 420}]}}, Identity("", "Antminer", "Z15"))
    assert isinstance(result, Snapshot)
    assert (result.unit, result.hashrate) == ("Sol/s", 420e3)


@pytest.mark.parametrize(
    ("version", "make", "model"),
    [
        ({"BMMiner": "2", "Type": "Antminer S9"}, "Antminer", "S9"),
        ({"CGMiner": "4.11", "PROD": "AvalonMiner 1246", "MODEL": "1246"}, "Avalon", "1246"),
        ({"CGMiner": "4.11"}, None, None),
    ],
)
def test_what_version_tells(version: dict[str, str], make: str | None, model: str | None) -> None:
    async def run() -> Identity | None:
        async with answering(PORT, lambda _: json.dumps({"VERSION": [version]}).encode()) as address:
            return await port_4028.identify(address)

    identity = asyncio.run(run())
    assert identity is not None
    assert (identity.make, identity.model) == (make, model)
