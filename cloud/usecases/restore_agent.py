"""Takes an agent and its machines out of the bin, as they were; on the rig nothing is to be done."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.records import Agent, Binned
from cloud.ports import Absent, AtRevision, Delete, Item, Ports, Present, Put, Write
from cloud.usecases.bin_machine import count_read, unbin_machines
from cloud.usecases.create_agent import check_room
from cloud.usecases.keep_audit import commit_audited
from wire.faults import Fault
from wire.messages import AgentKind


def restore_agent(ports: Ports, farm: str, agent_id: str) -> None:
    """Raises Fault `agent_unknown` (404) when it is not in the bin, or is being erased.

    Or `farm_full` (409), where an ASIC edge has more machines than there is room for.

    The machines of an ASIC edge follow it, but for those that another edge reads meanwhile; should this
    die between them, the next sweep does the rest (`empty_bin`).
    """
    key, agent_key = keys.binned(farm, agent_id), keys.agent(farm, agent_id)
    found = ports.store.get_many([key, agent_key])
    if key not in found or agent_key not in found or found[agent_key].read(Agent).erased_at is not None:
        raise Fault("agent_unknown", "It is not in the bin any more.", status=404)
    if ports.clock() >= found[key].read(Binned).binned_at + ports.policy.bin_s:
        raise Fault("agent_unknown", "It is being erased.", status=404)
    machine = found[key].read(Binned).machine
    if machine is None:
        check_room(ports, farm, count_read(ports, farm, agent_id))
    restored = msgspec.structs.replace(found[agent_key].read(Agent), binned_at=None)
    revision = found[agent_key].revision
    writes: list[Write] = [
        Delete(key, Present()),
        Put(Item.of(agent_key, restored, revision=revision + 1), AtRevision(revision)),
    ]
    if machine is not None:
        back_again = msgspec.structs.replace(machine, client_before=None)  # for whom that is no news
        machine_item = Item.of(keys.machine(farm, machine.machine), back_again, watched=True)
        writes.append(Put(machine_item, Absent()))
    back = {"name": restored.name, "machine": restored.machine}
    act = Act("restore_agent", f"agent {agent_id}", after=back)
    if not commit_audited(ports, farm, act, writes):
        raise Fault("try_again", "The agent changed meanwhile; please try again.", status=409)
    if restored.kind is AgentKind.ASIC:
        unbin_machines(ports, farm, agent_id)
