"""An ASIC edge's reports on SQLite: of 500 machines, beside one of one machine and one of a rig."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cloud.adapters.local.sqlite_store import SqliteStore
from cloud.app import create_app
from cloud.ports import Item, Put
from tests.benchmarks.asic_fleet import MACHINES_A_REPORT, ROUND_S, Edge, make_edge
from tests.benchmarks.fleet import HOUR_S, MIDNIGHT, Rig, make_farm, send
from tests.benchmarks.rows import Row, at_most
from tests.fakes.caller import Caller
from tests.fakes.ports import fake_ports
from tests.fakes.store import MemoryStore
from tests.fakes.time_and_chance import FakeClock
from wire.codec import encode_report
from wire.messages import REPORT_PATH

MACHINES = 500
ROUNDS = 20
LARGE_GOAL_MS = 500
_NOON = MIDNIGHT + 12 * HOUR_S


class Spent(NamedTuple):
    """Seconds of wall time and of CPU, the writer's thread included."""

    wall_s: float
    cpu_s: float


def rows() -> Iterator[Row]:
    """Medians; a fifth of the machines closes a block in each report."""
    one, large = _on_sqlite(1), _on_sqlite(MACHINES)
    yield Row("edge_reports.rig_wall", _rig_on_sqlite() * 1000, "ms")
    yield Row("edge_reports.1_machine_wall", one.wall_s * 1000, "ms")
    yield at_most(f"edge_reports.{MACHINES}_machines_wall", large.wall_s * 1000, "ms", LARGE_GOAL_MS)
    yield Row(f"edge_reports.{MACHINES}_machines_cpu", large.cpu_s * 1000, "ms")
    yield Row(f"edge_reports.{MACHINES}_machines_ratio", large.wall_s / one.wall_s, "times 1 machine")
    reports = list(Edge("f", "a", "t", MACHINES).reports(_NOON))
    yield Row(f"edge_reports.{MACHINES}_machines_reports", len(reports), "reports")
    sent = sum(len(encode_report(report)) for report in reports)
    yield Row(f"edge_reports.{MACHINES}_machines_sent", sent / 1000, "kB")


@cache
def own_cpu_s() -> float:
    """Of one full report, without a store."""
    clock = FakeClock(_NOON)
    return _medians(MemoryStore(clock), clock, MACHINES_A_REPORT).cpu_s


def _on_sqlite(machines: int) -> Spent:
    with tempfile.TemporaryDirectory() as folder:
        clock = FakeClock(_NOON)
        store = SqliteStore(Path(folder) / "store.sqlite", clock)
        try:
            return _medians(store, clock, machines)
        finally:
            store.close()


def _medians(store: SqliteStore | MemoryStore, clock: FakeClock, machines: int) -> Spent:
    ports = fake_ports(store=store, clock=clock)
    edge, caller = make_edge(ports, machines), Caller(create_app(ports))
    _put(store, edge.items())
    spent = []
    for number in range(1, ROUNDS + 1):
        clock.now = _NOON + number * ROUND_S
        bodies = [encode_report(report) for report in edge.reports(clock.now)]
        began, cpu = time.perf_counter(), time.process_time()
        for body in bodies:
            _send(caller, edge, body)
        spent.append(Spent(time.perf_counter() - began, time.process_time() - cpu))
    return Spent(statistics.median(s.wall_s for s in spent), statistics.median(s.cpu_s for s in spent))


def _send(caller: Caller, edge: Edge, body: bytes) -> None:
    answer = caller.call("POST", REPORT_PATH, body=body, headers=edge.headers)
    if answer.status != 200 or answer.json.get("released"):
        raise RuntimeError(f"a report was refused: {answer.status} {answer.body[:200]!r}")


def _put(store: SqliteStore | MemoryStore, items: Iterator[Item]) -> None:
    store.write_all([Put(item) for item in items])


def _rig_on_sqlite() -> float:
    with tempfile.TemporaryDirectory() as folder:
        clock = FakeClock(_NOON)
        store = SqliteStore(Path(folder) / "store.sqlite", clock)
        try:
            ports = fake_ports(store=store, clock=clock)
            (rig,) = make_farm(ports, 1).rigs
            return statistics.median(_rig_wall(Caller(create_app(ports)), rig, clock) for _ in range(ROUNDS))
        finally:
            store.close()


def _rig_wall(caller: Caller, rig: Rig, clock: FakeClock) -> float:
    clock.now += ROUND_S
    body = rig.body(clock.now)
    began = time.perf_counter()
    send(caller, rig, body)
    return time.perf_counter() - began
