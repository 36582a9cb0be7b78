"""NBMiner 40 to 42: raw numbers beside printed ones; a second algorithm's figures end in a 2."""

from __future__ import annotations

from edge_sentry.miners import pci
from edge_sentry.miners.assembly import S_OF_MS, age_s, finished
from edge_sentry.miners.hash_unit import number_with_prefix, unit_of
from edge_sentry.miners.normal_form import Algorithm, Device, Figures, Pool
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import HttpGet, Replies
from edge_sentry.miners.replies import told_of
from edge_sentry.miners.sensors import SensorKeys, sensors_of
from edge_sentry.miners.told import Told

QUESTIONS = (HttpGet("/api/v1/status"),)

_SENSORS = SensorKeys(
    core=("temperature",),
    memory=("memTemperature",),
    fan=("fan",),
    power=("power",),
    core_clock=("core_clock",),
    memory_clock=("mem_clock",),
)


def read(replies: Replies, now: float) -> Figures:
    """From /api/v1/status; raises Unreadable."""
    told = told_of(replies[0], "miner", "stratum", "start_time")
    suffixes = ("", "2") if told.apart().flag("dual", "stratum", "dual_mine") else ("",)
    rows = told.rows("devices", "miner", "devices")
    figures = Figures(
        version=told.text("version", "version"),
        uptime_s=age_s(told, "uptime_s", "start_time", now=now),
        algorithms=tuple(
            _algorithm(told.part(f"algorithms[{slot}]"), suffix) for slot, suffix in enumerate(suffixes)
        ),
        devices=tuple(_device(card, suffixes) for card in rows),
    )
    return finished(told, figures)


def _algorithm(row: Told, suffix: str) -> Algorithm:
    name = row.text("name", "stratum", f"algorithm{suffix}")
    return Algorithm(
        name=name.lower() if name else None,
        unit=unit_of(name),
        hashrate=row.number("hashrate", "miner", f"total_hashrate{suffix}_raw"),
        hashrate_at_pool=_at_pool(row, suffix),
        accepted=row.count("accepted", "stratum", f"accepted_shares{suffix}"),
        rejected=row.count("rejected", "stratum", f"rejected_shares{suffix}"),
        invalid=row.count("invalid", "stratum", f"invalid_shares{suffix}"),
        pool=_pool(row.part("pool", "stratum"), suffix),
    )


def _at_pool(row: Told, suffix: str) -> float | None:
    """The mean of 10 minutes, printed as "217.9 M"; 0 before the first share."""
    value = number_with_prefix(row, "hashrate_at_pool", "stratum", f"pool_hashrate{suffix}_10m")
    return value or None


def _pool(pool: Told, suffix: str) -> Pool:
    place = place_of(pool, f"url{suffix}")
    tls = pool.flag("tls", f"use_ssl{suffix}")
    return Pool(
        address=place["address"],
        tls=place["tls"] if tls is None else tls,
        ping_s=pool.number("ping_s", f"latency{suffix}", factor=S_OF_MS),
        difficulty=number_with_prefix(pool, "difficulty", f"difficulty{suffix}"),
    )


def _device(card: Told, suffixes: tuple[str, ...]) -> Device:
    return Device(
        key=pci.key_of_bus(card, "pci_bus_id"),
        index=card.count("index", "id"),
        name=card.text("name", "info"),
        hashrates=tuple(card.number("hashrates", f"hashrate{suffix}_raw") for suffix in suffixes),
        accepted=tuple(card.count("accepted", f"accepted_shares{suffix}") for suffix in suffixes),
        rejected=tuple(card.count("rejected", f"rejected_shares{suffix}") for suffix in suffixes),
        invalid=tuple(card.count("invalid", f"invalid_shares{suffix}") for suffix in suffixes),
        **sensors_of(card, _SENSORS),
    )
