"""Plausible figures of a rig that does not exist: smooth, and the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from edge_sentry.agent.sampler import believable
from edge_sentry.cards.totals import Totals
from edge_sentry.reading import Reading, Spec, merged
from edge_sentry.simulator.gpus import Gpus
from edge_sentry.simulator.wave import Wave
from edge_sentry.simulator.work import Work

_GIB = 1024**3
_HOT_EVERY = 10
_SENSORLESS_EVERY = 7
_RESETTING_EVERY = 50
_RESET_AFTER_S = 6 * 3600.0


class Figures:
    """One simulated rig; every tenth runs hot, every seventh has no temperature sensor.

    Of the first one and every fiftieth the network counters begin anew every six hours. `hardware` is
    its evidence of being itself.
    """

    def __init__(self, seed: int, index: int, hardware: tuple[str, ...] = ()) -> None:
        random = Random(f"{seed}:{index}")  # noqa: S311 - figures, no secret
        hot = index % _HOT_EVERY == 3
        self._sensorless = index % _SENSORLESS_EVERY == 5
        self._load = Wave(random, random.uniform(55, 90), 9.5)
        self._temperature = Wave(random, random.uniform(88, 94) if hot else 62, 8)
        self._frequency = Wave(random, random.uniform(2.8e9, 4.2e9), 1.5e8)
        self._memory = Wave(random, random.uniform(20, 80), 5)
        self._disk_pct = random.uniform(10, 85)
        self._booted_s = random.uniform(3600, 40 * 86400)
        self._threads = random.choice((8, 12, 16, 24, 32))
        self._memory_bytes = random.choice((8, 16, 32, 64)) * _GIB
        self._received_bps = random.uniform(1e3, 5e5)
        self._sent_bps = random.uniform(1e3, 5e5)
        self._index = index
        self._hardware = hardware
        self._work = Work(seed, index)
        self._gpus = Gpus(seed, index, self._work.gpu_watts, hot=hot)

    def at(self, steady: float, programs: Sequence[str] = ()) -> Reading:
        """The figures at a moment of the steady clock, in seconds; `programs`: those that are assigned."""
        load_pct = self._load.at(steady)
        values = {
            "cpu_load_pct": load_pct,
            "cpu_temperature_c": self._temperature.at(steady),
            "cpu_frequency_hz": self._frequency.at(steady),
            "load_1min": self._threads * load_pct / 100,
            "memory_used_pct": self._memory.at(steady),
            "disk_used_pct": self._disk_pct,
            "uptime_s": self._booted_s + steady,
            "network_received_bytes": self._received_bps * self._counted_s(steady),
            "network_sent_bytes": self._sent_bps * self._counted_s(steady),
        }
        unread = {}
        if self._sensorless:
            del values["cpu_temperature_c"]
            unread["cpu_temperature_c"] = "no sensor found"
        power_w = self._work.power_w(steady)
        if power_w is None:
            unread["power_w"] = "no meter found"
        else:
            values["power_w"] = power_w
        own = Reading(values, self._specs(), unread, self._work.mining(steady, programs))
        return Totals().added(believable(merged(own, self._gpus.at(steady))))

    def _counted_s(self, steady: float) -> float:
        """For how long the network counters have been counting."""
        resets = self._index % _RESETTING_EVERY == 0
        return steady % _RESET_AFTER_S if resets else self._booted_s + steady

    def _specs(self) -> dict[str, Spec]:
        number = self._index + 1
        return {
            "hostname": f"sim-{number:03}",
            "os": "Simulated OS",
            "architecture": "x86_64",
            "cpu_model": "Simulated CPU",
            "cpu_cores": self._threads // 2,
            "cpu_threads": self._threads,
            "memory_bytes": self._memory_bytes,
            "disk_bytes": 256 * _GIB,
            # From 198.18.0.0/15, which is set aside for tests.
            "addresses": (f"198.18.{number // 256 % 256}.{number % 256}",),
            "hardware": self._hardware,
        }
