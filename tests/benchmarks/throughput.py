"""Reports a second through the real gateway, at 1 and 16 connections, and a bare handler beside it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.benchmarks.fleet import USUAL, Rig
from tests.benchmarks.gateway import Gateway, running_gateway, running_module
from tests.benchmarks.load import Lanes, Load, Order, carry_out, request
from tests.benchmarks.rows import Row, at_least, at_most
from wire.messages import REPORT_PATH

PER_S_GOAL, P99_GOAL_MS, SCHEDULED_PER_S = 800, 50, 100
RIGS = 640
ALONE, ABREAST = 200, 60
"""Requests of one connection by itself, and of each of 16."""
SCHEDULED = 120
ROUNDS = 3
MINUTES = 12


def rows() -> Iterator[Row]:
    """The two take turns, so that what else runs on the machine meets both; medians of the rounds."""
    with running_gateway() as gateway, running_module("tests.benchmarks.bare") as bare_port:
        rigs = [_made(gateway, number) for number in range(RIGS)]
        minutes = _Minutes()
        found: dict[str, list[Load]] = {}
        for _ in range(ROUNDS):
            for connections, each in ((1, ALONE), (16, ABREAST)):
                lanes = _lanes(gateway.port, rigs, connections, each, minutes)
                for name, port in (("gateway", gateway.port), ("bare", bare_port)):
                    found.setdefault(f"{name}.{connections}", []).append(carry_out(Order(port, lanes)))
        lanes = _lanes(gateway.port, rigs, 8, SCHEDULED, minutes)
        scheduled = carry_out(Order(gateway.port, lanes, SCHEDULED_PER_S))
    yield from _rates({name: _median(loads) for name, loads in found.items()})
    yield Row(f"throughput.at_{SCHEDULED_PER_S}_per_s.p50", scheduled.percentile_ms(50), "ms")
    name = f"throughput.at_{SCHEDULED_PER_S}_per_s.p99"
    yield at_most(name, scheduled.percentile_ms(99), "ms", P99_GOAL_MS)


def _rates(found: dict[str, Load]) -> Iterator[Row]:
    for connections in (1, 16):
        ours, bare = found[f"gateway.{connections}"], found[f"bare.{connections}"]
        name = f"throughput.gateway.{connections}_connections"
        unit = "reports/s"
        yield at_least(name, ours.per_s, unit, PER_S_GOAL) if connections > 1 else Row(name, ours.per_s, unit)
        yield Row(f"{name}.p99", ours.percentile_ms(99), "ms")
        yield Row(f"throughput.bare.{connections}_connections", bare.per_s, "requests/s")
        yield Row(f"{name}.ratio", ours.per_s / bare.per_s, "times bare")


def _median(loads: list[Load]) -> Load:
    return sorted(loads, key=lambda load: load.per_s)[len(loads) // 2]


def _made(gateway: Gateway, number: int) -> Rig:
    answer = gateway.client.post("/v1/agents", json={"name": f"rig {number}", "kind": "cpu_gpu"})
    made = answer.raise_for_status().json()
    return Rig(made["token"], made["agent"]["machine"])


class _Minutes:
    """Each rig's own time: it goes on by an interval from report to report, from some minutes ago on.

    So few reports a rig that they lie in this hour, as they do in life: those of an hour that is over
    would each fold it anew.
    """

    def __init__(self) -> None:
        self._of_rig: dict[str, float] = {}

    def next(self, rig: Rig) -> float:
        begin = time.time() // USUAL.report_s * USUAL.report_s - MINUTES * 60
        now = self._of_rig.get(rig.machine, begin) + USUAL.report_s
        self._of_rig[rig.machine] = now
        return now


def _lanes(port: int, rigs: list[Rig], connections: int, each: int, minutes: _Minutes) -> Lanes:
    """Each connection speaks in turn for rigs of its own."""
    lanes: Lanes = []
    for lane in range(connections):
        own = rigs[lane::connections]
        turns = [own[number % len(own)] for number in range(each)]
        bodies = [(rig, rig.body(minutes.next(rig))) for rig in turns]
        lanes.append([request(port, REPORT_PATH, rig.headers, body) for rig, body in bodies])
    return lanes
