"""Checks a report and sees that it is kept: in the store at once, or in the queue before it."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.domain.orders import waiting
from cloud.domain.pace import asked_of, pace_of
from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Arrival, encode_arrival
from cloud.ports import Ports
from cloud.usecases.recognise_machine import recognise_machine
from cloud.usecases.settle_orders import settle_orders
from cloud.usecases.store_report import store_report
from wire.faults import Fault
from wire.messages import Block, MachineReport, Report, ReportReply

FUTURE_MAX_S = 60.0


def accept_report(ports: Ports, principal: AgentPrincipal, report: Report) -> ReportReply:
    """Answers when the report is durable.

    Raises Fault `machine_unknown` (404), `clock_ahead` (422) or what `recognise_machine` raises, and
    then nothing was kept.
    """
    now, agent = ports.clock(), principal.agent
    for index, machine in enumerate(report.machines):
        _check(principal, machine, now, f"machines[{index}]")
    recognise_machine(ports, principal, report)
    cadence = principal.cadence
    visible = any(cadence.visible.get(machine.machine, 0) > now for machine in report.machines)
    done = max(machine.orders_done for machine in report.machines)
    orders = waiting(agent, now, done)
    # With an order on its way somebody waits for what comes of it.
    sample_s, report_s = asked_of(pace_of(ports.policy, cadence.settings), visible=visible or bool(orders))
    arrival = Arrival(principal.farm, now, cadence.watched_until > now, report, report_s)
    if ports.queue is None:
        store_report(ports, arrival)
    else:
        ports.queue.send(encode_arrival(arrival))
    settle_orders(ports, principal, done, now)
    return ReportReply(report.epoch, report.sequence, now, sample_s, report_s, orders, agent.watched)


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
