"""CPU per report: ours alone, and with each store. A report comes as a ready event of the HTTP API."""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from cloud.adapters.local.sqlite_store import SqliteStore
from cloud.app import CommanderApp, create_app
from cloud.domain import keys
from cloud.domain.packing import pack
from cloud.ports import Item, Ports, Put, Store
from tests.benchmarks.aws import answered_at_once
from tests.benchmarks.fleet import HOUR_S, MIDNIGHT, USUAL, Farm, Rig, make_farm
from tests.benchmarks.rows import Row, at_most
from tests.fakes.caller import Caller
from tests.fakes.ports import fake_ports
from tests.fakes.store import MemoryStore
from tests.fakes.time_and_chance import FakeClock
from wire.codec import check_report, decode_report, encode
from wire.messages import REPORT_PATH, ReportReply

NOON = MIDNIGHT + 12 * HOUR_S
OWN_GOAL_MS = 0.3
RIGS, ROUNDS = 5, 3
_WRITING_VERBS = {"write", "commit"}

Event = dict[str, Any]


class Timed(NamedTuple):
    """An event and the commander's time when it comes."""

    now: float
    event: Event


class Cpu(NamedTuple):
    """Seconds of CPU: our own of one report, rollups included, and of one call to an AWS service."""

    own: float
    per_call: float


def rows() -> Iterator[Row]:
    """The parts of our own time, then the whole with each store."""
    clock, memory, farm = _memory_farm()
    events = _events(farm, fake_ports(store=memory, clock=clock))
    own = _median_cpu(memory, clock, events)
    own_usual = _median_cpu(memory, clock, _without_rollups(events))
    yield at_most("cpu.report_own", own * 1000, "ms", OWN_GOAL_MS)
    yield at_most("cpu.usual_report_own", own_usual * 1000, "ms", OWN_GOAL_MS)
    yield from _breakdown(farm.rigs[0])
    yield from _verbs(clock, farm)
    usual = _without_rollups(events)
    with_store = {"sqlite": _sqlite_cpu(memory, clock, usual), **_aws_cpu(memory, clock, farm, usual)}
    for name, cpu_s in with_store.items():
        yield Row(f"cpu.usual_report_with_{name}", cpu_s * 1000, "ms")
        yield Row(f"cpu.usual_report_with_{name}_ratio", cpu_s / own_usual, "times own")


@cache
def measured() -> Cpu:
    """For the cost model; a usual report makes a call to read, one to write, and one more each fifth time."""
    clock, memory, farm = _memory_farm()
    events = _events(farm, fake_ports(store=memory, clock=clock))
    usual = _without_rollups(events)
    with_dynamo = _aws_cpu(memory, clock, farm, usual)["dynamodb"]
    own, own_usual = _median_cpu(memory, clock, events), _median_cpu(memory, clock, usual)
    return Cpu(own, (with_dynamo - own_usual) / 2.2)


def _memory_farm() -> tuple[FakeClock, MemoryStore, Farm]:
    clock = FakeClock(NOON)
    memory = MemoryStore(clock)
    return clock, memory, make_farm(fake_ports(store=memory, clock=clock), RIGS)


def _events(farm: Farm, ports: Ports) -> list[Timed]:
    """Two hours of reports, so that hours end as often as they do in life."""
    caller = Caller(create_app(ports))
    moments = [NOON + minute * USUAL.report_s for minute in range(1, 121)]
    return [Timed(now, _event(caller, rig, now)) for now in moments for rig in farm.rigs]


def _event(caller: Caller, rig: Rig, now: float) -> Event:
    return caller.event("POST", REPORT_PATH, body=rig.body(now), query="", headers=rig.headers)


def _median_cpu(seed: MemoryStore, clock: FakeClock, events: Sequence[Timed]) -> float:
    """Over fresh copies of the store in memory."""
    runs = []
    for _ in range(ROUNDS):
        store = MemoryStore(clock)
        store.items = dict(seed.items)
        runs.append(_run(create_app(fake_ports(store=store, clock=clock)), clock, events))
    return statistics.median(runs)


