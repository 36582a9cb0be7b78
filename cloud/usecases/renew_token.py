"""Gives an agent a new token; the rig is then enrolled again under its history."""

from __future__ import annotations

import msgspec

from cloud.domain import keys, tokens
from cloud.domain.audit import Act
from cloud.domain.records import Agent
from cloud.ports import AtRevision, Item, Ports, Put
from cloud.usecases.create_agent import new_agent
from cloud.usecases.keep_audit import commit_audited
from wire.faults import Fault
from wire.live import NewAgent


def renew_token(ports: Ports, farm: str, agent_id: str) -> NewAgent:
    """The token before ends at once, and with it reporting alone; raises Fault `agent_unknown` (404)."""
    item = ports.store.get(keys.agent(farm, agent_id))
    agent = item.read(Agent) if item else None
    if item is None or agent is None or agent.binned_at is not None:
        raise Fault("agent_unknown", "There is no such agent.", status=404)
    token = tokens.Token(farm, agent_id, ports.randomness.new_secret())
    renewed = msgspec.structs.replace(agent, secret_sha256=tokens.sha256(token.secret), stranger=None)
    kept = Put(Item.of(item.key, renewed, revision=item.revision + 1), AtRevision(item.revision))
    told = {"name": agent.name, "machine": agent.machine}
    if not commit_audited(ports, farm, Act("renew_token", f"agent {agent_id}", after=told), [kept]):
        raise Fault("try_again", "The agent changed meanwhile; please try again.", status=409)
    return new_agent(ports, renewed, token)
