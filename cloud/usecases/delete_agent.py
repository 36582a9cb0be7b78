"""Puts an agent and its machines into the bin; what runs on the rig goes on."""

from __future__ import annotations

import msgspec

from cloud.domain import errands, keys
from cloud.domain.audit import Act
from cloud.domain.records import Agent, Binned, Machine
from cloud.ports import AtRevision, Delete, Item, Ports, Put, Write
from cloud.usecases.bin_machine import bin_machines
from cloud.usecases.keep_audit import commit_of_agent
from wire.faults import Fault
from wire.messages import AgentKind


def delete_agent(ports: Ports, farm: str, agent_id: str) -> Binned:
    """Its token is refused from now on; raises Fault `agent_unknown` (404).

    Until the bin is emptied, `restore_agent` brings it back with its history and its token, but not
    with the orders and errands that wait. The machines of an ASIC edge follow it in several commits;
    should this die between them, the next sweep does the rest (`empty_bin`).
    """
    item = ports.store.get(keys.agent(farm, agent_id))
    agent = item.read(Agent) if item else None
    if item is None or agent is None or agent.binned_at is not None:
        raise Fault("agent_unknown", "There is no such agent.", status=404)
    now = ports.clock()
    deleted = msgspec.structs.replace(errands.dropped(agent), binned_at=now, orders=())
    machine = ports.store.get(keys.machine(farm, agent.machine)) if agent.machine else None
    binned = Binned(agent_id, agent.name, machine.read(Machine) if machine else None, now)
    if agent.kind is AgentKind.ASIC:
        binned = msgspec.structs.replace(binned, moving=True)
    writes: list[Write] = [
        Put(Item.of(item.key, deleted, revision=item.revision + 1), AtRevision(item.revision)),
        Put(Item.of(keys.binned(farm, agent_id), binned)),
    ]
    if machine is not None:
        # Were it changed meanwhile, the bin would hold it as it was before.
        writes.append(Delete(machine.key, AtRevision(machine.revision)))
    gone = {"name": agent.name, "machine": agent.machine}
    act = Act("delete_agent", f"agent {agent_id}", before=gone)
    if not commit_of_agent(ports, farm, agent, act, writes):
        raise Fault("try_again", "The agent changed meanwhile; please try again.", status=409)
    return finish_binning(ports, farm, binned) if binned.moving else binned


def finish_binning(ports: Ports, farm: str, binned: Binned) -> Binned:
    """Lets the machines of an ASIC edge follow it; done again it does what is left."""
    bin_machines(ports, farm, binned.agent, binned.binned_at)
    finished = msgspec.structs.replace(binned, moving=False)
    key = keys.binned(farm, binned.agent)
    item = ports.store.get(key)
    if item is not None and item.read(Binned) == binned:
        kept = Item.of(key, finished, revision=item.revision + 1)
        ports.store.write(Put(kept, AtRevision(item.revision)))
    return finished
