"""Rigel 1.23: "a+b", with each algorithm's figures under its name."""

from __future__ import annotations

from edge_sentry.miners import pci
from edge_sentry.miners.assembly import S_OF_MS, finished, names_of, uptime_s
from edge_sentry.miners.hash_unit import unit_of
from edge_sentry.miners.normal_form import Algorithm, Device, Figures, Pool, Trouble
from edge_sentry.miners.pool_address import address_of
from edge_sentry.miners.question import HttpGet, Replies, Unreadable
from edge_sentry.miners.replies import told_of
from edge_sentry.miners.sensors import SensorKeys, power_w, sensors_of
from edge_sentry.miners.told import Told

QUESTIONS = (HttpGet("/"),)

_MOST_W = 100_000.0
_SENSORS = SensorKeys(
    core=("monitoring_info", "core_temperature"),
    memory=("monitoring_info", "memory_temperature"),
    fan=("monitoring_info", "fan_speed"),
    power=("monitoring_info", "power_usage"),
    core_clock=("monitoring_info", "core_clock"),
    memory_clock=("monitoring_info", "memory_clock"),
)


def read(replies: Replies, _now: float) -> Figures:
    """From "/" or "/stat"; raises Unreadable."""
    told = told_of(replies[0], "name", "algorithm", "devices")
    if told.apart().text("name", "name") != "Rigel":
        raise Unreadable(Trouble.ANOTHER_PROGRAM, "its name is not Rigel")
    names = names_of(told.text("algorithms", "algorithm"))
    figures = Figures(
        version=told.text("version", "version"),
        uptime_s=uptime_s(told, "uptime"),
        power_w=power_w(told, "power_usage", most=_MOST_W),
        algorithms=tuple(
            _algorithm(told.part(f"algorithms[{slot}]"), name) for slot, name in enumerate(names)
        ),
        devices=tuple(_device(card, names) for card in told.rows("devices", "devices")),
    )
    return finished(told, figures)


def _algorithm(row: Told, name: str) -> Algorithm:
    return Algorithm(
        name=name,
        unit=unit_of(name),
        hashrate=row.number("hashrate", "hashrate", name),
        hashrate_at_pool=row.number("hashrate_at_pool", "pool_hashrate", name, unknown=(0,)),
        accepted=row.count("accepted", "solution_stat", name, "accepted"),
        rejected=row.count("rejected", "solution_stat", name, "rejected"),
        invalid=row.count("invalid", "solution_stat", name, "invalid"),
        pool=_pool(row.part("pool", "pools", name, 0)),
    )


def _pool(pool: Told) -> Pool:
    host = pool.text("address", "connection_details", "hostname")
    port = pool.count("address", "connection_details", "port")
    place = address_of(f"{host or ''}:{port}")
    if place is None:
        pool.note("address", "'connection_details' has no host and port")
    return Pool(
        address=place.address if place else None,
        tls=pool.flag("tls", "connection_details", "ssl"),
        ping_s=pool.number("ping_s", "average_latency_ms", factor=S_OF_MS),
    )


def _device(card: Told, names: list[str]) -> Device:
    return Device(
        key=pci.key_of_text(card, "pci_address"),
        index=card.count("index", "id"),
        name=card.text("name", "name"),
        state=card.text("state", "state"),
        hashrates=tuple(card.number("hashrates", "hashrate", name) for name in names),
        accepted=tuple(card.count("accepted", "solution_stat", name, "accepted") for name in names),
        rejected=tuple(card.count("rejected", "solution_stat", name, "rejected") for name in names),
        invalid=tuple(card.count("invalid", "solution_stat", name, "invalid") for name in names),
        **sensors_of(card, _SENSORS),
    )
