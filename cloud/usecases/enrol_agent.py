"""First contact of an agent: is it the right one, and what is it called here."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.asic_records import Seats
from cloud.domain.orders import ENROLLED
from cloud.domain.pace import pace_of
from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Agent, Farm
from cloud.ports import Ports, every
from cloud.usecases.authorise_agent import refuse_deleted
from cloud.usecases.place_document import place_document
from cloud.usecases.settle_orders import agent_writes
from cloud.usecases.store_report import epoch_of
from wire.faults import Fault
from wire.messages import AgentKind, Enrolment, EnrolmentReply

_NAMES = {AgentKind.CPU_GPU: "a CPU/GPU sentry", AgentKind.ASIC: "an ASIC edge"}


def enrol_agent(ports: Ports, principal: AgentPrincipal, enrolment: Enrolment) -> EnrolmentReply:
    """Begins a new epoch for the agent; raises Fault `wrong_kind` (409)."""
    agent = principal.agent
    if enrolment.kind is not agent.kind:
        message = f"This token is for {_NAMES[agent.kind]}, not for {_NAMES[enrolment.kind]}."
        raise Fault("wrong_kind", message, "kind", status=409)
    enrolled = _begin_epoch(ports, principal.farm, enrolment, agent.agent)
    return _reply(ports, principal, enrolled)


def _begin_epoch(ports: Ports, farm: str, enrolment: Enrolment, agent_id: str) -> Agent:
    key = keys.agent(farm, agent_id)
    for _ in range(5):
        item = ports.store.get(key)
        if item is None:
            break
        agent = item.read(Agent)
        refuse_deleted(agent)
        epoch = max(agent.epoch, _epoch_reported(ports, farm, agent)) + 1
        enrolled = _enrolled(agent, enrolment, epoch, ports.clock())
        writes = agent_writes(ports, farm, item, enrolled, agent.orders, ENROLLED)
        if ports.store.commit(writes):
            return enrolled
    raise Fault("try_again", "The agent is being changed; please try again.", status=409)


def _epoch_reported(ports: Ports, farm: str, agent: Agent) -> int:
    """Later than the agent's record knows where the store came from a backup; 0 before the first report."""
    edge = agent.kind is AgentKind.ASIC
    key = keys.edge(farm, agent.agent) if edge else keys.latest(farm, agent.machine or "")
    latest = ports.store.get(key)
    reported = epoch_of(latest.revision) if latest else 0
    return max(reported, _epoch_told(ports, farm, agent.agent)) if edge else reported


def _epoch_told(ports: Ports, farm: str, agent: str) -> int:
    """Of the rosters of an edge, which may have told one before it enrolled; 0 before the first."""
    prefix = f"{keys.SEATS_PREFIX}{agent}#"
    found = every(ports.store, keys.farm_pk(farm), prefix, prefix + "~")
    return max((item.read(Seats).epoch for item in found), default=0)


def _enrolled(agent: Agent, enrolment: Enrolment, epoch: int, now: float) -> Agent:
    before, there = set(agent.hardware), set(enrolment.hardware)
    changes_hands = bool(before and there and not before & there)
    return msgspec.structs.replace(
        agent,
        epoch=epoch,
        enrolled_at=now,
        agent_version=enrolment.agent_version,
        hardware=enrolment.hardware,
        stranger=None,
        changed_hands_epoch=epoch if changes_hands else agent.changed_hands_epoch,
        # The agent may have forgotten that it has carried them out; the first time it cannot have.
        orders=(),
        errands=agent.errands if agent.epoch == 0 else (),
    )


def _reply(ports: Ports, principal: AgentPrincipal, agent: Agent) -> EnrolmentReply:
    farm = principal.farm
    item = ports.store.get(keys.farm(farm))
    pace = pace_of(ports.policy, principal.cadence.settings)
    return EnrolmentReply(
        farm=farm,
        farm_name=item.read(Farm).name if item else farm,
        agent=agent.agent,
        name=agent.name,
        machine=agent.machine,
        epoch=agent.epoch,
        server_at=ports.clock(),
        sample_interval_s=pace.sample_interval_s,
        report_interval_s=pace.report_interval_s,
        key=ports.signer.public_key() if ports.signer and agent.machine else None,
        document=place_document(ports, farm, agent),
    )
