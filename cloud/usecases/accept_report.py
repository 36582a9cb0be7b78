"""Keeps what an agent reports: its samples by their time, and the newest as the machine's latest."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Latest, Samples, StoredSpecs
from cloud.ports import Item, Newer, Ports, Put, Write
from wire.faults import Fault
from wire.messages import MachineReport, Report, ReportReply

FUTURE_MAX_S = 60.0


def accept_report(ports: Ports, principal: AgentPrincipal, report: Report) -> ReportReply:
    """Stores a checked report; sent again, it leaves the same store.

    Raises Fault `machine_unknown` (404) or `clock_ahead` (422), and then nothing was stored.
    """
    now = ports.clock()
    for index, machine in enumerate(report.machines):
        _check(principal, machine, now, f"machines[{index}]")
    for machine in report.machines:
        for write in _writes(ports, principal, report, machine, now):
            ports.store.write(write)
    policy = ports.policy
    return ReportReply(report.epoch, report.sequence, now, policy.sample_interval_s, policy.report_interval_s)


def _check(principal: AgentPrincipal, machine: MachineReport, now: float, path: str) -> None:
    if machine.machine != principal.agent.machine:
        message = "This agent has no such machine."
        raise Fault("machine_unknown", message, f"{path}.machine", status=404)
    if machine.at[-1] > now + FUTURE_MAX_S:
        message = f"The newest sample is {machine.at[-1] - now:.0f} s in the future: is the clock right?"
        raise Fault("clock_ahead", message, f"{path}.at", server_at=now)


def _writes(
    ports: Ports, principal: AgentPrincipal, report: Report, machine: MachineReport, now: float
) -> list[Write]:
    farm = principal.farm
    key = keys.samples(farm, machine.machine, machine.at[0])
    samples = Samples(machine.at, machine.series)
    writes: list[Write] = [Put(Item.of(key, samples, expires_at=machine.at[-1] + ports.policy.history_s))]
    revision = _revision(report)
    if machine.specs is not None:
        stored = StoredSpecs(machine.specs)
        item = Item.of(keys.specs(farm, machine.machine), stored, revision=revision)
        writes.append(Put(item, Newer()))
    latest = Item.of(
        keys.latest(farm, machine.machine),
        _latest(report, machine, now),
        revision=revision,
        watched=principal.watched,
    )
    return [*writes, Put(latest, Newer())]


def _revision(report: Report) -> int:
    """Orders reports by (epoch, sequence): 22 and 40 bits, within a signed 64-bit integer."""
    return report.epoch << 40 | report.sequence


def _latest(report: Report, machine: MachineReport, now: float) -> Latest:
    return Latest(
        machine=machine.machine,
        sampled_at=machine.at[-1],
        received_at=now,
        interval_s=report.interval_s,
        values={series.metric: series.values[-1] for series in machine.series},
        unread=machine.unread,
        stopped=report.goodbye,
    )
