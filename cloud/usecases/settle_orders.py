"""Drops orders that a rig has done, and those that came too late, which becomes an event."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.domain import keys, orders
from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Agent, WaitingOrder
from cloud.ports import AtRevision, Item, Ports, Put, Write
from cloud.usecases.store_events import event_writes


def settle_orders(ports: Ports, principal: AgentPrincipal, done: int, now: float) -> None:
    """Calls the store only where something is to be dropped; if the agent changes meanwhile, next time."""
    if orders.settled(principal.agent, now, done)[0] == principal.agent:
        return
    item = ports.store.get(keys.agent(principal.farm, principal.agent.agent))
    agent = item.read(Agent) if item else None
    if item is None or agent is None:
        return
    settled, late = orders.settled(agent, now, done)
    if settled != agent:
        ports.store.commit(agent_writes(ports, principal.farm, item, settled, late))


def agent_writes(
    ports: Ports,
    farm: str,
    item: Item,
    agent: Agent,
    dropped: Sequence[WaitingOrder],
    why: str = orders.TOO_LATE,
) -> list[Write]:
    """Keeps `agent` over `item`, if it is still that, with an event for each dropped order."""
    kept = Item.of(item.key, agent, revision=item.revision + 1, expires_at=item.expires_at)
    writes: list[Write] = [Put(kept, AtRevision(item.revision))]
    for each in dropped if agent.machine else ():
        at = min(each.at + orders.WAITS_S, ports.clock())
        event = orders.expiry_event(agent.machine or "", each, at, why)
        writes += event_writes(ports, farm, event, f"order-{each.order.number}")
    return writes
