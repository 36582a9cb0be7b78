"""OneZeroMiner 1.7 and 1.8: algorithms whose lists have a place for each card."""

from __future__ import annotations

from edge_sentry.miners import pci
from edge_sentry.miners.assembly import age_s, finished, uptime_s
from edge_sentry.miners.hash_unit import unit_of
from edge_sentry.miners.normal_form import MOST_ALGORITHMS, Algorithm, Device, Figures, Pool
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import HttpGet, Replies
from edge_sentry.miners.replies import told_of
from edge_sentry.miners.sensors import SensorKeys, sensors_of
from edge_sentry.miners.told import Told

QUESTIONS = (HttpGet("/"),)

_SENSORS = SensorKeys(
    core=("temp",),
    memory=("mem_temp",),
    fan=("fan",),
    power=("power",),
    core_clock=("cclk",),
    memory_clock=("mclk",),
)
_CONNECTED = {"connected": True, "disconnected": False}


def read(replies: Replies, now: float) -> Figures:
    """From the only page; raises Unreadable."""
    told = told_of(replies[0], "algos", "devices", "uptime_seconds")
    rows = told.rows("algorithms", "algos", most=MOST_ALGORITHMS)
    cards = told.rows("devices", "devices")
    age = age_s(told, "figures_age_s", "last_update", now=now) if told.is_number("last_update") else None
    figures = Figures(
        version=told.text("version", "version"),
        uptime_s=uptime_s(told, "uptime_seconds"),
        figures_age_s=age,
        algorithms=tuple(_algorithm(row) for row in rows),
        devices=tuple(_device(card, place, rows) for place, card in enumerate(cards)),
    )
    return finished(told, figures)


def _algorithm(row: Told) -> Algorithm:
    name = row.text("name", "name")
    return Algorithm(
        name=name.lower() if name else None,
        unit=unit_of(name),
        hashrate=row.number("hashrate", "total_hashrate"),
        accepted=row.count("accepted", "total_accepted_shares"),
        rejected=row.count("rejected", "total_rejected_shares"),
        invalid=row.count("invalid", "total_invalid_shares"),
        pool=_pool(row.part("pool")),
    )


def _pool(pool: Told) -> Pool:
    status = pool.text("connected", "pool_status") or ""
    return Pool(**place_of(pool, "pool"), connected=_CONNECTED.get(status.lower()))


def _device(card: Told, place: int, rows: list[Told]) -> Device:
    own = [row.labelled(f"devices[{place}]") for row in rows]
    return Device(
        key=pci.key_of_bus(card, "bus_id"),
        index=card.count("index", "id"),
        name=card.text("name", "name"),
        hashrates=tuple(row.number("hashrates", "hashrates", place) for row in own),
        accepted=tuple(row.count("accepted", "devices_accepted_shares", place) for row in own),
        rejected=tuple(row.count("rejected", "devices_rejected_shares", place) for row in own),
        **sensors_of(card, _SENSORS),
    )
