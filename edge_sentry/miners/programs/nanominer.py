"""Nanominer 3: algorithms and devices under their names, hashrates as texts ("1.1e+07")."""

from __future__ import annotations

from collections.abc import Iterator

from edge_sentry.miners import pci
from edge_sentry.miners.assembly import finished, uptime_s
from edge_sentry.miners.hash_unit import unit_of
from edge_sentry.miners.normal_form import MOST_ALGORITHMS, Algorithm, Device, Figures, Pool
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import HttpGet, Replies
from edge_sentry.miners.replies import told_of
from edge_sentry.miners.sensors import SensorKeys, sensors_of
from edge_sentry.miners.told import Told

QUESTIONS = (HttpGet("/stats"),)

_SENSORS = SensorKeys(core=("Temperature",), fan=("Fan",), power=("Power",))


def read(replies: Replies, _now: float) -> Figures:
    """From /stats; raises Unreadable."""
    told = told_of(replies[0], "Algorithms", "Devices", "WorkTime")
    found = told.entries("algorithms", "Algorithms", 0, most=MOST_ALGORITHMS)
    rows = [row.labelled(f"algorithms[{slot}]") for slot, (_, row) in enumerate(found)]
    figures = Figures(
        uptime_s=uptime_s(told, "WorkTime"),
        algorithms=tuple(_algorithm(name, row) for (name, _), row in zip(found, rows, strict=True)),
        devices=tuple(_devices(told, rows)),
    )
    return finished(told, figures)


def _algorithm(name: str, row: Told) -> Algorithm:
    pool = row.part("pool")
    return Algorithm(
        name=name.lower() or None,
        unit=unit_of(name),
        hashrate=row.number_in_text("hashrate", "Total", "Hashrate"),
        accepted=row.count("accepted", "Total", "Accepted"),
        rejected=row.count("rejected", "Total", "Denied"),
        pool=Pool(**place_of(pool, "CurrentPool"), failures=pool.count("failures", "ReconnectionCount")),
    )


def _devices(told: Told, rows: list[Told]) -> Iterator[Device]:
    for place, (name, device) in enumerate(told.entries("devices", "Devices", 0)):
        # A device stands with those algorithms that it mines.
        own = [row.labelled(f"devices[{place}]") if row.has(name) else None for row in rows]
        processor = name.upper() == "CPU"
        number = name.rpartition(" ")[2]
        yield Device(
            key="cpu0" if processor else pci.key_of_text(device, "Pci"),
            index=int(number) if number.isdecimal() and len(number) < 4 else None,
            kind="cpu" if processor else "gpu",
            name=device.text("name", "Name"),
            hashrates=tuple(
                None if row is None else row.number_in_text("hashrates", name, "Hashrate") for row in own
            ),
            accepted=_counts(own, "accepted", name, "Accepted"),
            rejected=_counts(own, "rejected", name, "Denied"),
            **sensors_of(device, SensorKeys() if processor else _SENSORS),
        )


def _counts(rows: list[Told | None], field: str, device: str, key: str) -> tuple[int | None, ...]:
    return tuple(None if row is None else row.count(field, device, key) for row in rows)
