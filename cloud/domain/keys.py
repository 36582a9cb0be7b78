"""Where each item lives: (pk, sk). A farm's items lie under keys with its id, out of reach of any other's.

Latest snapshots are spread over 16 partitions a farm: one DynamoDB partition takes 1,000 writes a second.
"""

from __future__ import annotations

import hashlib
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
BINNED_MACHINE_PREFIX = "binned-machine#"
SEATS_PREFIX = "seats#"
ERRAND_PREFIX = "errand#"
VERSION_PREFIX = "version#"
WORK_PREFIX = "work#"
ROLLOUT_PREFIX = "rollout#"
SESSION_PREFIX = "session#"
INVITATION_PREFIX = "invitation#"
INVITED_PREFIX = "invited#"
API_TOKEN_PREFIX = "apitoken#"  # noqa: S105
AUDIT_PREFIX = "line#"
LETTER_PREFIX = "letter#"
STANDING_PREFIX = "shard#"
FARM_PREFIX = "farm#"
FARMS_PK = "farms"
OUTBOX_PK = "outbox"


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


def book(farm_id: str) -> Key:
    """The farm's pools, wallets and own programs, and the list of its playbooks."""
    return Key(farm_pk(farm_id), "book")


def version(farm_id: str, playbook_id: str, number: int) -> Key:
    return Key(farm_pk(farm_id), f"{VERSION_PREFIX}{playbook_id}#{number:012d}")


def work(farm_id: str, machine_id: str) -> Key:
    """What a rig is to run."""
    return Key(farm_pk(farm_id), WORK_PREFIX + machine_id)


def worker(farm_id: str, name: str) -> Key:
    """Whose a worker name is; small and large letters are one to many pools."""
    return Key(f"{farm_pk(farm_id)}#workers", name.lower())


def rollout(farm_id: str, rollout_id: str) -> Key:
    return Key(farm_pk(farm_id), ROLLOUT_PREFIX + rollout_id)


def rollout_rigs(farm_id: str, rollout_id: str) -> Key:
    """Its rigs, apart from what changes with each step."""
    return Key(f"{farm_pk(farm_id)}#rollouts", rollout_id)


def handovers(farm_id: str) -> Key:
    """From each signing key to the next one."""
    return Key(farm_pk(farm_id), "handovers")


def specs(farm_id: str, machine_id: str) -> Key:
    return Key(farm_pk(farm_id), f"specs#{machine_id}")


def latest(farm_id: str, machine_id: str) -> Key:
    return Key(f"{farm_pk(farm_id)}#latest#{_shard(machine_id)}", machine_id)


def _shard(machine_id: str) -> str:
    return f"{zlib.crc32(machine_id.encode()) % SHARDS:02d}"


def latest_batch(farm_id: str, agent_id: str, batch: int) -> Key:
    """Of the ASICs of one batch of an edge; spread over the same partitions as the latest of rigs."""
    name = f"{agent_id}#{batch:08d}"
    return Key(f"{farm_pk(farm_id)}#latest#{_shard(name)}", name)


def seats(farm_id: str, agent_id: str, batch: int) -> Key:
    return Key(farm_pk(farm_id), f"{SEATS_PREFIX}{agent_id}#{batch:08d}")


def evidence(farm_id: str, kind: str, text: str) -> Key:
    """`text` as a device tells it, so by its digest: it may hold anything."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:32]
    return Key(f"{farm_pk(farm_id)}#evidence", f"{kind}#{digest}")


def appliance(farm_id: str, machine_id: str) -> Key:
    return Key(farm_pk(farm_id), f"appliance#{machine_id}")


def edge(farm_id: str, agent_id: str) -> Key:
    return Key(farm_pk(farm_id), f"edge#{agent_id}")


def found(farm_id: str, agent_id: str) -> Key:
    return Key(farm_pk(farm_id), f"found#{agent_id}")


def errand(farm_id: str, agent_id: str, number: int) -> Key:
    return Key(farm_pk(farm_id), f"{ERRAND_PREFIX}{agent_id}#{number:012d}")


def binned_machine(farm_id: str, machine_id: str) -> Key:
    """An ASIC in the bin."""
    return Key(farm_pk(farm_id), BINNED_MACHINE_PREFIX + machine_id)


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


def person_pk(email: str) -> str:
    return f"person#{email}"


def person(email: str) -> Key:
    return Key(person_pk(email), "person")


def session(email: str, cookie_sha256: str) -> Key:
    return Key(person_pk(email), SESSION_PREFIX + cookie_sha256)


def members(farm_id: str) -> Key:
    return Key(farm_pk(farm_id), "members")


def invitation(farm_id: str, invitation_id: str) -> Key:
    return Key(farm_pk(farm_id), INVITATION_PREFIX + invitation_id)


def invitation_link(secret_sha256: str) -> Key:
    """By the secret alone, since a link says no more."""
    return Key(f"invitation#{secret_sha256}", "link")


def invited(email: str, invitation_id: str) -> Key:
    """Beside the account of the invited address, which there may not be yet."""
    return Key(person_pk(email), INVITED_PREFIX + invitation_id)


def api_token(farm_id: str, token_id: str) -> Key:
    return Key(farm_pk(farm_id), API_TOKEN_PREFIX + token_id)


def audit_pk(farm_id: str | None) -> str:
    """Of a farm's log, or of the commander's own (None): of what concerns no farm."""
    return "commander#audit" if farm_id is None else f"{farm_pk(farm_id)}#audit"


def audit_line(farm_id: str | None, number: int) -> Key:
    """12 digits, so that lines sort by number."""
    return Key(audit_pk(farm_id), f"{AUDIT_PREFIX}{number:012d}")


def audit_head(farm_id: str | None) -> Key:
    return Key(audit_pk(farm_id), "head")


def letter(kind: str, about: str) -> Key:
    """In the outbox, which is the commander's own; one letter about one thing."""
    return Key(OUTBOX_PK, f"{LETTER_PREFIX}{kind}#{about}")


def reset(secret_sha256: str) -> Key:
    return Key(f"reset#{secret_sha256}", "reset")


def tries(of_sha256: str) -> Key:
    """What was tried, by the digest of what is counted, so that no address stands in the key."""
    return Key(f"tries#{of_sha256}", "tries")


def trip(state_sha256: str) -> Key:
    """A browser that has gone to the provider, by what the provider sends back."""
    return Key(f"trip#{state_sha256}", "trip")


def identity(issuer: str, subject: str) -> Key:
    """Whose account a provider's subject opens; issuers are addresses, and hold no line end."""
    digest = hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()
    return Key(f"identity#{digest}", "identity")


def ticket(ticket_sha256: str) -> Key:
    return Key(f"ticket#{ticket_sha256}", "ticket")


def farm_of(pk: str) -> str:
    """The farm that a farm-scoped partition key belongs to."""
    return pk.split("#", 2)[1]


def is_of_another(pk: str, farm_id: str) -> bool:
    """Whether a partition belongs to a farm, and not to this one."""
    return pk.startswith(FARM_PREFIX) and farm_of(pk) != farm_id
