"""Reads IceRiver's devices: one HTTP request tells all, on one connection; some hang when asked more."""

from __future__ import annotations

import json
import re
import time
from typing import Any

from asic_edge.links import http
from asic_edge.links.reasons import LinkError
from asic_edge.names import mac_of
from asic_edge.plausible import (
    CHIPS,
    DURATION_S,
    FREQUENCY_HZ,
    MOST_BOARDS,
    MOST_FANS,
    MOST_POOLS,
    RATE,
    SHARES,
    SPEED_RPM,
    TEMPERATURE_C,
    Sieve,
    dict_of,
    list_of,
    number_of,
    pool_address,
    sum_of,
    text_of,
)
from asic_edge.snapshot import Board, Depth, DeviceMessage, Fan, Identity, NoAnswer, PoolState, Snapshot

MAKE = "IceRiver"
_PATH, _FORM = "/user/userpanel", "post=4"
_MODEL = re.compile(r"_(?P<model>[a-z]+\d+[a-z0-9]*)_(?:miner|bg)", re.IGNORECASE)
_ALGORITHMS = {"KS": "kheavyhash", "AL": "blake3", "RX": "sha512256d", "AE": "zksnark"}
_UNITS = {"M": 1e6, "G": 1e9, "T": 1e12}
_QUANTITY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([MGT])")
_RUNTIME = re.compile(r"(\d+):(\d+):(\d+):(\d+)")
_MHZ = 1e6
_COMPLAINTS = {
    "powstate": "the device calls its hashrate bad",
    "netstate": "the device calls its network bad",
    "fanstate": "the device calls its fans bad",
    "tempstate": "the device calls its temperature bad",
}


async def identify(address: str) -> Identity | None:
    """None when it is none of IceRiver's or does not answer."""
    try:
        found = await _panel(address)
    except LinkError:
        return None
    return _identity(Sieve(), address, found)


async def read(identity: Identity, depth: Depth) -> Snapshot | NoAnswer:
    """Light or full is the same here."""
    try:
        found = await _panel(identity.address)
    except LinkError as error:
        return NoAnswer(str(error))
    sieve = Sieve()
    sieve.lacks("power_w", "devices of this make do not tell it")
    sieve.lacks("serial", "devices of this make do not tell it")
    identity = _identity(sieve, identity.address, found)
    boards = _boards(sieve, found)
    total = _rate(sieve, "hashrate", found.get("rtpow"))
    return Snapshot(
        identity,
        time.time(),
        depth,
        algorithm=_ALGORITHMS.get((identity.model or "")[:2]),
        hashrate=sum_of([each.hashrate for each in boards]) if total is None else total,
        average_hashrate=_rate(sieve, "average_hashrate", found.get("avgpow")),
        expected_hashrate=sum_of([each.expected_hashrate for each in boards]),
        boards=boards,
        fans=_fans(sieve, found),
        pools=_pools(sieve, found),
        uptime_s=_uptime(sieve, found.get("runtime")),
        messages=tuple(DeviceMessage(text) for key, text in _COMPLAINTS.items() if found.get(key) is False),
        unread=sieve.unread,
    )


async def _panel(address: str) -> dict[str, Any]:
    """Raises LinkError, for an answer of another make's web too."""
    reply = await http.post_form(address, _PATH, _FORM)
    if reply.status in (301, 302, 401, 403):
        raise LinkError("asks for a login")
    try:
        told = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise LinkError("gave no readable answer on port 80") from error
    found = dict_of(dict_of(told).get("data"))
    if "rtpow" not in found or "boards" not in found:
        raise LinkError("does not answer as IceRiver's devices do")
    return found


def _identity(sieve: Sieve, address: str, found: dict[str, Any]) -> Identity:
    software = text_of(found.get("softver1"))
    model = _MODEL.search(software or "")
    mac = mac_of(text_of(found.get("mac")))
    if mac is None:
        sieve.lacks("mac", "the device does not tell a valid one")
    return Identity(
        address,
        make=MAKE,
        model=model["model"].upper() if model else None,
        firmware=text_of(found.get("firmtype")),
        firmware_version=software,
        mac=mac,
        hostname=text_of(found.get("host")),
    )


def _rate(sieve: Sieve, part: str, told: Any) -> float | None:
    """`15011G` in H/s; without a letter it is G, as the devices' own page shows it."""
    match = _QUANTITY.match(str(told))
    if match:
        return sieve.number(part, match[1], RATE, _UNITS[match[2]])
    return sieve.number(part, told, RATE, _UNITS["G"])


def _boards(sieve: Sieve, found: dict[str, Any]) -> tuple[Board, ...]:
    rows = [dict_of(each) for each in list_of(found.get("boards"))][:MOST_BOARDS]
    return tuple(_board(sieve, index, each) for index, each in enumerate(rows))


def _board(sieve: Sieve, index: int, found: dict[str, Any]) -> Board:
    """`chipsuc` stays 0 while all chips hash, so the chips are those that it lists."""
    warmest = max((number_of(found.get(key)) or 0 for key in ("intmp", "outtmp")), default=0)
    return Board(
        index,
        hashrate=_rate(sieve, f"hashrate@{index}", found.get("rtpow")),
        expected_hashrate=_rate(sieve, f"expected_hashrate@{index}", found.get("idealpow")) or None,
        chips=sieve.whole(f"chips@{index}", found.get("chipnum"), CHIPS),
        temperature_c=sieve.number(f"temperature_c@{index}", warmest or None, TEMPERATURE_C),
        frequency_hz=sieve.number(f"frequency_hz@{index}", found.get("freq"), FREQUENCY_HZ, _MHZ),
    )


def _fans(sieve: Sieve, found: dict[str, Any]) -> tuple[Fan, ...]:
    told = list_of(found.get("fans"))[:MOST_FANS]
    return tuple(Fan(place, sieve.number(f"fans@{place}", rpm, SPEED_RPM)) for place, rpm in enumerate(told))


def _pools(sieve: Sieve, found: dict[str, Any]) -> tuple[PoolState, ...]:
    rows = [dict_of(each) for each in list_of(found.get("pools"))][:MOST_POOLS]
    return tuple(
        PoolState(
            index,
            pool_address(each.get("addr")),
            text_of(each.get("user")),
            active=number_of(each.get("state")) == 1,
            alive=number_of(each.get("connect")) == 1,
            accepted=sieve.whole(f"accepted@{index}", each.get("accepted"), SHARES),
            rejected=sieve.whole(f"rejected@{index}", each.get("rejected"), SHARES),
        )
        for index, each in enumerate(rows)
    )


def _uptime(sieve: Sieve, told: Any) -> float | None:
    """`01:04:29:02` is days, hours, minutes, seconds."""
    match = _RUNTIME.fullmatch(str(told)[:40])
    if match is None:
        sieve.lacks("uptime_s", "the device does not tell it in the usual form")
        return None
    days, hours, minutes, seconds = (int(each) for each in match.groups())
    return sieve.number("uptime_s", ((days * 24 + hours) * 60 + minutes) * 60 + seconds, DURATION_S)
