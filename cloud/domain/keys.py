"""Where each item lives: (pk, sk). A farm's items lie under keys with its id, out of reach of any other's.

Latest snapshots are spread over 16 partitions a farm: one DynamoDB partition takes 1,000 writes a second.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple

SHARDS = 16
AGENT_PREFIX = "agent#"
MACHINE_PREFIX = "machine#"
CONNECTION_PREFIX = "connection#"
BLOCK_PREFIX = "block#"
HOUR_PREFIX = "hour#"
DAY_PREFIX = "day#"
EVENT_PREFIX = "event#"
TOLD_PREFIX = "told#"
LOG_PREFIX = "log#"
BINNED_PREFIX = "binned#"
STANDING_PREFIX = "shard#"
FARM_PREFIX = "farm#"
FARMS_PK = "farms"


class Key(NamedTuple):
    """Partition and sort key of one item."""

    pk: str
    sk: str


def farm(farm_id: str) -> Key:
    return Key(farm_pk(farm_id), "farm")


def farm_pk(farm_id: str) -> str:
    return f"farm#{farm_id}"


def agent(farm_id: str, agent_id: str) -> Key:
    return Key(farm_pk(farm_id), AGENT_PREFIX + agent_id)


def machine(farm_id: str, machine_id: str) -> Key:
    return Key(farm_pk(farm_id), MACHINE_PREFIX + machine_id)


def specs(farm_id: str, machine_id: str) -> Key:
    return Key(farm_pk(farm_id), f"specs#{machine_id}")


def latest(farm_id: str, machine_id: str) -> Key:
    return Key(f"{farm_pk(farm_id)}#latest#{_shard(machine_id)}", machine_id)


def _shard(machine_id: str) -> str:
    return f"{zlib.crc32(machine_id.encode()) % SHARDS:02d}"


def unread(farm_id: str, machine_id: str) -> Key:
    return Key(farm_pk(farm_id), f"unread#{machine_id}")


def history_pk(farm_id: str, machine_id: str) -> str:
    return f"{farm_pk(farm_id)}#history#{machine_id}"


def at_sk(prefix: str, at: float) -> str:
    """Sorts by time; milliseconds in 15 digits reach beyond the year 30,000."""
    return f"{prefix}{round(at * 1000):015d}"


def block(farm_id: str, machine_id: str, first_at: float) -> Key:
    return Key(history_pk(farm_id, machine_id), at_sk(BLOCK_PREFIX, first_at))


def rollup(farm_id: str, machine_id: str, prefix: str, from_at: float) -> Key:
    return Key(history_pk(farm_id, machine_id), at_sk(prefix, from_at))


def cadence(farm_id: str) -> Key:
    return Key(farm_pk(farm_id), "cadence")


def binned(farm_id: str, agent_id: str) -> Key:
    return Key(farm_pk(farm_id), BINNED_PREFIX + agent_id)


def standing_pk(farm_id: str) -> str:
    return f"{farm_pk(farm_id)}#standing"


def standing(farm_id: str, machine_id: str) -> Key:
    """Shared by the machines of a shard."""
    return Key(standing_pk(farm_id), f"{STANDING_PREFIX}{_shard(machine_id)}")


def events_pk(farm_id: str) -> str:
    return f"{farm_pk(farm_id)}#events"


def event(farm_id: str, at: float, machine_id: str, tail: str = "") -> Key:
    return farm_event_of(farm_id, machine_id, machine_event(farm_id, machine_id, at, tail))


def machine_event(farm_id: str, machine_id: str, at: float, tail: str = "") -> Key:
    """`tail` tells apart what happens to a machine within a millisecond; a change of state has none."""
    sk = at_sk(EVENT_PREFIX, at)
    return Key(history_pk(farm_id, machine_id), f"{sk}#{tail}" if tail else sk)


def told_event(farm_id: str, machine_id: str, at: float, tail: str) -> Key:
    """Where it is noted that an event with this time of its rig is kept."""
    return Key(history_pk(farm_id, machine_id), f"{at_sk(TOLD_PREFIX, at)}#{tail}")


def log(farm_id: str, machine_id: str, program: str) -> Key:
    return Key(history_pk(farm_id, machine_id), LOG_PREFIX + program)


def farm_event_of(farm_id: str, machine_id: str, key: Key) -> Key:
    """Where the event of `machine_event` stands among those of its farm."""
    return Key(events_pk(farm_id), f"{key.sk}#{machine_id}")


def farm_entry(farm_id: str) -> Key:
    """In the list of all farms, which is the commander's own."""
    return Key(FARMS_PK, FARM_PREFIX + farm_id)


def connections_pk(farm_id: str) -> str:
    return f"{farm_pk(farm_id)}#connections"


def farm_connection(farm_id: str, connection: str) -> Key:
    return Key(connections_pk(farm_id), CONNECTION_PREFIX + connection)


def connection(connection_id: str) -> Key:
    """By its id alone, since a closing socket tells no more."""
    return Key(f"connection#{connection_id}", "connection")


def beat() -> Key:
    """The commander's own, of no farm."""
    return Key("commander", "beat")


def person(email: str) -> Key:
    return Key(f"person#{email}", "person")


def session(cookie_sha256: str) -> Key:
    return Key(f"session#{cookie_sha256}", "session")


def ticket(ticket_sha256: str) -> Key:
    return Key(f"ticket#{ticket_sha256}", "ticket")


def farm_of(pk: str) -> str:
    """The farm that a farm-scoped partition key belongs to."""
    return pk.split("#", 2)[1]
