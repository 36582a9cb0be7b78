"""What the commander says to the page: machines by paged HTTP, changes by socket.

Machines travel as columns: `machine[i]` has the figures `received_at[i]`, `values[metric][i]` and so on.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from wire.edge import Appliance, NoReply
from wire.messages import (
    Action,
    AgentKind,
    EventLevel,
    Mining,
    Order,
    Program,
    Specs,
    Unread,
    WatchedProgram,
)
from wire.metrics import Metric
from wire.shapes import Id, Message


class LiveColumns(Message, frozen=True):
    """What changes with each report. None: nothing was ever reported, or this value was not read.

    `received_at` is the commander's clock; at `late_at` and `offline_at`, by the same clock, the
    state changes unless another report comes. `stopped`: the agent said goodbye. `interval_s`: how
    often it reports at present. `mining` is as of the last sample. `silence`: of the ASICs that give their
    edge no answer, by machine.
    """

    machine: list[str]
    received_at: list[float | None]
    sampled_at: list[float | None]
    late_at: list[float | None]
    offline_at: list[float | None]
    stopped: list[bool]
    interval_s: list[float | None]
    mining: list[tuple[Mining, ...]]
    values: dict[str, list[float | None]]
    silence: dict[str, NoReply] = {}  # noqa: RUF012 - msgspec copies it


class ParkedFor(StrEnum):
    """Why a machine is out of work for a while."""

    REPAIR = "repair"
    SPARE = "spare"
    SOLD = "sold"


class Parked(Message, frozen=True):
    """A machine taken out of counts, coverage and alerts at `at`, until somebody puts it back."""

    reason: ParkedFor
    at: float
    note: str = ""


class Labels(Message, frozen=True):
    """What its owner says of a machine. `client`: whose machine it is, None for the farm's own."""

    place: str = ""
    tags: tuple[str, ...] = ()
    client: str | None = None
    parked: Parked | None = None


class MachinePage(Message, frozen=True):
    """One page of a farm's machines; `next` is the token of the following page, None on the last.

    `model`: make and model of an ASIC. `agent`: who reads it; None for whom the farm's agents are not shown.
    """

    server_at: float
    name: list[str]
    kind: list[AgentKind]
    agent: list[str | None]
    model: list[str | None]
    simulated: list[bool]
    labels: list[Labels]
    live: LiveColumns
    next: str | None


class MachineView(Message, frozen=True):
    """All that is known of one machine now.

    `dropped`: samples that its agent had to drop. `clock_off_s`: how far its own clock is ahead.
    """

    server_at: float
    name: str
    kind: AgentKind
    simulated: bool
    labels: Labels
    agent: str
    specs: Specs | None
    unread: tuple[Unread, ...]
    dropped: int
    clock_off_s: float | None
    live: LiveColumns
    values: dict[str, float | None]
    """The last sample's figures of devices and algorithms, by series name."""
    programs: tuple[Program, ...] = ()
    orders: tuple[Order, ...] = ()
    """Those that the agent has not carried out yet."""
    watched: tuple[WatchedProgram, ...] = ()
    silence: NoReply | None = None
    """Of an ASIC that gives its edge no answer."""
    appliance: Appliance | None = None


class Parking(Message, frozen=True):
    """From the page: why a machine is parked."""

    reason: ParkedFor
    note: str = ""


class MachineChange(msgspec.Struct, frozen=True):
    """From the page: what is to be different; what is left out stays. `parked` None: back to work."""

    name: str | UnsetType = UNSET
    place: str | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    client: str | UnsetType | None = UNSET
    parked: Parking | UnsetType | None = UNSET


class OrderRequest(msgspec.Struct, frozen=True):
    """From the page: what is wanted of a program, as in `wire.messages.Order`."""

    action: Action
    program: Id
    for_s: Annotated[float, Meta(ge=60, le=30 * 86_400)] | None = None
    take_over: bool = False
    lines: Annotated[int, Meta(ge=1, le=200)] = 100


class WatchRequest(msgspec.Struct, frozen=True):
    """From the page: all programs of a rig that are only to be read."""

    watched: Annotated[tuple[WatchedProgram, ...], Meta(max_length=8)]


class ProgramLog(Message, frozen=True):
    """The last lines of a program's log as the rig last sent them; `order`: the order that they answer."""

    program: str
    order: int
    received_at: float
    lines: tuple[str, ...]


