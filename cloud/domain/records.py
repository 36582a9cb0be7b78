"""What the store keeps, one struct per kind of item. Times are epoch seconds by the commander's clock."""

from __future__ import annotations

import base64
import zlib

import msgspec

from wire.assignments import AssignmentState
from wire.edge import NoReply
from wire.live import FarmSettings, Labels, Stranger, Transition
from wire.messages import (
    AgentKind,
    EventLevel,
    HashrateUnit,
    Mining,
    Order,
    Program,
    Report,
    Specs,
    Unread,
    WatchedProgram,
)

SEQUENCE_BITS = 40
"""Of the revision of what a report brings."""


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of every stored body; new fields need a default, for old bodies lack them."""


class PackedRecord(Record, frozen=True, array_like=True):
    """A body that is written often or read in numbers: MessagePack, without names."""


class Farm(Record, frozen=True):
    """A place with machines and one owner: the unit of totals and of permission."""

    farm: str
    name: str
    created_at: float


class FarmEntry(Record, frozen=True):
    """One line of the list of all farms."""

    farm: str


class Cadence(Record, frozen=True):
    """What a farm's agents are asked for: as its owner set it up, and quicker while somebody looks.

    Somebody looks at the farm before `watched_until`; `visible` are machines and ASIC edges on a
    screen, each before its time.
    """

    settings: FarmSettings = FarmSettings()
    watched_until: float = 0
    visible: dict[str, float] = {}


class WaitingOrder(Record, frozen=True):
    """An owner's order, given at `at`, that the rig has not carried out yet."""

    order: Order
    at: float


class WaitingErrand(Record, frozen=True):
    """An errand that an ASIC edge has not ended yet, given at `at`; what it says stands in its own item."""

    number: int
    at: float


class DocumentMark(Record, frozen=True):
    """Which signed document lies in the store for a rig; a rig may accept it until `not_after`."""

    epoch: int
    revision: int
    not_after: float

    @property
    def place(self) -> tuple[int, int]:
        """Newer is larger."""
        return self.epoch, self.revision


class Agent(Record, frozen=True):
    """A sentry or an ASIC edge. Of its token only the secret's SHA-256 is kept.

    `epoch` counts enrolments; `machine` is the rig of a sentry, None for an ASIC edge. `hardware` is
    the evidence by which that rig is known from one with a copy of its disk; `changed_hands_epoch` is
    the last enrolment that came from other hardware than the one before, 0 if none did. It can be
    restored from the bin while only `binned_at` is set; from `erased_at` on its name is all that is left.

    `orders`, `watched` and `document` stand here, and not with the machine, since each report reads this
    item anyway.
    `orders_given` is the number of the last order; errands up to `errands_dropped` are not sent any more.
    """

    agent: str
    name: str
    kind: AgentKind
    secret_sha256: str
    machine: str | None
    created_at: float
    simulated: bool = False
    epoch: int = 0
    enrolled_at: float | None = None
    agent_version: str | None = None
    hardware: tuple[str, ...] = ()
    stranger: Stranger | None = None
    binned_at: float | None = None
    erased_at: float | None = None
    changed_hands_epoch: int = 0
    orders: tuple[WaitingOrder, ...] = ()
    orders_given: int = 0
    watched: tuple[WatchedProgram, ...] = ()
    errands: tuple[WaitingErrand, ...] = ()
    errands_given: int = 0
    document: DocumentMark | None = None
    errands_dropped: int = 0


class Machine(Record, frozen=True):
    """A machine by an id of ours; names and addresses are only evidence for it.

    `client_before`: whose it was before the last change of what is said of it, so that their pages hear.
    An ASIC's `agent` is the edge that reads it, or did so last; `batch` is that of its seat there.
    """

    machine: str
    name: str
    kind: AgentKind
    agent: str
    created_at: float
    simulated: bool = False
    labels: Labels = Labels()
    client_before: str | None = None
    batch: int | None = None
    model: str | None = None
    """Make and model of an ASIC."""


class Binned(Record, frozen=True):
    """An agent in the bin, with the machine that goes with it.

    The machines of an ASIC edge lie there themselves; `moving`: some may still be on their way.
    """

    agent: str
    name: str
    machine: Machine | None
    binned_at: float
    moving: bool = False


class Silence(PackedRecord, frozen=True):
    """A machine that says no more since `received_at`; `complete`: its last samples are rolled up."""

    state: Transition
    received_at: float
    complete: bool = False


class Standing(PackedRecord, frozen=True):
    """The machines of a shard that were found silent, by id; whoever is not in it is at work."""

    silent: dict[str, Silence] = {}


class Event(Record, frozen=True):
    """A machine became `state` at `at`, or its agent told of something, as in `wire.messages.RigEvent`.

    An event of the agent has a `kind` in place of a `state`; of what befell an order the commander tells.
    """

    at: float
    machine: str
    state: Transition | None = None
    kind: str | None = None
    reason: str = ""
    level: EventLevel = EventLevel.NOTE
    program: str = ""
    subject: str = ""
    over: bool = False


