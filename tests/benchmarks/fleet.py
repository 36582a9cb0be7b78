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
    Program,
    Report,
    Series,
)
from wire.metrics import METRICS, Metric, Of, to_step
from wire.uplink.blocks import length_s

FARM_NAME, OWNER, PASSWORD = "A farm", "owner@example.test", "long-enough-word"
HOUR_S = 3600
MIDNIGHT = 20_000 * 86_400
"""Some day's begin, for clocks that are moved by hand."""
ALGORITHMS = ("kawpow", "randomx")
LAST_WITHOUT_GPU = 10
"""Code of the last of the metrics that every rig has."""

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
PROGRAMS = (
    Program("gpus", "trex", "running", True, "", "0.26.8", 86_400, 5123, 12, "pool.example.test:3333", True),
    Program("cpu", "xmrig", "running", True, "", "6.22.2", 86_400, 812, 3, "pool.example.test:4444", True),
)


class Figure(NamedTuple):
    """A series of a rig: its metric and subject."""

    metric: Metric
    subject: str = ""


class Rig(NamedTuple):
    """An agent's token and its machine, with so many GPUs."""

    token: str
    machine: str
    cards: int = 0

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}", "content-type": REPORT_CONTENT_TYPE}

    def report(self, now: float, cadence: Cadence = USUAL) -> Report:
        """What is sent at `now`, a multiple of the cadence: samples lie half an interval off."""
        seed = zlib.crc32(self.machine.encode())
        length = length_s(len(figures(self.cards)), cadence.sample_s, cadence.report_s)
        newest = now - cadence.sample_s / 2
        first = newest - cadence.report_s + cadence.sample_s
        # The block that the report before left open is closed by this one, if its time is over.
        standing = int((first - cadence.sample_s) // length)
        closed = [
            _block(seed, self.cards, k * length, length, cadence.sample_s)
            for k in range(standing, int(newest // length))
        ]
        begin = int(newest // length) * length
        under_way = _block(seed, self.cards, begin, now - begin, cadence.sample_s)
        after = (standing * length if closed else begin) - cadence.sample_s / 2
        programs = PROGRAMS if self.cards else ()
        part = MachineReport(self.machine, tuple(closed), under_way, after, mining=MINING, programs=programs)
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
        return _block(zlib.crc32(self.machine.encode()), self.cards, begin, HOUR_S, USUAL.sample_s)


class Farm(NamedTuple):
    """A farm's id and its rigs."""

    farm: str
    rigs: list[Rig]


def make_farm(ports: Ports, count: int, cards: int = 0) -> Farm:
    """A farm with an owner and so many rigs, each with so many GPUs."""
    farm = create_owner(ports, OWNER, PASSWORD, FARM_NAME)
    made = [create_agent(ports, farm, f"rig {number}", AgentKind.CPU_GPU) for number in range(count)]
    return Farm(farm, [Rig(new.token, new.agent.machine or "", cards) for new in made])


def send(caller: Caller, rig: Rig, body: bytes) -> None:
    """One report through the app; raises RuntimeError when it is refused."""
    answer = caller.call("POST", REPORT_PATH, body=body, headers=rig.headers)
    if answer.status != 200:
        raise RuntimeError(f"a report was refused: {answer.status} {answer.body[:200]!r}")


@cache
def figures(cards: int) -> tuple[Figure, ...]:
    """What a rig with so many GPUs reports: with its own those of each card and of two algorithms."""
    if not cards:
        return tuple(Figure(metric) for metric in METRICS if metric.code <= LAST_WITHOUT_GPU)
    devices = tuple(f"gpu-{0xA5A5 * card:016x}" for card in range(1, cards + 1))
    subjects = {Of.MACHINE: ("",), Of.DEVICE: devices, Of.ALGORITHM: ALGORITHMS}
    return tuple(Figure(metric, subject) for metric in METRICS for subject in subjects[metric.of])


def _block(seed: int, cards: int, begin: float, length: float, sample_s: float) -> Block:
    at = tuple(begin + (number + 0.5) * sample_s for number in range(round(length / sample_s)))
    columns = zip(*(_values(seed, cards, when) for when in at), strict=True)
    told = zip(figures(cards), columns, strict=True)
    return Block(at, tuple(Series(metric.name, column, subject) for (metric, subject), column in told))


@cache
def _values(seed: int, cards: int, at: float) -> tuple[float, ...]:
    """One sample of every figure; the same whenever it is asked for."""
    return tuple(
        to_step(metric, _value(metric.name, zlib.crc32(subject.encode(), seed) if subject else seed, at))
        for metric, subject in figures(cards)
    )


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
        **_of_card(seed, noise),
        "accepted_shares": elapsed // 15,
        "rejected_shares": elapsed // 3600,
    }
    return steady.get(name, 50 + 10 * noise)


def _of_card(seed: int, noise: float) -> dict[str, float]:
    """Figures of a GPU or an algorithm as coarse as drivers and mining programs tell them."""
    warmer = seed % 7
    return {
        "gpu_temperature_c": 58 + warmer + round(2 * noise),
        "gpu_hot_spot_temperature_c": 70 + warmer + round(2 * noise),
        "gpu_memory_temperature_c": 80 + warmer + 2 * round(noise),
        "gpu_fan_pct": 70 + round(noise),
        "gpu_power_w": 160 + warmer + 3 * noise,
        "gpu_core_clock_hz": 1.7e9 + 15e6 * round(2 * noise),
        "gpu_memory_clock_hz": 9.5e9 + 1e6 * warmer,
        "gpu_load_pct": 99 + round(noise),
        "gpu_memory_used_bytes": 4.7e9,
        "gpu_hashrate": 31.2e6 + 1e4 * round(20 * noise),
        "hashrate": 250e6 + 1e4 * round(100 * noise),
    }
