"""Checks a report and sees that it is kept: in the store at once, or in the queue before it."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.domain import keys
from cloud.domain.orders import waiting
from cloud.domain.pace import asked_of, pace_of
from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Arrival, Machine, encode_arrival
from cloud.ports import Ports
from cloud.usecases.check_seats import check_seats
from cloud.usecases.place_document import offer_document
from cloud.usecases.recognise_machine import recognise_machine
from cloud.usecases.settle_errands import settle_errands
from cloud.usecases.settle_orders import settle_orders
from cloud.usecases.store_report import store_report
from wire.faults import Fault
from wire.messages import AgentKind, Block, MachineReport, Report, ReportReply

FUTURE_MAX_S = 60.0


def accept_report(ports: Ports, principal: AgentPrincipal, report: Report) -> ReportReply:
    """Answers when the report is durable.

    Raises Fault `machine_unknown` (404), `clock_ahead` (422), what `check_seats` raises of an ASIC edge's
    or what `recognise_machine` raises, and then nothing was kept.
    """
    now = ports.clock()
    for index, machine in enumerate(report.machines):
        _check_times(machine, now, f"machines[{index}]")
    if principal.agent.kind is AgentKind.ASIC:
        return _accept_of_edge(ports, principal, report, now)
    _check_rig(principal, report)
    recognise_machine(ports, principal, report)
    (machine,) = report.machines
    orders = waiting(principal.agent, now, machine.orders_done)
    # With an order on its way somebody waits for what comes of it.
    quick = principal.cadence.visible.get(machine.machine, 0) > now or bool(orders)
    sample_s, report_s = _keep(ports, principal, report, now, quick=quick)
    settle_orders(ports, principal, machine.orders_done, now)
    return ReportReply(
        report.epoch,
        report.sequence,
        now,
        sample_s,
        report_s,
        orders,
        principal.agent.watched,
        document=offer_document(ports, principal, report),
    )


def _accept_of_edge(ports: Ports, principal: AgentPrincipal, report: Report, now: float) -> ReportReply:
    checked = check_seats(ports, principal, report)
    recognise_machine(ports, principal, report)
    errands = settle_errands(ports, principal, report.edge.errands_done if report.edge else 0, now)
    quick = bool(errands) or _is_seen(ports, principal, report, now)
    sample_s, report_s = _keep(ports, principal, checked.report, now, quick=quick)
    return ReportReply(
        report.epoch,
        report.sequence,
        now,
        sample_s,
        report_s,
        errands=errands,
        released=checked.released,
    )


def _is_seen(ports: Ports, principal: AgentPrincipal, report: Report, now: float) -> bool:
    """Whether the edge or one of its machines is on a screen, also one of which this report says nothing.

    Else an edge would be asked for another interval by the answer to each of its reports.
    """
    farm, agent = principal.farm, principal.agent.agent
    seen = {name for name, until in principal.cadence.visible.items() if until > now}
    if agent in seen or any(machine.machine in seen for machine in report.machines):
        return True
    found = ports.store.get_many([keys.machine(farm, name) for name in seen], stale_ok=True) if seen else {}
    return any(item.read(Machine).agent == agent for item in found.values())


def _keep(
    ports: Ports, principal: AgentPrincipal, report: Report, now: float, *, quick: bool
) -> tuple[float, float]:
    """Gives the seconds between samples and between reports that the agent is asked for."""
    cadence = principal.cadence
    sample_s, report_s = asked_of(pace_of(ports.policy, cadence.settings), visible=quick)
    watched = cadence.watched_until > now
    arrival = Arrival(principal.farm, now, watched, report, report_s, principal.agent.agent)
    if ports.queue is None:
        store_report(ports, arrival)
    else:
        ports.queue.send(encode_arrival(arrival))
    return sample_s, report_s


def _check_rig(principal: AgentPrincipal, report: Report) -> None:
    if report.edge is not None:
        raise _is_of_asics("edge")
    for index, machine in enumerate(report.machines):
        path = f"machines[{index}]"
        if machine.machine != principal.agent.machine:
            message = "This agent has no such machine."
            raise Fault("machine_unknown", message, f"{path}.machine", status=404)
        if machine.batch is not None or machine.silence is not None or machine.appliance is not None:
            raise _is_of_asics(path)


def _is_of_asics(path: str) -> Fault:
    message = "Only an ASIC edge tells of itself, of batches, of silent machines and of appliances."
    return Fault("wrong_kind", message, path, status=409)


def _check_times(machine: MachineReport, now: float, path: str) -> None:
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
