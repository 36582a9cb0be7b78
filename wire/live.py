"""What the commander says to the page: machines by paged HTTP, changes by socket.

Machines travel as columns: `machine[i]` has the figures `received_at[i]`, `values[metric][i]` and so on.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from wire.messages import AgentKind, Message, Specs, Unread
from wire.metrics import Metric


class LiveColumns(Message, frozen=True):
    """What changes with each report. None: nothing was ever reported, or this value was not read.

    `received_at` is the commander's clock; at `late_at` and `offline_at`, by the same clock, the
    state changes unless another report comes. `stopped`: the agent said goodbye.
    """

    machine: list[str]
    received_at: list[float | None]
    sampled_at: list[float | None]
    late_at: list[float | None]
    offline_at: list[float | None]
    stopped: list[bool]
    values: dict[str, list[float | None]]


class MachinePage(Message, frozen=True):
    """One page of a farm's machines; `next` is the token of the following page, None on the last."""

    server_at: float
    name: list[str]
    kind: list[AgentKind]
    simulated: list[bool]
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
    agent: str
    specs: Specs | None
    unread: tuple[Unread, ...]
    dropped: int
    clock_off_s: float | None
    live: LiveColumns


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


class AgentList(Message, frozen=True):
    """Every agent of the farm, oldest first."""

    agents: list[AgentView]


class NewAgent(Message, frozen=True):
    """The answer to creating an agent: the only time that its token is shown."""

    agent: AgentView
    url: str
    token: str
    command: str


class Credentials(Message, frozen=True):
    """From the page: signing in."""

    email: Annotated[str, Meta(max_length=320)]
    password: Annotated[str, Meta(max_length=1024)]


class AgentRequest(Message, frozen=True):
    """From the page: a new agent, of 1 to 80 printable letters."""

    name: str
    kind: AgentKind


class SessionView(Message, frozen=True):
    """Who is signed in, and at which farm."""

    email: str
    farm: str
    farm_name: str


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


ToPage = Delta | MachinesChanged | Pong
FromPage = Ping
