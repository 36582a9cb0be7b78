"""Takes an agent and its machine off the farm; what runs on the rig goes on."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.records import Agent
from cloud.ports import AtRevision, Delete, Item, Ports, Put, Write
from wire.faults import Fault


def delete_agent(ports: Ports, farm: str, agent_id: str) -> None:
    """Revokes the token and removes the machine; raises Fault `agent_unknown` (404).

    The record stays for a while, so that the agent is told that it was revoked. History expires.
    """
    item = ports.store.get(keys.agent(farm, agent_id))
    agent = item.read(Agent) if item else None
    if item is None or agent is None or agent.revoked_at is not None:
        raise Fault("agent_unknown", "There is no such agent.", status=404)
    if not ports.store.commit([_revoke(ports, item, agent), *_machine_writes(farm, agent.machine)]):
        raise Fault("try_again", "The agent changed meanwhile; please try again.", status=409)


def _revoke(ports: Ports, item: Item, agent: Agent) -> Put:
    now = ports.clock()
    revoked = msgspec.structs.replace(agent, revoked_at=now)
    expires_at = now + ports.policy.revoked_token_s
    kept = Item.of(item.key, revoked, revision=item.revision + 1, expires_at=expires_at)
    return Put(kept, AtRevision(item.revision))


def _machine_writes(farm: str, machine: str | None) -> list[Write]:
    if machine is None:
        return []
    return [
        Delete(keys.machine(farm, machine)),
        Delete(keys.specs(farm, machine)),
        Delete(keys.unread(farm, machine)),
        Delete(keys.latest(farm, machine)),
    ]
