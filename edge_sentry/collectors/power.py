"""Reads the electrical power of the processor's packages, where the kernel counts their energy."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from edge_sentry.reading import Reading

METRICS = ("power_w",)

_POWER_CAPS = Path("/sys/class/powercap")
# The packages themselves, without their parts such as intel-rapl:0:1.
_DOMAIN = re.compile(r"intel-rapl:\d+")
_SHORTEST_S = 0.1


class Energy(NamedTuple):
    """What one package has used, in microjoules; the count begins anew beyond `most`."""

    used: int
    most: int


def start(_folder: Path) -> Callable[[], Reading]:
    """The power counts from here."""
    return Power(lambda: packages(_POWER_CAPS), time.monotonic).collect


class Power:
    """The mean power between one sample and the next, in watts."""

    def __init__(self, read: Callable[[], Mapping[str, Energy]], steady: Callable[[], float]) -> None:
        self._read = read
        self._steady = steady
        self._before: Mapping[str, Energy] = {}
        self._before_at = steady()
        self.collect()

    def collect(self) -> Reading:
        """Unread without a meter, without the right to read it, and until there are two readings."""
        at = self._steady()
        try:
            energies = self._read()
        except PermissionError:
            return _unread("permission denied: the energy counters are for root")
        if not energies:
            return _unread("no meter found")
        before, passed_s = self._before, at - self._before_at
        if before and passed_s < _SHORTEST_S:
            return _unread("too soon after the sample before")
        self._before, self._before_at = energies, at
        if before.keys() != energies.keys():
            return _unread("no earlier reading to compare with")
        watts = sum(_watts(before[name], now, passed_s) for name, now in energies.items())
        return Reading(values={"power_w": watts})


def packages(folder: Path) -> dict[str, Energy]:
    """The energy counter of each package; raises PermissionError."""
    found = {}
    for domain in sorted(folder.glob("intel-rapl:*")):
        if _DOMAIN.fullmatch(domain.name) and (domain / "name").read_text().startswith("package"):
            used, most = (int((domain / name).read_text()) for name in ("energy_uj", "max_energy_range_uj"))
            found[domain.name] = Energy(used, most)
    return found


def _watts(before: Energy, now: Energy, passed_s: float) -> float:
    used = now.used - before.used
    return (used if used >= 0 else used + now.most) / 1e6 / passed_s


def _unread(reason: str) -> Reading:
    return Reading(unread={"power_w": reason})
