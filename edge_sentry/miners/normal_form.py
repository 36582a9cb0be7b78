"""The normal form: what every mining program tells, in base units, algorithms and devices apart.

None is never 0: it stands for what was not read, and `unread` says why. Wallets, user names, worker
names and passwords have no place here, whatever a program tells.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from wire.messages import Unread

SCHEMA = 1
MOST_ALGORITHMS = 8
MOST_DEVICES = 256
MOST_UNREAD = 200
HIGHEST_HASHRATE = 1e24
HIGHEST_COUNT = 2**53

Unit = Literal["H/s", "Sol/s", "g/s", "I/s"]
Kind = Literal["gpu", "cpu"]
Hashrate = Annotated[float, Meta(ge=0, le=HIGHEST_HASHRATE)]
Count = Annotated[int, Meta(ge=0, lt=HIGHEST_COUNT)]
Figure = Annotated[float, Meta(ge=0, le=1e24)]
Celsius = Annotated[float, Meta(ge=-40, le=200)]
Text = Annotated[str, Meta(min_length=1, max_length=100)]


class State(StrEnum):
    """What a program does. A reading tells all but EXITED, which only who started it can know."""

    STARTING = "starting"
    MINING = "mining"
    PAUSED = "paused"
    STALLED = "stalled"
    API_DOWN = "api_down"
    EXITED = "exited"


class Trouble(StrEnum):
    """Why a program could not be read. None of them means that it does not mine."""

    NOTHING_LISTENS = "nothing_listens"
    NO_ANSWER = "no_answer"
    NOT_ALLOWED = "not_allowed"
    ANOTHER_PROGRAM = "another_program"
    NOT_READABLE = "not_readable"


class Pool(msgspec.Struct, frozen=True, kw_only=True):
    """Where the work of one algorithm comes from. `address` is "host:port"; `failures` counts up."""

    address: Text | None = None
    tls: bool | None = None
    connected: bool | None = None
    uptime_s: Figure | None = None
    ping_s: Figure | None = None
    difficulty: Figure | None = None
    last_share_age_s: Figure | None = None
    last_job_age_s: Figure | None = None
    failures: Count | None = None


class Algorithm(msgspec.Struct, frozen=True, kw_only=True):
    """One algorithm that is mined; `name` in lower case as the program calls it, None where it does not.

    `hashrate` and `hashrate_at_pool` are in `unit`; the counters are as told and begin anew with the
    program, in some programs with each connection to the pool.
    """

    name: Text | None
    unit: Unit = "H/s"
    hashrate: Hashrate | None = None
    hashrate_at_pool: Hashrate | None = None
    accepted: Count | None = None
    rejected: Count | None = None
    stale: Count | None = None
    invalid: Count | None = None
    pool: Pool = Pool()


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """One card, or all processors together as "cpu0".

    `key` is the PCI address as "0000:01:00.0"; None where the program does not tell it. `index` is the
    program's own. The tuples have a value for each algorithm of the reading, in its order.
    """

    key: Text | None
    index: Count | None = None
    kind: Kind = "gpu"
    name: Text | None = None
    state: Text | None = None
    hashrates: tuple[Hashrate | None, ...] = ()
    accepted: tuple[Count | None, ...] = ()
    rejected: tuple[Count | None, ...] = ()
    stale: tuple[Count | None, ...] = ()
    invalid: tuple[Count | None, ...] = ()
    temperature_c: Celsius | None = None
    memory_temperature_c: Celsius | None = None
    hot_spot_temperature_c: Celsius | None = None
    fan_pct: Figure | None = None
    fan_rpm: Figure | None = None
    power_w: Figure | None = None
    core_clock_hz: Figure | None = None
    memory_clock_hz: Figure | None = None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What the replies of a program say. `figures_age_s`: since it last renewed them, where it tells."""

    version: Text | None = None
    state: State = State.STARTING
    uptime_s: Figure | None = None
    power_w: Figure | None = None
    figures_age_s: Figure | None = None
    algorithms: Annotated[tuple[Algorithm, ...], Meta(max_length=MOST_ALGORITHMS)] = ()
    devices: Annotated[tuple[Device, ...], Meta(max_length=MOST_DEVICES)] = ()
    unread: Annotated[tuple[Unread, ...], Meta(max_length=MOST_UNREAD)] = ()


class MinerReading(Figures, frozen=True, kw_only=True):
    """The figures of the program `miner` at the epoch second `read_at`, or the reason why there are none.

    `trouble` and `reason` are None exactly when the API was readable.
    """

    schema: int = SCHEMA
    miner: Text
    read_at: float
    trouble: Trouble | None = None
    reason: str | None = None