class Transition(StrEnum):
    """What became of a machine by itself."""

    ONLINE = "online"
    OFFLINE = "offline"
    STOPPED = "stopped"


class MachineEvent(Message, frozen=True):
    """A machine changed its `state` at `at`, or its agent told of something: then `kind` is a RigEvent's.

    One of both is set. Times are the commander's clock for `state`, the rig's for `kind`.
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


class EventList(Message, frozen=True):
    """The newest events first; `next` is the token of the following page, None on the last."""

    events: list[MachineEvent]
    next: str | None


class FarmSettings(Message, frozen=True):
    """How often a farm's machines report, and when silence means something, in seconds.

    None is the default: the commander's own interval, and limits of 1.5 and 2.5 intervals.
    """

    report_interval_s: float | None = None
    late_after_s: float | None = None
    offline_after_s: float | None = None


class Pace(Message, frozen=True):
    """What agents are asked for, and after how many seconds of silence a machine is late and offline."""

    sample_interval_s: float
    report_interval_s: float
    late_after_s: float
    offline_after_s: float


class FarmView(Message, frozen=True):
    """A farm as its owner set it up (`settings`), and what that comes to (`pace`)."""

    farm: str
    name: str
    settings: FarmSettings
    pace: Pace
    default: Pace


class History(Message, frozen=True):
    """One machine's figures between two times: samples, or buckets of `resolution_s` by their start.

    Draw no line across more than `gap_s` seconds. Counters (roll-up `increase`) come as their growth
    per second. `late` are times whose samples arrived much later than they were taken.
    """

    server_at: float
    from_at: float
    to_at: float
    resolution_s: int | None
    gap_s: float
    at: list[float]
    values: dict[str, list[float | None]]
    late: list[float]


class Stranger(Message, frozen=True):
    """Another machine showed this agent's token, as a copied disk would; it was refused."""

    hostname: str
    at: float


class AgentView(Message, frozen=True):
    """An agent as the page lists it. `enrolled_at` is None until it first made contact."""

    agent: str
    name: str
    kind: AgentKind
    simulated: bool
    machine: str | None
    created_at: float
    enrolled_at: float | None
    agent_version: str | None
    stranger: Stranger | None = None


class BinnedAgent(Message, frozen=True):
    """A deleted agent that can be restored until `erased_at`."""

    agent: str
    name: str
    machine: str | None
    binned_at: float
    erased_at: float


class Bin(Message, frozen=True):
    """What was deleted and is not erased yet, the newest first."""

    binned: list[BinnedAgent]


class AgentList(Message, frozen=True):
    """Every agent of the farm, oldest first."""

    agents: list[AgentView]


class NewAgent(Message, frozen=True):
    """The answer to creating an agent: the only time that its token is shown."""

    agent: AgentView
    url: str
    token: str
    command: str


class AgentRequest(Message, frozen=True):
    """From the page: a new agent, of 1 to 80 printable letters."""

    name: str
    kind: AgentKind


class SocketTicket(Message, frozen=True):
    """Opens one socket, once, before `expires_at`."""

    ticket: str
    expires_at: float


class MetricsTable(Message, frozen=True):
    """The rows of `wire.metrics`: labels, units and bounds for the page."""

    metrics: tuple[Metric, ...]


class Delta(Message, frozen=True, tag_field="type", tag="delta"):
    """Machines that reported since the last delta; everything else stands."""

    server_at: float
    live: LiveColumns


class MachinesChanged(Message, frozen=True, tag_field="type", tag="machines_changed"):
    """Machines were added, renamed or removed: ask for the list again."""

    server_at: float


class Pong(Message, frozen=True, tag_field="type", tag="pong"):
    """The answer to the page's ping."""

    server_at: float


class Ping(Message, frozen=True, tag_field="type", tag="ping"):
    """From the page, every 30 s: the connection is in use."""


class Look(Message, frozen=True, tag_field="type", tag="look"):
    """From the page: these machines are on the screen now. Repeated each 60 s, forgotten after 90 s.

    The id of an ASIC edge may be among them, where the whole farm is seen.
    """

    machines: Annotated[tuple[Id, ...], Meta(max_length=50)]


ToPage = Delta | MachinesChanged | Pong
FromPage = Ping | Look
