"""Lists a farm's agents."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.records import Agent
from cloud.domain.views import agent_view
from cloud.ports import Ports, every
from wire.live import AgentList


def list_agents(ports: Ports, farm: str) -> AgentList:
    """Every agent that is not deleted, oldest first."""
    prefix = keys.AGENT_PREFIX
    found = every(ports.store, keys.farm_pk(farm), prefix, prefix + "~")
    agents = [agent for item in found if (agent := item.read(Agent)).binned_at is None]
    agents.sort(key=lambda agent: (agent.created_at, agent.name))
    return AgentList([agent_view(agent) for agent in agents])
