"""What the store keeps, one struct per kind of item. Times are epoch seconds by the commander's clock."""

from __future__ import annotations

import msgspec

from wire.messages import AgentKind, Series, Specs, Unread


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of every stored body; new fields need a default, for old bodies lack them."""


class Farm(Record, frozen=True):
    """A place with machines and one owner: the unit of totals and of permission."""

    farm: str
    name: str
    created_at: float


class Person(Record, frozen=True):
    """Somebody who signs in with an e-mail address and a password, and belongs to one farm."""

    email: str
    farm: str
    password_hash: str
    created_at: float


class Session(Record, frozen=True):
    """A signed-in browser, found by the SHA-256 of its cookie."""

    email: str
    farm: str
    created_at: float


class Ticket(Record, frozen=True):
    """Opens one socket for one farm, once."""

    farm: str


class Connection(Record, frozen=True):
    """An open socket; `farm` says whose changes go to it."""

    farm: str
    connection: str


class Agent(Record, frozen=True):
    """A sentry or an ASIC edge. Of its token only the secret's SHA-256 is kept.

    `epoch` counts enrolments; `machine` is the rig of a sentry, None for an ASIC edge.
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
    revoked_at: float | None = None


class Machine(Record, frozen=True):
    """A machine by an id of ours; names and addresses are only evidence for it."""

    machine: str
    name: str
    kind: AgentKind
    agent: str
    created_at: float
    simulated: bool = False


class Latest(Record, frozen=True):
    """The newest of what a machine reported; the values are those of its last sample."""

    machine: str
    sampled_at: float
    received_at: float
    interval_s: float
    values: dict[str, float | None]
    unread: tuple[Unread, ...] = ()
    stopped: bool = False


class Samples(Record, frozen=True):
    """The samples that one report brought for one machine, as they came."""

    at: tuple[float, ...]
    series: tuple[Series, ...]


class StoredSpecs(Record, frozen=True):
    """A machine's specs as last reported."""

    specs: Specs


class Watch(Record, frozen=True):
    """Somebody looks at the farm until this item expires."""

    farm: str
