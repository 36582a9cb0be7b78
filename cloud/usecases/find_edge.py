"""The record of an ASIC edge, for whoever asks by its id."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.records import Agent
from cloud.ports import Item, Ports
from wire.faults import Fault
from wire.messages import AgentKind


def find_edge(ports: Ports, farm: str, agent_id: str) -> tuple[Item, Agent]:
    """Raises Fault `agent_unknown` (404), also for one in the bin, or `wrong_kind` (409) for a sentry."""
    item = ports.store.get(keys.agent(farm, agent_id))
    agent = item.read(Agent) if item else None
    if item is None or agent is None or agent.binned_at is not None:
        raise Fault("agent_unknown", "There is no such agent.", status=404)
    if agent.kind is not AgentKind.ASIC:
        message = "This is the sentry of a rig; only an ASIC edge looks after other devices."
        raise Fault("wrong_kind", message, status=409)
    return item, agent
