"""Adds a sentry or an ASIC edge to a farm and gives out its token, once."""

from __future__ import annotations

from itertools import islice

from cloud.domain import keys, tokens
from cloud.domain.audit import Act
from cloud.domain.labels import checked_name
from cloud.domain.records import Agent, Machine
from cloud.domain.views import agent_view
from cloud.ports import Absent, Item, Ports, Put, Write, every
from cloud.usecases.keep_audit import commit_of_agent
from wire.faults import Fault
from wire.live import NewAgent
from wire.messages import AgentKind

_PROGRAMS = {AgentKind.CPU_GPU: "edge-sentry", AgentKind.ASIC: "asic-edge"}


def create_agent(ports: Ports, farm: str, name: str, kind: AgentKind, *, simulated: bool = False) -> NewAgent:
    """Stores the agent and, for a sentry, its machine; raises Fault `bad_name` (422)."""
    name = checked_name(name)
    new_id, now = ports.randomness.new_id, ports.clock()
    machine = new_id("machine") if kind is AgentKind.CPU_GPU else None
    token = tokens.Token(farm, new_id("agent"), ports.randomness.new_secret())
    digest = tokens.sha256(token.secret)
    agent = Agent(token.agent, name, kind, digest, machine, now, simulated)
    _store(ports, farm, agent)
    return new_agent(ports, agent, token)


def new_agent(ports: Ports, agent: Agent, token: tokens.Token) -> NewAgent:
    """The answer that shows a new token, with the command that uses it."""
    command = f"{_PROGRAMS[agent.kind]} enrol --url {ports.public_url} --token {token}"
    return NewAgent(agent_view(agent), ports.public_url, str(token), command)


def check_room(ports: Ports, farm: str, wanted: int = 1) -> None:
    """Raises Fault `farm_full` (409) when so many more would be over what the farm's operator allows."""
    prefix, most = keys.MACHINE_PREFIX, ports.policy.machines_per_farm_max
    found = every(ports.store, keys.farm_pk(farm), prefix, prefix + "~")
    there = sum(1 for _ in islice(found, most))
    if there + wanted > most:
        message = f"This farm has {there:,} machines, and this commander allows {most:,}."
        raise Fault("farm_full", message, status=409)


def _store(ports: Ports, farm: str, agent: Agent) -> None:
    writes: list[Write] = [Put(Item.of(keys.agent(farm, agent.agent), agent), Absent())]
    if agent.machine is not None:
        machine = Machine(
            agent.machine, agent.name, agent.kind, agent.agent, agent.created_at, agent.simulated
        )
        key = keys.machine(farm, agent.machine)
        writes.append(Put(Item.of(key, machine, watched=True), Absent()))
    made = {"name": agent.name, "kind": agent.kind, "machine": agent.machine}
    act = Act("create_agent", f"agent {agent.agent}", after=made)
    if not commit_of_agent(ports, farm, agent, act, writes):
        raise Fault("try_again", "The new agent's id was taken; please try again.", status=409)
