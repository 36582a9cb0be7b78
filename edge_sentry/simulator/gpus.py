"""The cards of a rig that does not exist: as many as its power feeds, each a little apart."""

from __future__ import annotations

from random import Random

from edge_sentry.cards.figures import Figures, reading_of
from edge_sentry.cards.identity import CardFacts, identified
from edge_sentry.reading import Reading, Vendor
from edge_sentry.simulator.wave import Wave

_GIB = 1024**3
_WATTS_EACH = 180.0
_MOST = 8


class _Gpu:
    """One card that mines with `watts`."""

    def __init__(self, random: Random, watts: float, *, hot: bool, amd: bool) -> None:
        self._amd = amd
        self._power = Wave(random, watts, watts * 0.03)
        self._core = Wave(random, random.uniform(84, 88) if hot else random.uniform(56, 66), 4)
        self._memory = Wave(random, random.uniform(80, 92), 4)
        self._fan = Wave(random, random.uniform(45, 80), 8)
        self._core_hz = Wave(random, random.uniform(1.2e9, 1.7e9), 3e7)
        self._memory_hz = random.choice((5e9, 7e9, 9.5e9))
        self._used_bytes = random.uniform(2, 6) * _GIB

    def figures(self, steady: float) -> Figures:
        """NVIDIA's cards tell no hot spot, and those for players no temperature of their memory."""
        figures = Figures()
        core_c = self._core.at(steady)
        figures.note("gpu_temperature_c", core_c)
        figures.note("gpu_memory_temperature_c", self._memory.at(steady) if self._amd else None)
        if self._amd:
            figures.note("gpu_hot_spot_temperature_c", core_c + 12)
        figures.note("gpu_fan_pct", self._fan.at(steady))
        figures.note("gpu_power_w", self._power.at(steady))
        figures.note("gpu_core_clock_hz", self._core_hz.at(steady))
        figures.note("gpu_memory_clock_hz", self._memory_hz)
        figures.note("gpu_load_pct", 99)
        figures.note("gpu_memory_used_bytes", self._used_bytes)
        return figures


class Gpus:
    """Those that draw `watts` together; none for 0. The figures are as read, not yet in steps."""

    def __init__(self, seed: int, index: int, watts: float, *, hot: bool) -> None:
        random = Random(f"{seed}:gpus:{index}")  # noqa: S311 - figures, no secret
        count = min(max(round(watts / _WATTS_EACH), 1), _MOST) if watts else 0
        vendor: Vendor = random.choice(("nvidia", "nvidia", "amd"))
        self._devices = identified(_facts(seed, index, number, vendor) for number in range(count))
        self._gpus = [_Gpu(random, watts / count, hot=hot, amd=vendor == "amd") for _ in range(count)]

    def at(self, steady: float) -> Reading:
        """At a moment of the steady clock."""
        return reading_of(
            (device, gpu.figures(steady)) for device, gpu in zip(self._devices, self._gpus, strict=True)
        )


def _facts(seed: int, index: int, number: int, vendor: Vendor) -> CardFacts:
    return CardFacts(
        vendor,
        name="Simulated GPU",
        address=f"0000:{number + 1:02x}:00.0",
        uuid=f"SIM-{seed}-{index}-{number}",
        vbios="SIM-1",
        driver="simulated",
        memory_bytes=8 * _GIB,
    )
