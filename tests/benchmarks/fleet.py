"""Rigs that report as the agent of decision 0008 does: the block under way whole, closed blocks once."""

from __future__ import annotations

import math
import zlib
from functools import cache
from typing import NamedTuple

from cloud.domain.pace import asked_of, pace_of
from cloud.domain.policy import Policy
from cloud.ports import Ports
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_owner import create_owner
from tests.fakes.caller import Caller
from wire.codec import encode_report
from wire.live import FarmSettings
from wire.messages import (
    REPORT_CONTENT_TYPE,
    REPORT_PATH,
    AgentKind,
    Block,
    MachineReport,
    Mining,
    Report,
    Series,
)
from wire.metrics import METRICS, to_step
from wire.uplink.blocks import length_s

FARM_NAME, OWNER, PASSWORD = "A farm", "owner@example.test", "long-enough-word"
HOUR_S = 3600
MIDNIGHT = 20_000 * 86_400
"""Some day's begin, for clocks that are moved by hand."""

_HALF_WAVES = {"cpu_load_pct": (70.0, 25.0), "cpu_temperature_c": (62.0, 6.0), "load_1min": (6.0, 3.0)}


class Cadence(NamedTuple):
    """How often a rig reports and samples, in seconds."""

    report_s: float
    sample_s: float


def asked(settings: FarmSettings, *, visible: bool = False) -> Cadence:
    """What the commander asks of an agent."""
    sample_s, report_s = asked_of(pace_of(Policy(), settings), visible=visible)
    return Cadence(report_s, sample_s)


USUAL = asked(FarmSettings())
ECONOMY = asked(FarmSettings(report_interval_s=360))
WATCHED = asked(FarmSettings(), visible=True)
MINING = (Mining("kawpow", 31_240_000.0, "H/s", "RVN"),)


class Rig(NamedTuple):
    """An agent's token and its machine."""

    token: str
    machine: str

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}", "content-type": REPORT_CONTENT_TYPE}

    def report(self, now: float, cadence: Cadence = USUAL) -> Report:
        """What is sent at `now`, a multiple of the cadence: samples lie half an interval off."""
        seed = zlib.crc32(self.machine.encode())
        length = length_s(len(METRICS), cadence.sample_s, cadence.report_s)
        newest = now - cadence.sample_s / 2
        first = newest - cadence.report_s + cadence.sample_s
        # The block that the report before left open is closed by this one, if its time is over.
        standing = int((first - cadence.sample_s) // length)
        closed = [
            _block(seed, k * length, length, cadence.sample_s) for k in range(standing, int(newest // length))
        ]
        begin = int(newest // length) * length
        under_way = _block(seed, begin, now - begin, cadence.sample_s)
        after = (standing * length if closed else begin) - cadence.sample_s / 2
        part = MachineReport(self.machine, tuple(closed), under_way, after, mining=MINING)
        sequence = round((now - MIDNIGHT) / cadence.report_s) % 2**39
        return Report(1, sequence, now, cadence.report_s, (part,))

    def body(self, now: float, cadence: Cadence = USUAL) -> bytes:
        """The same as it goes over the wire."""
        return encode_report(self.report(now, cadence))

    def under_way(self, now: float) -> Block:
        """The block that stands open at `now`."""
        block = self.report(now).machines[0].open
        if block is None:
            raise RuntimeError("a usual report has an open block")
        return block

    def hour(self, begin: float) -> Block:
        """A whole hour as one block, to fill a store with."""
        return _block(zlib.crc32(self.machine.encode()), begin, HOUR_S, USUAL.sample_s)


class Farm(NamedTuple):
    """A farm's id and its rigs."""

    farm: str
    rigs: list[Rig]


def make_farm(ports: Ports, count: int) -> Farm:
    """A farm with an owner and so many rigs."""
    farm = create_owner(ports, OWNER, PASSWORD, FARM_NAME)
    made = [create_agent(ports, farm, f"rig {number}", AgentKind.CPU_GPU) for number in range(count)]
    return Farm(farm, [Rig(new.token, new.agent.machine or "") for new in made])


def send(caller: Caller, rig: Rig, body: bytes) -> None:
    """One report through the app; raises RuntimeError when it is refused."""
    answer = caller.call("POST", REPORT_PATH, body=body, headers=rig.headers)
    if answer.status != 200:
        raise RuntimeError(f"a report was refused: {answer.status} {answer.body[:200]!r}")


def _block(seed: int, begin: float, length: float, sample_s: float) -> Block:
    at = tuple(begin + (number + 0.5) * sample_s for number in range(round(length / sample_s)))
    rows = [_values(seed, when) for when in at]
    return Block(
        at,
        tuple(
            Series(metric.name, column)
            for metric, column in zip(METRICS, zip(*rows, strict=True), strict=True)
        ),
    )


@cache
def _values(seed: int, at: float) -> tuple[float, ...]:
    """One sample of every metric; the same whenever it is asked for."""
    return tuple(to_step(metric, _value(metric.name, seed, at)) for metric in METRICS)


def _value(name: str, seed: int, at: float) -> float:
    noise = zlib.crc32(f"{name}{seed}{at}".encode()) / 2**32
    wave = math.sin(at / 900 + seed % 7)
    if name in _HALF_WAVES:
        middle, swing = _HALF_WAVES[name]
        return middle + swing * (wave + noise - 0.5) / 1.5
    elapsed = at - MIDNIGHT + 40 * 86_400
    steady = {
        "cpu_frequency_hz": 3.6e9 + 2e8 * noise,
        "memory_used_pct": 41 + 2 * wave + noise,
        "disk_used_pct": 55 + elapsed / 1e7,
        "uptime_s": elapsed,
        "network_received_bytes": elapsed * 21_000 + noise * 90_000,
        "network_sent_bytes": elapsed * 9_000 + noise * 40_000,
    }
    return steady.get(name, 50 + 10 * noise)
