"""IceRiver's panel in other forms than the recorded one."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from asic_edge.links.http import PORT
from asic_edge.readers import iceriver
from asic_edge.snapshot import Depth, Identity, NoAnswer, Snapshot
from tests.fakes.asic_lines import answering

LEAST = {"rtpow": "", "boards": []}


def _read(body: bytes, status: str = "200 OK") -> Snapshot | NoAnswer:
    reply = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    async def run() -> Snapshot | NoAnswer:
        async with answering(PORT, lambda _: reply) as address:
            return await iceriver.read(Identity(address, "IceRiver"), Depth.LIGHT)

    return asyncio.run(run())


def _panel(**changes: Any) -> Snapshot:
    result = _read(json.dumps({"data": {**LEAST, **changes}}).encode())
    assert isinstance(result, Snapshot)
    return result


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        ("302 Found", b"", "asks for a login"),
        ("200 OK", b"<html>", "gave no readable answer on port 80"),
        ("200 OK", b'{"data": []}', "does not answer as IceRiver's devices do"),
        ("404 Not Found", b"[]", "does not answer as IceRiver's devices do"),
    ],
)
def test_other_pages_are_no_figures(status: str, body: bytes, reason: str) -> None:
    assert _read(body, status) == NoAnswer(reason)


def test_the_least_that_is_told_leaves_the_rest_unknown() -> None:
    snapshot = _panel()
    assert (snapshot.hashrate, snapshot.boards, snapshot.fans, snapshot.uptime_s) == (None, (), (), None)
    assert {each.part for each in snapshot.unread} == {"power_w", "serial", "mac", "uptime_s"}


@pytest.mark.parametrize(("told", "rate"), [("15011G", 15011e9), ("1.5T", 1.5e12), ("900M", 9e8), (12, 12e9)])
def test_units_of_hashrates(told: Any, rate: float) -> None:
    assert _panel(rtpow=told).hashrate == rate


def test_a_missing_total_is_the_sum_of_the_boards() -> None:
    assert _panel(boards=[{"rtpow": "1G"}, {"rtpow": "2.5G"}]).hashrate == 3.5e9


@pytest.mark.parametrize(
    ("software", "model", "algorithm"),
    [
        ("ICM168_3_2_10_ks5L_miner", "KS5L", "kheavyhash"),
        ("10_24_11_06_al3_miner", "AL3", "blake3"),
        ("something else", None, None),
    ],
)
def test_model_by_its_software(software: str, model: str | None, algorithm: str | None) -> None:
    snapshot = _panel(softver1=software)
    assert (snapshot.identity.model, snapshot.algorithm) == (model, algorithm)


def test_a_valid_mac_is_told() -> None:
    assert _panel(mac="c0:ff:ee:00:00:01").identity.mac == "C0:FF:EE:00:00:01"


def test_hostile_fields_break_nothing() -> None:
    odd: list[Any] = [None, True, 7, -1, "x", [], {}, [[]], [{}], [None]]
    for each in odd:
        for name in ("boards", "fans", "pools", "runtime", "mac", "host", "rtpow", "softver1", "firmtype"):
            _panel(**{name: each})
