"""Reads Whatsminers on port 4028.

Not by the library: when such a device refuses a command, pyasic-rs 0.8.6 sends it `open_write_api`, even
within a mere reading. This product never asks a device to accept writes.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from asic_edge import cgminer
from asic_edge.links import json_rpc
from asic_edge.links.reasons import LinkError
from asic_edge.names import mac_of, model_of
from asic_edge.plausible import (
    DURATION_S,
    MOST_MESSAGES,
    POWER_W,
    RATE,
    SPEED_RPM,
    TEMPERATURE_C,
    Sieve,
    dict_of,
    list_of,
    number_of,
    sum_of,
    text_of,
)
from asic_edge.snapshot import Depth, DeviceMessage, Fan, Identity, NoAnswer, Snapshot

MAKE = "Whatsminer"
_DRIVERS = {"bitmicro", "btminer"}


async def identify(address: str) -> Identity | None:
    """By the driver that `devdetails` names; None when it is no Whatsminer or does not answer."""
    try:
        found = cgminer.row(await json_rpc.ask(address, "devdetails"), "DEVDETAILS")
    except LinkError:
        return None
    if str(found.get("Driver", "")).lower() not in _DRIVERS:
        return None
    return Identity(address, make=MAKE, model=model_of(text_of(found.get("Model"))), firmware="Stock")


async def read(identity: Identity, depth: Depth) -> Snapshot | NoAnswer:
    """`summary`, `devs`, `pools`; a full reading also asks what it is and what it complains of."""
    address = identity.address
    try:
        summary = cgminer.row(await json_rpc.ask(address, "summary"), "SUMMARY")
    except LinkError as error:
        return NoAnswer(str(error))
    sieve = Sieve()
    boards = cgminer.boards_of_devs(sieve, await _or_nothing(sieve, address, "devs", "boards"))
    pools = cgminer.pools(sieve, await _or_nothing(sieve, address, "pools", "pools"))
    messages: tuple[DeviceMessage, ...] = ()
    if depth is Depth.FULL:
        identity = await _identity(sieve, identity, summary)
        messages = _messages(await _or_nothing(sieve, address, "get_error_code", "messages"))
    total = _now(sieve, summary)
    return Snapshot(
        identity,
        time.time(),
        depth,
        algorithm="sha256",
        hashrate=sum_of([each.hashrate for each in boards]) if total is None else total,
        average_hashrate=cgminer.rate(sieve, "average_hashrate", summary, "av"),
        expected_hashrate=sieve.number("expected_hashrate", summary.get("Factory GHS") or None, RATE, 1e9),
        boards=boards,
        fans=_fans(sieve, summary),
        power_w=_power(sieve, summary),
        temperature_c=sieve.number("temperature_c", summary.get("Env Temp"), TEMPERATURE_C),
        pools=pools,
        uptime_s=sieve.number("uptime_s", summary.get("Uptime", summary.get("Elapsed")), DURATION_S),
        messages=messages,
        unread=sieve.unread,
    )


async def _or_nothing(sieve: Sieve, address: str, command: str, part: str) -> dict[str, Any]:
    try:
        return await json_rpc.ask(address, command)
    except LinkError as error:
        sieve.lacks(part, str(error))
        return {}


def _now(sieve: Sieve, summary: dict[str, Any]) -> float | None:
    """`HS RT` is the rate now, in MH/s whatever its name says; old firmware has only averages."""
    now = sieve.number("hashrate", summary.get("HS RT"), RATE, 1e6)
    return cgminer.rate(sieve, "hashrate", summary, "5s", "1m", "av") if now is None else now


async def _identity(sieve: Sieve, known: Identity, summary: dict[str, Any]) -> Identity:
    told = dict_of((await _or_nothing(sieve, known.address, "get_miner_info", "hostname")).get("Msg"))
    version = dict_of((await _or_nothing(sieve, known.address, "get_version", "firmware_version")).get("Msg"))
    return Identity(
        known.address,
        known.make,
        known.model,
        known.firmware,
        firmware_version=text_of(version.get("fw_ver")),
        mac=mac_of(text_of(told.get("mac")) or text_of(summary.get("MAC"))),
        serial=text_of(told.get("minersn")),
        hostname=text_of(told.get("hostname")),
    )


def _fans(sieve: Sieve, summary: dict[str, Any]) -> tuple[Fan, ...]:
    told = [summary.get(f"Fan Speed {side}") for side in ("In", "Out")]
    return tuple(
        Fan(place, sieve.number(f"fans@{place}", each, SPEED_RPM))
        for place, each in enumerate(told)
        if each is not None
    )


def _power(sieve: Sieve, summary: dict[str, Any]) -> float | None:
    return sieve.number("power_w", summary.get("Power_RT", summary.get("Power")), POWER_W)


def _messages(reply: dict[str, Any]) -> tuple[DeviceMessage, ...]:
    """Rows of the form {"329": "2023-01-31 17:25:00"}, in the device's own time, which is UTC by default."""
    rows = list_of(dict_of(reply.get("Msg")).get("error_code"))
    pairs = [pair for each in rows for pair in dict_of(each).items()]
    return tuple(
        DeviceMessage(f"error code {code[:20]}", code=_code(code), at=_moment(when))
        for code, when in pairs[:MOST_MESSAGES]
    )


def _code(told: str) -> int | None:
    value = number_of(told) if told.isdecimal() and len(told) < 15 else None
    return None if value is None else int(value)


def _moment(told: Any) -> float | None:
    try:
        return datetime.strptime(str(told), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return None
