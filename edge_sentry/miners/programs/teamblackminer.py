"""TeamBlackMiner 2.44: totals of each pool, and threads that work on one card each."""

from __future__ import annotations

from edge_sentry.miners.assembly import S_OF_MINUTE, S_OF_MS, finished, uptime_s
from edge_sentry.miners.hash_unit import unit_of
from edge_sentry.miners.normal_form import MOST_ALGORITHMS, Algorithm, Device, Figures, Pool
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import HttpGet, Replies
from edge_sentry.miners.replies import told_of
from edge_sentry.miners.sensors import SensorKeys, sensors_of
from edge_sentry.miners.told import Told

QUESTIONS = (HttpGet("/summary"),)

_SENSORS = SensorKeys(
    core=("gpu_temp",),
    memory=("mem_temp",),
    fan=("fan",),
    power=("watt",),
    core_clock=("core_clock",),
    memory_clock=("mem_clock",),
)


def read(replies: Replies, _now: float) -> Figures:
    """From /summary; raises Unreadable."""
    told = told_of(replies[0], "threads", "pool")
    miner = told.part("", "miner") if told.has("miner") else told
    pools = [row for _, row in told.entries("algorithms", "pool", most=MOST_ALGORITHMS)]
    rows = [row.labelled(f"algorithms[{slot}]") for slot, row in enumerate(pools) if row.has("algo")]
    threads = told.entries("devices", "threads")
    figures = Figures(
        version=miner.text("version", "version"),
        uptime_s=uptime_s(miner, "uptime_minutes", unit_s=S_OF_MINUTE),
        algorithms=tuple(_algorithm(row) for row in rows),
        devices=tuple(_device(row, alone=len(rows) == 1) for _, row in threads),
    )
    return finished(told, figures)


def _algorithm(row: Told) -> Algorithm:
    name = row.text("name", "algo")
    pool = row.part("pool")
    return Algorithm(
        name=name.lower() if name else None,
        unit=unit_of(name),
        hashrate=row.number("hashrate", "total_hashrate"),
        accepted=row.count("accepted", "total_accepted"),
        rejected=row.count("rejected", "total_rejected"),
        stale=row.count("stale", "total_stale"),
        pool=Pool(**place_of(pool, "url"), ping_s=pool.number("ping_s", "ping", factor=S_OF_MS)),
    )


def _device(row: Told, *, alone: bool) -> Device:
    """A thread does not tell its pool: with several, its hashrate belongs to none of them for sure."""
    row.note("key", "what 'pcie_id' numbers is not documented")
    if not alone:
        row.note("hashrates", "the reply does not tell which algorithm this is of")
    return Device(
        key=None,
        index=row.count("index", "gpu"),
        name=row.text("name", "board_name"),
        hashrates=(row.number("hashrates", "hashrate"),) if alone else (),
        accepted=(row.count("accepted", "accepted"),) if alone else (),
        rejected=(row.count("rejected", "rejected"),) if alone else (),
        stale=(row.count("stale", "stale"),) if alone else (),
        **sensors_of(row, _SENSORS),
    )
