"""GMiner 2.7 to 3.44: one algorithm or two ("a + b"), whose second figures end in a 2."""

from __future__ import annotations

from edge_sentry.miners import pci
from edge_sentry.miners.assembly import finished, names_of, total, uptime_s
from edge_sentry.miners.hash_unit import HashUnit, unit_of, unit_of_text
from edge_sentry.miners.normal_form import Algorithm, Device, Figures, Pool, Trouble
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import HttpGet, Replies, Unreadable
from edge_sentry.miners.replies import told_of
from edge_sentry.miners.sensors import SensorKeys, sensors_of
from edge_sentry.miners.told import Told

QUESTIONS = (HttpGet("/stat"),)

_SUFFIXES = ("", "2")
_SENSORS = SensorKeys(
    core=("temperature",),
    memory=("memory_temperature",),
    fan=("fan",),
    power=("power_usage",),
    core_clock=("core_clock",),
    memory_clock=("memory_clock",),
)


def read(replies: Replies, _now: float) -> Figures:
    """From /stat; raises Unreadable."""
    told = told_of(replies[0], "miner", "devices", "algorithm")
    version = told.text("version", "miner")
    if not (version or "").lower().startswith("gminer"):
        raise Unreadable(Trouble.ANOTHER_PROGRAM, "its name is not GMiner")
    names = names_of(told.text("algorithms", "algorithm"))[: len(_SUFFIXES)]
    units = [_unit(told, name, suffix) for name, suffix in zip(names, _SUFFIXES, strict=False)]
    devices = tuple(_device(row, units) for row in told.rows("devices", "devices"))
    algorithms = [_algorithm(told, names, units, devices, slot) for slot in range(len(names))]
    figures = Figures(
        version=(version or "").split()[-1],
        uptime_s=uptime_s(told, "uptime"),
        algorithms=tuple(algorithms),
        devices=devices,
    )
    return finished(told, figures)


def _unit(told: Told, name: str, suffix: str) -> HashUnit:
    """What is written there; in dual mining the second may have none, then that of the algorithm."""
    written = told.apart().text("unit", f"speed_unit{suffix}") or ""
    return unit_of_text(written) or HashUnit(1.0, unit_of(name))


def _algorithm(
    told: Told, names: list[str], units: list[HashUnit], devices: tuple[Device, ...], slot: int
) -> Algorithm:
    row, suffix = told.part(f"algorithms[{slot}]"), _SUFFIXES[slot]
    hashrate = total(device.hashrates[slot] for device in devices)
    if hashrate is None:
        row.note("hashrate", "it is not told of each card")
    return Algorithm(
        name=names[slot],
        unit=units[slot].unit,
        hashrate=hashrate,
        hashrate_at_pool=_at_pool(row, suffix, units[slot]),
        accepted=row.count("accepted", f"total_accepted_shares{suffix}"),
        rejected=row.count("rejected", f"total_rejected_shares{suffix}"),
        stale=row.count("stale", f"total_stale_shares{suffix}"),
        invalid=row.count("invalid", f"total_invalid_shares{suffix}"),
        pool=Pool(**place_of(row.part("pool"), f"server{suffix}")),
    )


def _at_pool(row: Told, suffix: str, unit: HashUnit) -> float | None:
    """0 until the pool has seen enough shares."""
    return row.number("hashrate_at_pool", f"pool_speed{suffix}", unknown=(0,), factor=unit.factor)


def _device(card: Told, units: list[HashUnit]) -> Device:
    slots = list(zip(_SUFFIXES, units, strict=False))
    return Device(
        key=pci.key_of_text(card, "bus_id"),
        index=card.count("index", "gpu_id"),
        name=card.text("name", "name"),
        hashrates=tuple(card.number("hashrates", f"speed{at}", factor=unit.factor) for at, unit in slots),
        accepted=tuple(card.count("accepted", f"accepted_shares{at}") for at, _ in slots),
        rejected=tuple(card.count("rejected", f"rejected_shares{at}") for at, _ in slots),
        stale=tuple(card.count("stale", f"stale_shares{at}") for at, _ in slots),
        invalid=tuple(card.count("invalid", f"invalid_shares{at}") for at, _ in slots),
        **sensors_of(card, _SENSORS),
    )
