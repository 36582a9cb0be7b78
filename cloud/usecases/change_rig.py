"""Changes what an owner wants of a rig; its agent learns of it with the answer to its next report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloud.domain import keys, orders
from cloud.domain.audit import Act
from cloud.domain.records import Agent, Machine
from cloud.ports import Ports
from cloud.usecases.keep_audit import commit_audited
from cloud.usecases.settle_orders import agent_writes
from wire.faults import Fault
from wire.messages import AgentKind

_TRIES = 10


Describe = Callable[[Agent, Agent], tuple[Any, Any]]
"""What differs between an agent and what was made of it, for the audit log."""


def change_rig(
    ports: Ports, farm: str, machine: str, change: Callable[[Agent], Agent], action: str, describe: Describe
) -> None:
    """Keeps what `change` makes of the rig's agent as it stands; it may be called several times.

    Who did so stands in the audit log, as `action`. Raises Fault `machine_unknown` (404), also for one
    in the bin, `not_a_rig` or `try_again` (409), or what `change` raises, and then nothing is kept.
    """
    key = keys.agent(farm, _agent_of(ports, farm, machine))
    for _ in range(_TRIES):
        item = ports.store.get(key)
        agent = item.read(Agent) if item else None
        if item is None or agent is None or agent.binned_at is not None:
            raise _unknown()
        fresh, late = orders.settled(agent, ports.clock())
        changed = change(fresh)
        if changed == fresh:
            return
        act = Act(action, f"machine {machine}", *describe(fresh, changed))
        if commit_audited(ports, farm, act, agent_writes(ports, farm, item, changed, late)):
            return
    raise Fault("try_again", "The rig is being changed; please try again.", status=409)


def _agent_of(ports: Ports, farm: str, machine_id: str) -> str:
    item = ports.store.get(keys.machine(farm, machine_id))
    if item is None:
        raise _unknown()
    machine = item.read(Machine)
    if machine.kind is not AgentKind.CPU_GPU:
        message = "This machine is no rig with a sentry: nothing can be started or stopped on it."
        raise Fault("not_a_rig", message, status=409)
    return machine.agent


def _unknown() -> Fault:
    return Fault("machine_unknown", "There is no such machine.", status=404)
