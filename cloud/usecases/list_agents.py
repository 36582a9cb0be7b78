"""Lists a farm's agents."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.domain import keys
from cloud.domain.records import Agent
from cloud.domain.views import agent_view
from cloud.ports import Ports
from wire.live import AgentList


def list_agents(ports: Ports, farm: str) -> AgentList:
    """Every agent that is not revoked, oldest first."""
    agents = [agent for agent in _all(ports, farm) if agent.revoked_at is None]
    agents.sort(key=lambda agent: (agent.created_at, agent.name))
    return AgentList([agent_view(agent) for agent in agents])


def _all(ports: Ports, farm: str) -> Iterator[Agent]:
    after: str | None = None
    prefix = keys.AGENT_PREFIX
    while True:
        page = ports.store.query(keys.farm_pk(farm), prefix, prefix + "~", after=after)
        yield from (item.read(Agent) for item in page.items)
        if page.next is None:
            return
        after = page.next