class ToldEvent(PackedRecord, frozen=True):
    """An agent's event is kept already, wherever among the events its time has put it."""


class Mined(PackedRecord, frozen=True):
    """A row of what a machine mines, as in `wire.messages.Mining`."""

    algorithm: str
    hashrate: float | None
    unit: HashrateUnit
    coin: str | None
    expected: float | None = None
    pool: str | None = None

    @classmethod
    def of(cls, mining: Mining) -> Mined:
        return cls(*msgspec.structs.astuple(mining))

    def told(self) -> Mining:
        """As a page is told of it."""
        return Mining(*msgspec.structs.astuple(self))


class ProgramState(PackedRecord, frozen=True):
    """A mining program as in `wire.messages.Program`; `running_s` to the second."""

    program: str
    miner: str
    state: str
    managed: bool
    reason: str
    version: str | None
    running_s: int | None
    accepted: int | None
    rejected: int | None
    pool: str | None
    pool_connected: bool | None

    @classmethod
    def of(cls, told: Program) -> ProgramState:
        running_s = None if told.running_s is None else round(told.running_s)
        return cls(*msgspec.structs.astuple(msgspec.structs.replace(told, running_s=running_s)))

    def told(self) -> Program:
        """As a page is told of it."""
        return Program(*msgspec.structs.astuple(self))


class Latest(PackedRecord, frozen=True):
    """The newest of what a machine reported: its block under way, and the values of its last sample.

    Its next report is due within `interval_s`. `values` are the machine's own, by metric code; those of
    devices and algorithms are in `open` alone. `open` is packed; it stands
    here, and not among the blocks, until the agent closes it: so a usual report is one write. Past 1 KB
    that write would cost double.
    """

    machine: str
    sampled_at: float
    received_at: float
    interval_s: float
    values: dict[int, float | None]
    open: bytes
    stopped: bool = False
    dropped: int = 0
    clock_off_s: float | None = None
    mining: tuple[Mined, ...] = ()
    programs: tuple[ProgramState, ...] = ()
    silence: NoReply | None = None
    """Of an ASIC that gave no answer. Never stored of a rig."""
    assignment: AssignmentState | None = None


class ClosedBlock(PackedRecord, frozen=True):
    """A closed block, packed. `received_at` is the first arrival; much later than `to_at` it came late."""

    to_at: float
    received_at: float
    packed: bytes


class Rollup(PackedRecord, frozen=True):
    """An hour's 10 min buckets, or a day's 1 h buckets, packed; see `cloud.domain.packing.pack_folds`.

    Older bodies have them by their offset in seconds and then by metric code. `late`: offsets of buckets
    in which samples arrived much later than they were taken. `partial`: made before the hour or day was
    over, for a machine that fell silent; it may have said more since.
    """

    from_at: int
    buckets: bytes | dict[int, dict[int, tuple[float, ...]]]
    late: tuple[int, ...] = ()
    partial: bool = False


class Arrival(Record, frozen=True):
    """A checked report on its way into the store, through a queue or at once.

    `asked_s` is the interval that the answer asked for: the agent's next report comes after that, or
    after its own interval where the answer was lost. `agent`: who sent it, "" in older bodies.
    """

    farm: str
    received_at: float
    watched: bool
    report: Report
    asked_s: float = 0
    agent: str = ""

    @property
    def revision(self) -> int:
        """Orders reports by (epoch, sequence): 22 and 40 bits, within a signed 64-bit integer."""
        return self.report.epoch << SEQUENCE_BITS | self.report.sequence


class StoredSpecs(Record, frozen=True):
    """A machine's specs as last reported."""

    specs: Specs


class StoredUnread(Record, frozen=True):
    """What could not be read of a machine, as last reported."""

    unread: tuple[Unread, ...]


class StoredLog(PackedRecord, frozen=True):
    """The last lines of a program's log, as a rig sent them to answer an order."""

    order: int
    received_at: float
    lines: tuple[str, ...]


class Outage(Record, frozen=True):
    """A time in which the commander itself took no reports."""

    from_at: float
    to_at: float


class Beat(Record, frozen=True):
    """When the commander was last known to run, and when it did not."""

    at: float
    outages: tuple[Outage, ...] = ()


def encode_arrival(arrival: Arrival) -> str:
    """An arrival as queues carry it: text."""
    return base64.b64encode(zlib.compress(msgspec.msgpack.encode(arrival), 6)).decode()


def decode_arrival(message: str) -> Arrival:
    """Reads what `encode_arrival` wrote; raises ValueError for anything else."""
    try:
        packed = zlib.decompress(base64.b64decode(message, validate=True))
        return msgspec.msgpack.decode(packed, type=Arrival)
    except (zlib.error, msgspec.MsgspecError) as error:
        raise ValueError(f"not an arrival: {error}") from error
