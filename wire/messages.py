"""What agents and the commander say to each other. Unknown fields are ignored; additions are optional.

Times are epoch seconds (UTC). Ids match `[A-Za-z0-9_-]+`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

PROTOCOL = 1
REPORT_PATH = "/v1/reports"
ENROLMENT_PATH = "/v1/enrolment"
REPORT_CONTENT_TYPE = "application/vnd.rig.report+gzip"

Id = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]+\Z", max_length=64)]
ShortText = Annotated[str, Meta(max_length=200)]
Seconds = Annotated[float, Meta(ge=0, le=1e11)]
Counter = Annotated[int, Meta(ge=0, lt=2**40)]
Size = Annotated[int, Meta(ge=0, lt=2**60)]
Epoch = Annotated[int, Meta(ge=1, lt=2**22)]


class AgentKind(StrEnum):
    """What an agent looks after: the rig that it runs on, or the ASICs of a LAN."""

    CPU_GPU = "cpu_gpu"
    ASIC = "asic"


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of everything sent: immutable, defaults left out."""


class Series(Message, frozen=True):
    """One metric of one machine: a value for each time of its block, None where it was not read."""

    metric: Annotated[str, Meta(max_length=64)]
    values: Annotated[tuple[float | None, ...], Meta(max_length=720)]


class Unread(Message, frozen=True):
    """What could not be read and why: `part` is a metric's or a spec's name."""

    part: Annotated[str, Meta(max_length=64)]
    reason: ShortText


class Specs(Message, frozen=True):
    """What changes only with hardware or installation. None: not known."""

    hostname: ShortText | None = None
    os: ShortText | None = None
    architecture: ShortText | None = None
    cpu_model: ShortText | None = None
    cpu_cores: Size | None = None
    cpu_threads: Size | None = None
    memory_bytes: Size | None = None
    disk_bytes: Size | None = None
    addresses: Annotated[tuple[ShortText, ...], Meta(max_length=64)] = ()
    agent_version: ShortText | None = None
    hardware: Annotated[tuple[ShortText, ...], Meta(max_length=16)] = ()
    """What a copied disk does not bring along: serial numbers and the addresses of network cards."""


class Block(Message, frozen=True):
    """Some minutes of samples. `at` ascends; each series has as many values as `at` has times.

    A closed block never changes again and is known by its machine and its first time.
    """

    at: Annotated[tuple[Seconds, ...], Meta(min_length=1, max_length=720)]
    series: Annotated[tuple[Series, ...], Meta(max_length=1000)]


class Mining(Message, frozen=True):
    """What a machine mines at the time of its newest sample: one row for each algorithm and coin.

    `hashrate` is in `unit`, "H/s" or "Sol/s"; None: not read. `coin`: as the pool pays, where known.
    """

    algorithm: Annotated[str, Meta(min_length=1, max_length=40)]
    hashrate: Annotated[float, Meta(ge=0, le=1e24)] | None
    unit: Literal["H/s", "Sol/s"] = "H/s"
    coin: Annotated[str, Meta(min_length=1, max_length=20)] | None = None


class MachineReport(Message, frozen=True):
    """What an agent tells of one machine: closed blocks, oldest first, and the block under way.

    `open` is the newest state: it holds all samples since the last closed block, those sent before
    included. Without it a report only brings late blocks. `after` is the time of the last sample
    before the first one here, None when the agent does not know it. `unread` and `specs` are told
    when they change; None: as told before. `mining` belongs to the newest state.
    """

    machine: Id
    blocks: Annotated[tuple[Block, ...], Meta(max_length=200)] = ()
    open: Block | None = None
    after: Seconds | None = None
    unread: Annotated[tuple[Unread, ...], Meta(max_length=200)] | None = None
    specs: Specs | None = None
    mining: Annotated[tuple[Mining, ...], Meta(max_length=8)] = ()


class Report(Message, frozen=True):
    """One message agent → cloud. Newer means a larger (epoch, sequence), never a later clock.

    `interval_s` is the agent's present cadence; `goodbye` says that it stops after this report.
    `dropped` counts samples that this agent had to drop since its epoch began, `clock_off_s` is how far
    its own clock is ahead of the commander's, as far as it knows.
    """

    epoch: Epoch
    sequence: Counter
    sent_at: Seconds
    interval_s: Annotated[float, Meta(ge=1, le=86400)]
    machines: Annotated[tuple[MachineReport, ...], Meta(min_length=1, max_length=500)]
    goodbye: bool = False
    dropped: Counter = 0
    clock_off_s: float | None = None
    protocol: int = PROTOCOL


class ReportReply(Message, frozen=True):
    """The commander has stored the report; here is its clock and the cadence that it wants."""

    epoch: int
    sequence: int
    server_at: float
    sample_interval_s: float
    report_interval_s: float


class Enrolment(Message, frozen=True):
    """First contact: the agent says what it is and shows its clock."""

    kind: AgentKind
    agent_version: ShortText
    hostname: ShortText
    sent_at: Seconds
    hardware: Annotated[tuple[ShortText, ...], Meta(max_length=16)] = ()


class EnrolmentReply(Message, frozen=True):
    """Address and token are right. `machine` is None for an ASIC edge, which is none itself."""

    farm: str
    farm_name: str
    agent: str
    name: str
    machine: str | None
    epoch: int
    server_at: float
    sample_interval_s: float
    report_interval_s: float


class ErrorBody(Message, frozen=True):
    """See `wire.faults.Fault`."""

    code: str
    message: str
    field: str = ""
    server_at: float | None = None


class ErrorReply(Message, frozen=True):
    """The body of every answer with a status of 400 or more."""

    error: ErrorBody
