"""Checks a report and sees that it is kept: in the store at once, or in the queue before it."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Arrival, encode_arrival
from cloud.ports import Ports
from cloud.usecases.store_report import store_report
from wire.faults import Fault
from wire.messages import Block, MachineReport, Report, ReportReply

FUTURE_MAX_S = 60.0


def accept_report(ports: Ports, principal: AgentPrincipal, report: Report) -> ReportReply:
    """Answers when the report is durable.

    Raises Fault `machine_unknown` (404) or `clock_ahead` (422), and then nothing was kept.
    """
    now = ports.clock()
    for index, machine in enumerate(report.machines):
        _check(principal, machine, now, f"machines[{index}]")
    arrival = Arrival(principal.farm, now, principal.watched, report)
    if ports.queue is None:
        store_report(ports, arrival)
    else:
        ports.queue.send(encode_arrival(arrival))
    policy = ports.policy
    return ReportReply(report.epoch, report.sequence, now, policy.sample_interval_s, policy.report_interval_s)


def _check(principal: AgentPrincipal, machine: MachineReport, now: float, path: str) -> None:
    if machine.machine != principal.agent.machine:
        message = "This agent has no such machine."
        raise Fault("machine_unknown", message, f"{path}.machine", status=404)
    for block, where in _parts(machine):
        ahead_s = block.at[-1] - now
        if ahead_s > FUTURE_MAX_S:
            message = f"The newest sample is {ahead_s:.0f} s in the future: is the clock right?"
            raise Fault("clock_ahead", message, f"{path}.{where}.at", server_at=now)


def _parts(machine: MachineReport) -> Iterator[tuple[Block, str]]:
    for index, block in enumerate(machine.blocks):
        yield block, f"blocks[{index}]"
    if machine.open is not None:
        yield machine.open, "open"
