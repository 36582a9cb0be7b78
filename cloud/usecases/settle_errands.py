"""Drops errands that an edge has done, and those that came too late; tells which ones it is still to do."""

from __future__ import annotations

from cloud.domain import errands, keys
from cloud.domain.asic_records import StoredErrand
from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Agent
from cloud.ports import AtRevision, Item, Ports, Put
from wire.edge import GivenErrand


def settle_errands(ports: Ports, principal: AgentPrincipal, done: int, now: float) -> tuple[GivenErrand, ...]:
    """What waits, oldest first, as far as one answer holds it; `done`: the last errand that it has ended.

    Calls the store only where something waits or is to be dropped.
    """
    farm, agent = principal.farm, principal.agent
    if errands.settled(agent, now, done) != agent:
        _drop(ports, farm, agent.agent, done, now)
    wanted = [keys.errand(farm, agent.agent, number) for number in errands.waiting(agent, now, done)]
    if not wanted:
        return ()
    found = ports.store.get_many(wanted, stale_ok=True)
    kept = [found[key].read(StoredErrand) for key in wanted if key in found]
    return errands.that_fit(
        [GivenErrand(each.number, errand) for each in kept if (errand := each.errand) is not None]
    )


def _drop(ports: Ports, farm: str, agent_id: str, done: int, now: float) -> None:
    """If the agent changes meanwhile, the next report drops them."""
    item = ports.store.get(keys.agent(farm, agent_id))
    if item is None:
        return
    agent = item.read(Agent)
    settled = errands.settled(agent, now, done)
    if settled != agent:
        kept = Item.of(item.key, settled, revision=item.revision + 1, expires_at=item.expires_at)
        ports.store.write(Put(kept, AtRevision(item.revision)))
