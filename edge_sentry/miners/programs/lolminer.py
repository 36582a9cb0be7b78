"""LolMiner 1.4 to 1.98: each algorithm with its unit, and lists with a place for each card."""

from __future__ import annotations

from edge_sentry.miners import pci
from edge_sentry.miners.assembly import age_s, finished, uptime_s
from edge_sentry.miners.hash_unit import HashUnit, written_unit
from edge_sentry.miners.normal_form import MOST_ALGORITHMS, Algorithm, Device, Figures, Pool, Trouble
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import HttpGet, Replies, Unreadable
from edge_sentry.miners.replies import told_of
from edge_sentry.miners.sensors import SensorKeys, sensors_of
from edge_sentry.miners.told import Told

QUESTIONS = (HttpGet("/summary"),)

_SENSORS = SensorKeys(
    core=("Core_Temp",),
    memory=("Mem_Temp",),
    hot_spot=("Juc_Temp",),
    fan=("Fan_Speed",),
    power=("Power",),
    core_clock=("CCLK",),
    memory_clock=("MCLK",),
)


def read(replies: Replies, now: float) -> Figures:
    """From /summary; raises Unreadable, for versions before 1.4 too."""
    told = told_of(replies[0], "Software", "Session")
    if told.has("GPUs") and not told.has("Algorithms"):
        raise Unreadable(Trouble.NOT_READABLE, "this lolMiner is older than 1.4: its form is not read")
    rows = told.rows("algorithms", "Algorithms", most=MOST_ALGORITHMS)
    units = [_unit(row) for row in rows]
    workers = told.rows("devices", "Workers")
    figures = Figures(
        version=_version(told),
        uptime_s=uptime_s(told, "Session", "Uptime"),
        figures_age_s=age_s(told, "figures_age_s", "Session", "Last_Update", now=now),
        algorithms=tuple(_algorithm(row, unit) for row, unit in zip(rows, units, strict=True)),
        devices=tuple(_device(worker, place, rows, units) for place, worker in enumerate(workers)),
    )
    return finished(told, figures)


def _version(told: Told) -> str | None:
    """The number of "lolMiner 1.98a"."""
    software = told.text("version", "Software")
    return software.split()[-1] if software else None


def _unit(row: Told) -> HashUnit | None:
    """The factor and the unit that it stands for are told both, and must agree."""
    unit = written_unit(row, "Performance_Unit")
    if unit is None or not row.has("Performance_Factor"):
        return unit
    if row.number("hashrate", "Performance_Factor") != unit.factor:
        row.note("hashrate", "'Performance_Factor' does not fit 'Performance_Unit'")
        return None
    return unit


def _algorithm(row: Told, unit: HashUnit | None) -> Algorithm:
    name = row.text("name", "Algorithm")
    return Algorithm(
        name=name.lower() if name else None,
        unit=unit.unit if unit else "H/s",
        hashrate=row.number("hashrate", "Total_Performance", factor=unit.factor) if unit else None,
        accepted=row.count("accepted", "Total_Accepted"),
        rejected=row.count("rejected", "Total_Rejected"),
        stale=row.count("stale", "Total_Stales"),
        invalid=row.count("invalid", "Total_Errors"),
        pool=Pool(**place_of(row.part("pool"), "Pool")),
    )


def _device(worker: Told, place: int, rows: list[Told], units: list[HashUnit | None]) -> Device:
    own = [row.labelled(f"devices[{place}]") for row in rows]
    pairs = list(zip(own, units, strict=True))
    return Device(
        key=pci.key_of_text(worker, "PCIE_Address", decimal=True),
        index=worker.count("index", "Index"),
        name=worker.text("name", "Name"),
        hashrates=tuple(_hashrate(row, place, unit) for row, unit in pairs),
        accepted=tuple(row.count("accepted", "Worker_Accepted", place) for row in own),
        rejected=tuple(row.count("rejected", "Worker_Rejected", place) for row in own),
        stale=tuple(row.count("stale", "Worker_Stales", place) for row in own),
        invalid=tuple(row.count("invalid", "Worker_Errors", place) for row in own),
        **sensors_of(worker, _SENSORS),
    )


def _hashrate(row: Told, place: int, unit: HashUnit | None) -> float | None:
    if unit is None:
        return None
    return row.number("hashrates", "Worker_Performance", place, factor=unit.factor)
