"""What the supervisor is told about mining programs and the rig: the port to whoever reads them."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

import msgspec


class Api(StrEnum):
    """How a program's interface answered. UNREADABLE: something answered that cannot be believed."""

    READABLE = "readable"
    UNREADABLE = "unreadable"
    SILENT = "silent"


class MinerFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What one program said at `at` by the steady clock; `reason` says why there are no figures.

    `hashrates` by algorithm, `devices` by PCI address ("cpu0" for processors) in the first algorithm,
    None where not told. The counters are as told; they begin anew whenever the program likes.
    """

    at: float
    api: Api
    reason: str | None = None
    hashrates: dict[str, float | None] = {}
    devices: dict[str, float | None] = {}
    accepted: int | None = None
    rejected: int | None = None
    pool_connected: bool | None = None
    pool_failures: int | None = None
    paused: bool = False


class GpuFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One card as the rig itself reads it; None where it cannot."""

    temperature_c: float | None = None
    memory_temperature_c: float | None = None
    load_pct: float | None = None


class RigFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The rig at `at` by the steady clock; cards by PCI address.

    `lost`: cards that were there and are not, or that fell off the bus, with the reason.
    `hung_readings`: how many times in a row the driver gave no answer in time.
    """

    at: float
    gpus: dict[str, GpuFacts] = {}
    lost: dict[str, str] = {}
    hung_readings: int = 0
    cpu_load_pct: float | None = None


class Readings(Protocol):
    """The newest facts, at once: it never waits for a program or a driver. None before the first.

    The supervisor asks within its own lock, so whoever implements this holds none while calling it.
    Programs should be read each 10 s, at most `Defaults.longest_gap_s` apart.
    """

    def miner(self, playbook: str) -> MinerFacts | None:
        """Of the program of the playbook with this id, believed only from one of its processes."""

    def rig(self) -> RigFacts | None:
        """Of the machine."""
