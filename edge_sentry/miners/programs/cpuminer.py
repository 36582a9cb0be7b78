"""Cpuminer-opt and its forks: ccminer's text protocol, for the processors."""

from __future__ import annotations

from edge_sentry.miners.assembly import finished, total, uptime_s
from edge_sentry.miners.hash_unit import unit_of, unit_of_text
from edge_sentry.miners.normal_form import Algorithm, Device, Figures, Pool, Trouble
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import Replies, TcpText, Unreadable
from edge_sentry.miners.replies import records_of
from edge_sentry.miners.sensors import SensorKeys, sensors_of
from edge_sentry.miners.told import Told

QUESTIONS = (TcpText("summary\n"), TcpText("threads\n", required=False))

_TEXTS = frozenset({"NAME", "VER", "API", "ALGO", "URL"})
_THOUSAND = 1000.0
# FREQ is left out: it is in kHz on Linux and in what nobody says elsewhere.
_SENSORS = SensorKeys(core=("TEMP",), fan=("FAN",))


def read(replies: Replies, _now: float) -> Figures:
    """From `summary` and, where answered, `threads`; raises Unreadable."""
    record = records_of(replies[0], _TEXTS)[0]
    if not {"NAME", "ALGO", "CPUS"} <= record.keys():
        raise Unreadable(Trouble.ANOTHER_PROGRAM, "the reply is not a summary of cpuminer")
    told = Told(record)
    algorithm = _algorithm(told.part("algorithms[0]"))
    figures = Figures(
        version=told.text("version", "VER"),
        uptime_s=uptime_s(told, "UPTIME"),
        algorithms=(algorithm,),
        devices=(_processors(told.part("devices[0]"), algorithm, replies[1]),),
    )
    return finished(told, figures)


def _algorithm(row: Told) -> Algorithm:
    name = row.text("name", "ALGO")
    return Algorithm(
        name=name.lower() if name else None,
        unit=unit_of(name),
        hashrate=row.number("hashrate", "HS") if row.has("HS") else _from_thousands(row),
        accepted=row.count("accepted", "ACC"),
        rejected=row.count("rejected", "REJ"),
        pool=Pool(**place_of(row.part("pool"), "URL")),
    )


def _from_thousands(row: Told) -> float | None:
    return row.number("hashrate", "KHS", factor=_THOUSAND)


def _processors(row: Told, algorithm: Algorithm, threads: bytes | None) -> Device:
    """All threads together; where they are not told, they make what the program makes."""
    hashrate = _of_threads(threads)
    return Device(
        key="cpu0",
        kind="cpu",
        hashrates=(algorithm.hashrate if hashrate is None else hashrate,),
        **sensors_of(row, _SENSORS),
    )


def _of_threads(reply: bytes | None) -> float | None:
    try:
        records = records_of(reply, frozenset())
    except Unreadable:
        return None
    return total(_of_thread(record) for record in records)


def _of_thread(record: dict[str, object]) -> float | None:
    """The unit is in the key: "kH/s=36.59"."""
    for key in record:
        unit = unit_of_text(key)
        if unit is not None:
            return Told(record).number("hashrate", key, factor=unit.factor)
    return None
