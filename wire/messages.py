"""What agents and the commander say to each other. Unknown fields are ignored; additions are optional.

Times are epoch seconds (UTC). Ids match `[A-Za-z0-9_-]+`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from wire.assignments import AssignmentState, DocumentPlace, Key
from wire.edge import Appliance, Batch, EdgeState, GivenErrand, NoReply
from wire.shapes import Counter, Epoch, Id, Message, Seconds, ShortText, Size, Subject

PROTOCOL = 1
REPORT_PATH = "/v1/reports"
ENROLMENT_PATH = "/v1/enrolment"
REPORT_CONTENT_TYPE = "application/vnd.rig.report+gzip"


class AgentKind(StrEnum):
    """What an agent looks after: the rig that it runs on, or the ASICs of a LAN."""

    CPU_GPU = "cpu_gpu"
    ASIC = "asic"


class Series(Message, frozen=True):
    """One metric of one machine: a value for each time of its block, None where it was not read.

    `subject`: of which device or algorithm, as the metrics table says; "" is the machine itself.
    """

    metric: Annotated[str, Meta(max_length=64)]
    values: Annotated[tuple[float | None, ...], Meta(max_length=720)]
    subject: Subject = ""

    @property
    def name(self) -> str:
        """Metric and subject in one word, as `series_name` has it."""
        return series_name(self.metric, self.subject)


def series_name(metric: str, subject: str) -> str:
    """The metric alone for a machine's own figure, else as in "gpu_temperature_c@gpu-4f1c…"."""
    return f"{metric}@{subject}" if subject else metric


def split_series_name(name: str) -> tuple[str, str]:
    """What `series_name` was given."""
    metric, _, subject = name.partition("@")
    return metric, subject


class Unread(Message, frozen=True):
    """What could not be read and why: `part` is a series' or a spec's name."""

    part: Annotated[str, Meta(max_length=130)]
    reason: ShortText


class Device(Message, frozen=True):
    """A card in a machine, by an id that goes with the card: made of its UUID, else of what else is known.

    `address` is its PCI address as "0000:01:00.0". None: not known.
    """

    device: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]+\Z", max_length=64)]
    name: ShortText | None = None
    vendor: Literal["nvidia", "amd", "intel"] | None = None
    address: ShortText | None = None
    uuid: ShortText | None = None
    vbios: ShortText | None = None
    driver: ShortText | None = None
    memory_bytes: Size | None = None


class Specs(Message, frozen=True):
    """What changes only with hardware or installation. None: not known.

    From `make` on it is told of ASICs.
    """

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
    devices: Annotated[tuple[Device, ...], Meta(max_length=64)] = ()
    make: ShortText | None = None
    model: ShortText | None = None
    firmware: ShortText | None = None
    firmware_version: ShortText | None = None
    mac: ShortText | None = None
    serial: ShortText | None = None


class Block(Message, frozen=True):
    """Some minutes of samples. `at` ascends; each series has as many values as `at` has times.

    A closed block never changes again and is known by its machine and its first time.
    """

    at: Annotated[tuple[Seconds, ...], Meta(min_length=1, max_length=720)]
    series: Annotated[tuple[Series, ...], Meta(max_length=1000)]


HashrateUnit = Literal["H/s", "Sol/s", "g/s", "I/s"]


class Mining(Message, frozen=True):
    """What a machine mines at the time of its newest sample: one row for each algorithm and coin.

    `hashrate` is in `unit`; None: not read. `coin`: as the pool pays, where known. `expected`: the hashrate
    that the machine itself says it should have; `pool`: the one that is mined for, "host:port".
    """

    algorithm: Annotated[str, Meta(min_length=1, max_length=40)]
    hashrate: Annotated[float, Meta(ge=0, le=1e24)] | None
    unit: HashrateUnit = "H/s"
    coin: Annotated[str, Meta(min_length=1, max_length=20)] | None = None
    expected: Annotated[float, Meta(ge=0, le=1e24)] | None = None
    pool: Annotated[str, Meta(max_length=100)] | None = None


class Program(Message, frozen=True):
    """One mining program: a playbook's, or (not `managed`) one that somebody else runs and the owner named.

    `state` is a word of the supervisor (running, waiting, stopping, stopped, paused, refused, too_hot,
    crash_loop), or for a program that is not managed of its own API (mining, paused, api_down, …);
    `reason` says why. The counters are as the program tells them and begin anew whenever it likes.
    """

    program: Id
    """The playbook's id, or the one under which the owner named it."""
    miner: Annotated[str, Meta(max_length=64)]
    """Which mining program it is, as in the sentry's table: "xmrig"."""
    state: Annotated[str, Meta(max_length=32)]
    managed: bool = True
    reason: ShortText = ""
    version: Annotated[str, Meta(max_length=100)] | None = None
    running_s: Annotated[float, Meta(ge=0, le=1e11)] | None = None
    accepted: Annotated[int, Meta(ge=0, lt=2**53)] | None = None
    rejected: Annotated[int, Meta(ge=0, lt=2**53)] | None = None
    pool: Annotated[str, Meta(max_length=100)] | None = None
    """Address of the pool, "host:port"."""
    pool_connected: bool | None = None


class EventLevel(StrEnum):
    """How much an event matters to a person."""

    NOTE = "note"
    ALERT = "alert"
    CRITICAL = "critical"


