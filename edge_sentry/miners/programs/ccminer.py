"""Ccminer and its forks (API 1.9): records of text, power in milliwatts, buses in decimal."""

from __future__ import annotations

from collections.abc import Iterator

from edge_sentry.miners import pci
from edge_sentry.miners.assembly import LONGEST_S, S_OF_MS, finished, total, uptime_s
from edge_sentry.miners.hash_unit import unit_of
from edge_sentry.miners.normal_form import MOST_DEVICES, Algorithm, Device, Figures, Pool, Trouble
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import Replies, TcpText, Unreadable
from edge_sentry.miners.replies import records_of
from edge_sentry.miners.sensors import SensorKeys, sensors_of
from edge_sentry.miners.told import Told

QUESTIONS = (
    TcpText("summary\n"),
    TcpText("threads\n", required=False),
    TcpText("pool\n", required=False),
)

_TEXTS = frozenset({"NAME", "VER", "API", "ALGO", "CARD", "URL", "POOL", "USER", "JOB", "N2"})
_THOUSAND = 1000.0
_SENSORS = SensorKeys(
    core=("TEMP",),
    fan=("FAN",),
    fan_rpm=("RPM",),
    power=("POWER",),
    core_clock=("GPUF",),
    memory_clock=("MEMF",),
    power_unit_w=0.001,
)


def read(replies: Replies, _now: float) -> Figures:
    """From `summary` and, where answered, `threads` and `pool`; raises Unreadable."""
    record = records_of(replies[0], _TEXTS)[0]
    if not {"NAME", "ALGO", "KHS"} <= record.keys() or "CPUS" in record:
        raise Unreadable(Trouble.ANOTHER_PROGRAM, "the reply is not a summary of ccminer")
    told = Told(record)
    figures = Figures(
        version=told.text("version", "VER"),
        uptime_s=uptime_s(told, "UPTIME"),
        algorithms=(_algorithm(told.part("algorithms[0]"), replies[2]),),
        devices=tuple(_devices(told, replies[1])),
    )
    return finished(told, figures)


def _algorithm(row: Told, pool_reply: bytes | None) -> Algorithm:
    name = row.text("name", "ALGO")
    pool = _pool_row(row, pool_reply)
    return Algorithm(
        name=name.lower() if name else None,
        unit=unit_of(name),
        hashrate=row.number("hashrate", "KHS", factor=_THOUSAND),
        accepted=row.count("accepted", "ACC"),
        rejected=row.count("rejected", "REJ"),
        stale=pool.labelled("algorithms[0]").count("stale", "STALE") if pool else None,
        pool=_pool(pool) if pool else Pool(),
    )


def _pool_row(row: Told, reply: bytes | None) -> Told | None:
    try:
        return row.beside(records_of(reply, _TEXTS)[0]).part("algorithms[0].pool")
    except Unreadable as error:
        row.note("pool", f"pool: {error.reason}")
        return None


def _pool(pool: Told) -> Pool:
    return Pool(
        **place_of(pool, "URL"),
        uptime_s=pool.number("uptime_s", "UPTIME", most=LONGEST_S),
        ping_s=pool.number("ping_s", "PING", factor=S_OF_MS),
        difficulty=pool.number("difficulty", "DIFF"),
        # 0 also stands for a share that there never was.
        last_share_age_s=pool.number("last_share_age_s", "LAST", most=LONGEST_S, unknown=(0,)),
        failures=pool.count("failures", "DISCO"),
    )


def _devices(told: Told, reply: bytes | None) -> Iterator[Device]:
    try:
        records = records_of(reply, _TEXTS)
    except Unreadable as error:
        told.note("devices", f"threads: {error.reason}")
        return
    threads: dict[object, list[Told]] = {}
    for record in records:
        threads.setdefault(record.get("GPU"), []).append(told.beside(record))
    for place, rows in enumerate(list(threads.values())[:MOST_DEVICES]):
        yield _device([row.labelled(f"devices[{place}]") for row in rows])


def _device(rows: list[Told]) -> Device:
    """Several threads may work on one card."""
    row = rows[0]
    return Device(
        key=pci.key_of_bus(row, "BUS"),
        index=row.count("index", "GPU"),
        name=row.text("name", "CARD"),
        hashrates=(total(each.number("hashrates", "KHS", factor=_THOUSAND) for each in rows),),
        accepted=(row.count("accepted", "ACC"),),
        rejected=(row.count("rejected", "REJ"),),
        invalid=(row.count("invalid", "HWF"),),
        **sensors_of(row, _SENSORS),
    )
