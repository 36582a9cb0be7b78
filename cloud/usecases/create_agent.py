"""Adds a sentry or an ASIC edge to a farm and gives out its token, once."""

from __future__ import annotations

from itertools import islice

from cloud.domain import keys, tokens
from cloud.domain.records import Agent, Machine
from cloud.domain.views import agent_view
from cloud.ports import Absent, Item, Ports, Put, Write, every
from wire.faults import Fault
from wire.live import NewAgent
from wire.messages import AgentKind

_PROGRAMS = {AgentKind.CPU_GPU: "edge-sentry", AgentKind.ASIC: "asic-edge"}
NAME_MAX = 80
_JOINERS = ("\u200c", "\u200d")


def create_agent(ports: Ports, farm: str, name: str, kind: AgentKind, *, simulated: bool = False) -> NewAgent:
    """Stores the agent and, for a sentry, its machine; raises Fault `bad_name` (422)."""
    name = _checked_name(name)
    new_id, now = ports.randomness.new_id, ports.clock()
    machine = new_id("machine") if kind is AgentKind.CPU_GPU else None
    token = tokens.Token(farm, new_id("agent"), ports.randomness.new_secret())
    digest = tokens.sha256(token.secret)
    agent = Agent(token.agent, name, kind, digest, machine, now, simulated)
    _store(ports, farm, agent)
    command = f"{_PROGRAMS[kind]} enrol --url {ports.public_url} --token {token}"
    return NewAgent(agent_view(agent), ports.public_url, str(token), command)


def check_room(ports: Ports, farm: str) -> None:
    """Raises Fault `farm_full` (409) when the farm has as many machines as its operator allows."""
    prefix, most = keys.MACHINE_PREFIX, ports.policy.machines_per_farm_max
    found = every(ports.store, keys.farm_pk(farm), prefix, prefix + "~")
    if sum(1 for _ in islice(found, most)) >= most:
        message = f"This farm has {most:,} machines, as many as this commander allows."
        raise Fault("farm_full", message, status=409)


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > NAME_MAX or not _is_visible(name):
        message = f"Give it a name of 1 to {NAME_MAX} letters that can be seen, on one line."
        raise Fault("bad_name", message, "name")
    return name


def _is_visible(name: str) -> bool:
    """Joiners stand within scripts and emoji; whatever else is invisible could disguise a name."""
    letters = [letter for letter in name if letter not in _JOINERS]
    return bool(letters) and "".join(letters).isprintable()


def _store(ports: Ports, farm: str, agent: Agent) -> None:
    writes: list[Write] = [Put(Item.of(keys.agent(farm, agent.agent), agent), Absent())]
    if agent.machine is not None:
        machine = Machine(
            agent.machine, agent.name, agent.kind, agent.agent, agent.created_at, agent.simulated
        )
        key = keys.machine(farm, agent.machine)
        writes.append(Put(Item.of(key, machine, watched=True), Absent()))
    if not ports.store.commit(writes):
        raise Fault("try_again", "The new agent's id was taken; please try again.", status=409)