class RigEvent(Message, frozen=True):
    """What an agent decided or saw, with its reason; told until a report that holds it is accepted.

    `id` rises with each event of an agent. `kind` is one of the words of the supervisor, or
    gpu_appeared, gpu_gone, gpu_moved. `program`: which one it concerns, "" for the rig itself; `over`:
    what an earlier event told of has ended.
    """

    id: Annotated[int, Meta(ge=1, lt=2**53)]
    at: Seconds
    kind: Annotated[str, Meta(pattern=r"\A[a-z_]+\Z", max_length=32)]
    reason: Annotated[str, Meta(max_length=300)]
    level: EventLevel = EventLevel.NOTE
    program: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]*\Z", max_length=64)] = ""
    subject: Annotated[str, Meta(max_length=64)] = ""
    over: bool = False


class LogLines(Message, frozen=True):
    """The last lines of a program's log, redacted, as the order with this number asked."""

    order: Counter
    program: Id
    lines: Annotated[tuple[Annotated[str, Meta(max_length=1000)], ...], Meta(max_length=200)]


class MachineReport(Message, frozen=True):
    """What an agent tells of one machine: closed blocks, oldest first, and the block under way.

    `open` is the newest state: it holds all samples since the last closed block, those sent before
    included. Without it a report only brings late blocks. `after` is the time of the last sample
    before the first one here, None when the agent does not know it. `unread` and `specs` are told
    when they change; None: as told before. `mining` and `programs` belong to the newest state.

    `events` go with the newest state, oldest first, until it is accepted; `orders_done` is the largest
    number of an order that the agent has carried out, or seen that it cannot; `log` answers one.

    Of an ASIC `open` holds the last reading alone: closed blocks bring all readings, and nothing stands in
    for one. `batch` is its seat's (`wire.edge.batch_of`); all newest states of a batch go in one report.
    `silence` in place of `open`: it gave no answer, and nothing is known of it now.
    """

    machine: Id
    blocks: Annotated[tuple[Block, ...], Meta(max_length=200)] = ()
    open: Block | None = None
    after: Seconds | None = None
    unread: Annotated[tuple[Unread, ...], Meta(max_length=200)] | None = None
    specs: Specs | None = None
    mining: Annotated[tuple[Mining, ...], Meta(max_length=8)] = ()
    programs: Annotated[tuple[Program, ...], Meta(max_length=16)] = ()
    events: Annotated[tuple[RigEvent, ...], Meta(max_length=100)] = ()
    orders_done: Counter = 0
    log: LogLines | None = None
    batch: Batch | None = None
    silence: NoReply | None = None
    appliance: Appliance | None = None
    assignment: AssignmentState | None = None
    """Of a rig, with its newest state."""


class Report(Message, frozen=True):
    """One message agent → cloud. Newer means a larger (epoch, sequence), never a later clock.

    `interval_s` is the agent's present cadence; `goodbye` says that it stops after this report.
    `dropped` counts samples that this agent had to drop since its epoch began, `clock_off_s` is how far
    its own clock is ahead of the commander's, as far as it knows. `edge` is of an ASIC edge, which has
    something to say without machines too.
    """

    epoch: Epoch
    sequence: Counter
    sent_at: Seconds
    interval_s: Annotated[float, Meta(ge=1, le=86400)]
    machines: Annotated[tuple[MachineReport, ...], Meta(max_length=500)]
    goodbye: bool = False
    dropped: Counter = 0
    clock_off_s: float | None = None
    protocol: int = PROTOCOL
    edge: EdgeState | None = None


class Action(StrEnum):
    """What an owner wants of a program. LOG: its last lines."""

    START = "start"
    STOP = "stop"
    RESTART = "restart"
    PAUSE = "pause"
    LOG = "log"


class Order(Message, frozen=True):
    """An owner's wish; carried out once, in the order of the numbers. `for_s`: how long a pause lasts.

    `take_over`: start although a program that somebody else started is in the way. `lines`: of the log.
    """

    number: Annotated[int, Meta(ge=1, lt=2**40)]
    action: Action
    program: Id
    for_s: Annotated[float, Meta(ge=60, le=30 * 86_400)] | None = None
    take_over: bool = False
    lines: Annotated[int, Meta(ge=1, le=200)] = 100


class WatchedProgram(Message, frozen=True):
    """A program that somebody else runs and that the owner named: only read, never started nor stopped.

    `miner` is its name in the sentry's table, `port` that of its API on 127.0.0.1.
    """

    program: Id
    miner: Annotated[str, Meta(min_length=1, max_length=64)]
    port: Annotated[int, Meta(ge=1, le=65535)]


class ReportReply(Message, frozen=True):
    """The commander has stored the report; here is its clock and the cadence that it wants.

    `orders` are those above the report's `orders_done`, oldest first; `watched` are all programs that
    are only to be read, None where the commander says nothing of them.

    For an ASIC edge: `errands` above its `errands_done`, and `released`, the machines of the report that
    another edge reads now, so that nothing was kept of their newest state.
    """

    epoch: int
    sequence: int
    server_at: float
    sample_interval_s: float
    report_interval_s: float
    orders: tuple[Order, ...] = ()
    watched: tuple[WatchedProgram, ...] | None = None
    errands: tuple[GivenErrand, ...] = ()
    released: tuple[str, ...] = ()
    document: DocumentPlace | None = None
    """Of a rig; None where nothing is to be fetched from this commander."""


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
    key: Key | None = None
    """With which the commander signs what a rig is to run, now and by then; the rig pins it."""
    document: DocumentPlace | None = None


class ErrorBody(Message, frozen=True):
    """See `wire.faults.Fault`."""

    code: str
    message: str
    field: str = ""
    server_at: float | None = None


class ErrorReply(Message, frozen=True):
    """The body of every answer with a status of 400 or more."""

    error: ErrorBody