def _without_rollups(events: Sequence[Timed]) -> list[Timed]:
    """Without the reports that end an hour, or come to the first block after one."""
    rolling = {NOON + hour * HOUR_S + after for hour in (0, 1) for after in (60, 360)}
    return [timed for timed in events if timed.now not in rolling]


def _run(app: CommanderApp, clock: FakeClock, events: Sequence[Timed]) -> float:
    gc.collect()
    begun = time.process_time()
    for timed in events:
        clock.now = timed.now
        status = app(timed.event, None)["statusCode"]
        if status != 200:
            raise RuntimeError(f"a report was refused: {status}")
    return (time.process_time() - begun) / len(events)


def _sqlite_cpu(seed: MemoryStore, clock: FakeClock, events: Sequence[Timed]) -> float:
    """The writer's thread counts too."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "store.sqlite", clock)
        try:
            _copy(seed, store)
            return _run(create_app(fake_ports(store=store, clock=clock)), clock, events)
        finally:
            store.close()


def _copy(seed: MemoryStore, store: Store) -> None:
    for item in seed.items.values():
        store.write(Put(item))


def _aws_cpu(memory: MemoryStore, clock: FakeClock, farm: Farm, events: Sequence[Timed]) -> dict[str, float]:
    """One rig alone, for the canned answer knows one agent; no network, so neither TLS nor waiting."""
    rig, agent = farm.rigs[0], _agent_item(memory, farm)
    own = [timed for timed in events if timed.event["headers"]["Authorization"] == f"Bearer {rig.token}"]
    store, queue = answered_at_once(clock, agent)
    ports = fake_ports(store=store, clock=clock)
    apps = {"dynamodb": create_app(ports), "sqs": create_app(replace(ports, queue=queue))}
    _run(apps["dynamodb"], clock, own[:5])
    return {name: _run(app, clock, own) for name, app in apps.items()}


def _agent_item(memory: MemoryStore, farm: Farm) -> Item:
    agent = farm.rigs[0].token.split(".")[1]
    return memory.items[keys.agent(farm.farm, agent)]


def _verbs(clock: FakeClock, farm: Farm) -> Iterator[Row]:
    """What one report asks of the store, counted; the usual one closes no block."""
    memory = MemoryStore(clock)
    fresh = make_farm(fake_ports(store=memory, clock=clock), 1)
    caller = Caller(create_app(fake_ports(store=memory, clock=clock)))
    for minute in (31, 32):
        clock.now, memory.calls = NOON + minute * 60, []
        caller.app(_event(caller, fresh.rigs[0], clock.now), None)
    writes = sum(1 for verb in memory.verbs if verb in _WRITING_VERBS)
    yield at_most("cpu.usual_report_store_writes", writes, "writes", 1)
    yield Row("cpu.usual_report_store_reads", len(memory.verbs) - writes, "calls")


def _breakdown(rig: Rig) -> Iterator[Row]:
    """Pieces by themselves, of a report with 18 samples in its open block."""
    now = NOON + 3 * 60
    body, report, block = rig.body(now), rig.report(now), rig.under_way(now)
    reply = ReportReply(1, 1, now, 10, 60)
    pieces: dict[str, Callable[[], object]] = {
        "gunzip_decode_validate": lambda: decode_report(body, gzipped=True),
        "validate": lambda: check_report(report),
        "pack_open_block": lambda: pack(block),
        "encode_reply": lambda: encode(reply),
    }
    yield Row("cpu.report_sent_bytes", len(body), "B")
    for name, piece in pieces.items():
        yield Row(f"cpu.own.{name}", _piece_cpu(piece) * 1000, "ms")


def _piece_cpu(piece: Callable[[], object], count: int = 500) -> float:
    runs = []
    for _ in range(5):
        begun = time.process_time()
        for _ in range(count):
            piece()
        runs.append((time.process_time() - begun) / count)
    return statistics.median(runs)
