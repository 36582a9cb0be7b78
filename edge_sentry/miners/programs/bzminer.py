"""BzMiner 24 and 100: pools, and devices whose lists have a place for each pool that they mine on."""

from __future__ import annotations

from typing import NamedTuple

from edge_sentry.miners import pci
from edge_sentry.miners.assembly import LONGEST_S, finished, total, total_count, uptime_s
from edge_sentry.miners.hash_unit import unit_of
from edge_sentry.miners.normal_form import MOST_ALGORITHMS, Algorithm, Device, Figures, Pool
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import HttpGet, Replies
from edge_sentry.miners.replies import told_of
from edge_sentry.miners.sensors import SensorKeys, sensors_of
from edge_sentry.miners.told import Told

QUESTIONS = (HttpGet("/status"),)

_PROCESSOR = 4
_MINING = 3
_SENSORS = SensorKeys(
    core=("core_temp",),
    memory=("mem_temp",),
    fan=("fan",),
    power=("power",),
    core_clock=("clock_rate",),
    memory_clock=("memory_rate",),
)


class _Busy(NamedTuple):
    """A device and, for each pool, the place in its lists that belongs to it; None where it mines not."""

    device: Device
    places: tuple[int | None, ...]


def read(replies: Replies, _now: float) -> Figures:
    """From /status; raises Unreadable."""
    told = told_of(replies[0], "bzminer_version", "pools", "devices")
    pools = told.rows("algorithms", "pools", most=MOST_ALGORITHMS)
    ids = [pool.apart().count("id", "id") for pool in pools]
    rows = [_device(row, ids) for row in told.rows("devices", "devices")]
    version = told.text("version", "bzminer_version") or ""
    figures = Figures(
        version=version.removeprefix("v") or None,
        uptime_s=uptime_s(told, "uptime_s"),
        algorithms=tuple(_algorithm(pool, slot, rows) for slot, pool in enumerate(pools)),
        devices=tuple(row.device for row in rows),
    )
    return finished(told, figures)


def _algorithm(pool: Told, slot: int, rows: list[_Busy]) -> Algorithm:
    """What a pool does not tell itself is the sum over the devices that mine on it."""
    name = pool.text("name", "algorithm")
    busy = [row.device for row in rows if row.places[slot] is not None]
    hashrate = total(device.hashrates[slot] for device in busy)
    return Algorithm(
        name=name.lower() if name else None,
        unit=unit_of(name),
        hashrate=pool.number("hashrate", "hashrate") if pool.has("hashrate") else _summed(pool, hashrate),
        accepted=_count(pool, "accepted", "valid_solutions", [each.accepted[slot] for each in busy]),
        rejected=_count(pool, "rejected", "rejected_solutions", [each.rejected[slot] for each in busy]),
        stale=_count(pool, "stale", "stale_solutions", [each.stale[slot] for each in busy]),
        invalid=_count(pool, "invalid", "invalid_solutions", [each.invalid[slot] for each in busy]),
        pool=_pool(pool.part("pool")),
    )


def _summed(pool: Told, value: float | None) -> float | None:
    if value is None:
        pool.note("hashrate", "neither the pool nor each of its devices tells it")
    return value


def _count(pool: Told, name: str, key: str, of_devices: list[int | None]) -> int | None:
    if pool.has(key):
        return pool.count(name, key)
    value = total_count(of_devices)
    if value is None:
        pool.note(name, "neither the pool nor each of its devices tells it")
    return value


def _pool(pool: Told) -> Pool:
    # Above 0 it is in use; what each number means beyond that is not known.
    status = pool.number("connected", "status", least=-1e9)
    return Pool(
        **place_of(pool, "current_url"),
        connected=None if status is None else status > 0,
        uptime_s=pool.number("uptime_s", "uptime_s", most=LONGEST_S),
        difficulty=pool.number("difficulty", "difficulty"),
    )


def _device(row: Told, ids: list[int | None]) -> _Busy:
    places = _places(row, ids)
    processor = row.apart().count("kind", "vendor") == _PROCESSOR
    device = Device(
        key="cpu0" if processor else pci.key_of_bus(row, "pci_bus_id"),
        kind="cpu" if processor else "gpu",
        name=row.text("name", "name"),
        state=_state(row, places),
        hashrates=tuple(
            None if place is None else row.number("hashrates", "hashrate", place) for place in places
        ),
        accepted=_counts(row, "accepted", "valid_solutions", places),
        rejected=_counts(row, "rejected", "rejected_solutions", places),
        stale=_counts(row, "stale", "stale_solutions", places),
        invalid=_counts(row, "invalid", "invalid_solutions", places),
        **sensors_of(row, _SENSORS),
    )
    return _Busy(device, places)


def _places(row: Told, ids: list[int | None]) -> tuple[int | None, ...]:
    """A device lists the pools that it mines on; where it does not, its lists are in the pools' order."""
    shown = row.length("hashrate")
    if not row.mentions("pool"):
        return tuple(slot if slot < shown else None for slot in range(len(ids)))
    own = [row.apart().count("pool", "pool", place) for place in range(min(shown, MOST_ALGORITHMS))]
    return tuple(own.index(each) if each is not None and each in own else None for each in ids)


def _counts(row: Told, name: str, key: str, places: tuple[int | None, ...]) -> tuple[int | None, ...]:
    return tuple(None if place is None else row.count(name, key, place) for place in places)


def _state(row: Told, places: tuple[int | None, ...]) -> str | None:
    busy = [place for place in places if place is not None]
    if not busy:
        return "idle"
    states = [row.apart().number("state", "status", place) for place in busy]
    return "mining" if _MINING in states else None
