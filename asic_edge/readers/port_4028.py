"""Reads any device that speaks cgminer's API on port 4028, Antminers among them, without a password."""

from __future__ import annotations

import time
from typing import Any

from asic_edge import cgminer
from asic_edge.links import json_rpc
from asic_edge.links.reasons import LinkError
from asic_edge.names import make_of, model_of
from asic_edge.plausible import DURATION_S, Sieve, sum_of, text_of
from asic_edge.snapshot import Depth, Identity, NoAnswer, Snapshot

ONLY_BY_WEB = ("power_w", "mac", "serial", "hostname", "firmware_version", "messages")
_ALGORITHMS = {
    "S": "sha256",
    "T": "sha256",
    "L": "scrypt",
    "D": "x11",
    "Z": "equihash",
    "KS": "kheavyhash",
    "KA": "blake2s",
    "K": "eaglesong",
    "HS": "handshake",
    "E": "ethash",
}
"""Of Antminers, by how their type begins."""


async def identify(address: str) -> Identity | None:
    """What `version` tells; None when nothing there speaks this API. It waits as long as the device does."""
    try:
        reply = await json_rpc.ask(address, "version")
    except LinkError:
        return None
    found = cgminer.row(reply, "VERSION")
    if not found:
        return None
    told = text_of(found.get("Type")) or text_of(found.get("PROD")) or text_of(found.get("MODEL"))
    make = make_of((told or "").split(" ")[0]) if told else None
    return Identity(
        address,
        make="Antminer" if "BMMiner" in found else make,
        model=model_of(told),
        firmware_version=text_of(found.get("Miner")) or text_of(found.get("CGMiner")),
    )


async def read(identity: Identity, depth: Depth) -> Snapshot | NoAnswer:
    """`stats` and `pools`, of other makes than Antminer `summary` and `devs` too.

    Each has a connection of its own, one after the other. A device that answers some of them is told of
    in part.
    """
    address, sieve = identity.address, Sieve()
    stats = cgminer.stats_row(await _or_nothing(sieve, address, "stats", "boards"))
    try:
        summary = stats if is_told_by_stats(identity) and "GHS 5s" in stats else await _summary(address)
    except LinkError as error:
        return NoAnswer(str(error))
    pools = await _or_nothing(sieve, address, "pools", "pools")
    boards = cgminer.boards_of_stats(sieve, stats)
    if not boards:
        boards = cgminer.boards_of_devs(sieve, await _or_nothing(sieve, address, "devs", "boards"))
    total = cgminer.rate(sieve, "hashrate", summary, "5s", "1m", "av")
    if depth is Depth.FULL:
        for part in ONLY_BY_WEB:
            if getattr(identity, part, None) is None:
                sieve.lacks(part, "port 4028 of this device does not tell it")
    algorithm = _algorithm(identity)
    return Snapshot(
        identity,
        time.time(),
        depth,
        algorithm=algorithm,
        unit="Sol/s" if algorithm == "equihash" else "H/s",
        hashrate=sum_of([each.hashrate for each in boards]) if total is None else total,
        average_hashrate=cgminer.rate(sieve, "average_hashrate", summary, "av"),
        expected_hashrate=cgminer.expected_rate(sieve, stats),
        boards=boards,
        fans=cgminer.fans_of_stats(sieve, stats),
        power_w=cgminer.power(sieve, stats),
        pools=cgminer.pools(sieve, pools),
        uptime_s=sieve.number("uptime_s", summary.get("Elapsed"), DURATION_S),
        unread=sieve.unread,
    )


def is_told_by_stats(identity: Identity) -> bool:
    """An Antminer for SHA-256: its `stats` tells its rates, in GH/s. Others may mean another unit there."""
    return _algorithm(identity) == "sha256"


async def _summary(address: str) -> dict[str, Any]:
    return cgminer.row(await json_rpc.ask(address, "summary"), "SUMMARY")


async def _or_nothing(sieve: Sieve, address: str, command: str, part: str) -> dict[str, Any]:
    try:
        return await json_rpc.ask(address, command)
    except LinkError as error:
        sieve.lacks(part, str(error))
        return {}


def _algorithm(identity: Identity) -> str | None:
    """Of an Antminer by the letter of its type; other makes do not tell it here."""
    if identity.make != "Antminer":
        return None
    fitting = (begin for begin in _ALGORITHMS if (identity.model or "").startswith(begin))
    return _ALGORITHMS.get(max(fitting, key=len, default=""))
