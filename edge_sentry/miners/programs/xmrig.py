"""XMRig 5 and newer (6.26): the summary and, for cards and processors apart, its backends."""

from __future__ import annotations

from collections.abc import Iterator

from edge_sentry.miners import pci
from edge_sentry.miners.assembly import LONGEST_S, S_OF_MS, difference, finished, total, uptime_s
from edge_sentry.miners.hash_unit import unit_of
from edge_sentry.miners.normal_form import Algorithm, Device, Figures, Pool, Trouble
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import HttpGet, Replies, Unreadable
from edge_sentry.miners.replies import json_of, told_of
from edge_sentry.miners.sensors import SensorKeys, sensors_of
from edge_sentry.miners.told import Told

QUESTIONS = (HttpGet("/2/summary"), HttpGet("/2/backends", required=False))

_MOST_BACKENDS = 8
_MOST_THREADS = 4096
# Over 10 s, 60 s and 15 min; each is null until its time has passed.
_WINDOWS = (("hashrate", 0), ("hashrate", 1), ("hashrate", 2))
_TOTALS = tuple(("hashrate", "total", window) for window in range(3))
_SENSORS = {
    "cuda": SensorKeys(
        core=("health", "temperature"),
        fan=("health", "fan_speed", 0),
        power=("health", "power"),
        core_clock=("health", "clock"),
        memory_clock=("health", "mem_clock"),
    ),
    "opencl": SensorKeys(
        core=("health", "temperature"),
        fan_rpm=("health", "rpm", 0),
        power=("health", "power"),
        core_clock=("health", "clock"),
        memory_clock=("health", "mem_clock"),
    ),
}


def read(replies: Replies, _now: float) -> Figures:
    """From /2/summary and, where answered, /2/backends; raises Unreadable."""
    summary = told_of(replies[0], "hashrate", "results", "connection")
    if summary.has("kind") and summary.apart().text("kind", "kind") != "miner":
        raise Unreadable(Trouble.ANOTHER_PROGRAM, "this XMRig is a proxy, not a miner")
    figures = Figures(
        version=summary.text("version", "version"),
        uptime_s=uptime_s(summary, "uptime"),
        algorithms=(_algorithm(summary),),
        devices=tuple(_devices(summary, replies[1])),
    )
    return finished(summary, figures, paused=summary.flag("state", "paused") is True)


def _algorithm(summary: Told) -> Algorithm:
    row = summary.part("algorithms[0]")
    # The pool may ask for another algorithm than was configured.
    name = row.text("name", *(("connection", "algo") if row.has("connection", "algo") else ("algo",)))
    good = row.count("accepted", "results", "shares_good")
    rejected = difference(row.count("rejected", "results", "shares_total"), good)
    if rejected is None:
        row.note("rejected", "all shares are fewer than the good ones, or one of both is not told")
    return Algorithm(
        name=name.lower() if name else None,
        unit=unit_of(name),
        hashrate=row.first_number("hashrate", *_TOTALS),
        accepted=good,
        rejected=rejected,
        pool=_pool(row.part("pool", "connection")),
    )


def _pool(connection: Told) -> Pool:
    address = place_of(connection, "pool")["address"]
    up_s = connection.number("uptime_s", "uptime", most=LONGEST_S)
    failures = connection.count("failures", "failures")
    if up_s == 0:
        return Pool(address=address, connected=False, uptime_s=0.0, failures=failures)
    return Pool(
        address=address,
        tls=connection.has("tls") if connection.mentions("tls") else None,
        connected=None if up_s is None else True,
        uptime_s=up_s,
        ping_s=connection.number("ping_s", "ping", factor=S_OF_MS),
        difficulty=connection.number("difficulty", "diff"),
        failures=failures,
    )


def _devices(summary: Told, reply: bytes | None) -> Iterator[Device]:
    try:
        backends = summary.beside({"backends": json_of(reply)}).rows(
            "devices", "backends", most=_MOST_BACKENDS
        )
    except Unreadable as error:
        summary.note("devices", f"/2/backends: {error.reason}")
        return
    count = 0
    for backend in backends:
        kind = backend.apart().text("type", "type") or ""
        threads = backend.rows("threads", "threads", most=_MOST_THREADS) if backend.has("threads") else []
        for rows in _of_one_device(threads, by_bus=kind != "cpu"):
            row = rows[0].labelled(f"devices[{count}]")
            yield _processors(summary, row, rows) if kind == "cpu" else _card(row, rows, kind)
            count += 1


def _of_one_device(threads: list[Told], *, by_bus: bool) -> list[list[Told]]:
    """Several threads work on one card, and all those of the processors count as one device."""
    found: dict[object, list[Told]] = {}
    for number, thread in enumerate(threads):
        bus = thread.apart().text("key", "bus_id") or number
        found.setdefault(bus if by_bus else None, []).append(thread)
    return list(found.values())


def _processors(summary: Told, row: Told, threads: list[Told]) -> Device:
    name = summary.apart().text("name", "cpu", "brand")
    return Device(key="cpu0", kind="cpu", name=name, hashrates=(_hashrate(row, threads),))


def _card(row: Told, threads: list[Told], kind: str) -> Device:
    return Device(
        key=pci.key_of_text(row, "bus_id"),
        index=row.count("index", "index"),
        name=row.text("name", "name"),
        hashrates=(_hashrate(row, threads),),
        **sensors_of(row, _SENSORS.get(kind, SensorKeys())),
    )


def _hashrate(row: Told, threads: list[Told]) -> float | None:
    value = total(thread.apart().first_number("hashrate", *_WINDOWS) for thread in threads)
    if value is None:
        row.note("hashrates", "the program does not know it of each thread")
    return value
