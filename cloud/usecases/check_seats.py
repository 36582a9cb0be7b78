"""Checks what an ASIC edge reports against its seats, and takes out what another reads by now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from cloud.domain import keys
from cloud.domain.asic_records import Seats
from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import SEQUENCE_BITS
from cloud.ports import Item, Ports
from wire.faults import Fault
from wire.messages import MachineReport, Report


class Checked(NamedTuple):
    """What is to be stored, and the machines whose newest state is not, for the edge does not read them."""

    report: Report
    released: tuple[str, ...] = ()


def check_seats(ports: Ports, principal: AgentPrincipal, report: Report) -> Checked:
    """Raises Fault `wrong_kind` or `enrolled_again` (409), `bad_reading` (422) or `machine_unknown` (404)."""
    for index, machine in enumerate(report.machines):
        _check_shape(machine, f"machines[{index}]")
    reads = _reads(ports, principal, report, stale_ok=True)
    if not all(reads.get(_place(machine)) for machine in report.machines):
        # A seat may be as new as the report, and taken for missing, or not read, by a stale answer.
        reads = _reads(ports, principal, report, stale_ok=False)
    for index, machine in enumerate(report.machines):
        if _place(machine) not in reads:
            message = "This edge has no such machine in this batch; tell its roster."
            raise Fault("machine_unknown", message, f"machines[{index}].machine", status=404)
    not_read = [machine for machine in report.machines if not reads[_place(machine)]]
    released = tuple(each.machine for each in not_read if each.open is not None or each.silence is not None)
    if not not_read:
        return Checked(report)
    kept = (machine if reads[_place(machine)] else _history(machine) for machine in report.machines)
    return Checked(replace(report, machines=tuple(kept)), released)


def _check_shape(machine: MachineReport, path: str) -> None:
    if machine.batch is None or machine.programs or machine.log is not None or machine.orders_done:
        message = "An ASIC is reported with its batch, and without programs, orders and logs."
        raise Fault("wrong_kind", message, path, status=409)
    if machine.open is not None and (machine.silence is not None or len(machine.open.at) > 1):
        message = "The newest state of an ASIC is one reading, or that it is silent."
        raise Fault("bad_reading", message, f"{path}.open")


def _place(machine: MachineReport) -> tuple[int, str]:
    return machine.batch or 0, machine.machine


def _reads(
    ports: Ports, principal: AgentPrincipal, report: Report, *, stale_ok: bool
) -> Mapping[tuple[int, str], bool]:
    """Whether the edge reads the machine, by batch and machine; those that it has no seat for are missing."""
    farm, agent = principal.farm, principal.agent.agent
    edge = keys.edge(farm, agent)
    batches = {keys.seats(farm, agent, batch): batch for batch, _ in map(_place, report.machines)}
    found = dict(ports.store.get_many([edge, *batches], stale_ok=stale_ok))
    _check_latest(principal, report, found.pop(edge, None))
    return {
        (batches[key], seat.machine): seat.reads
        for key, item in found.items()
        for seat in item.read(Seats).seats.values()
    }


def _check_latest(principal: AgentPrincipal, report: Report, kept: Item | None) -> None:
    """Nothing newest of a report from behind what is kept would be shown anywhere.

    An edge has one report on its way at a time: it is a copy, or its data folder comes from a backup. No
    stranger is noted, for one that nobody waits for any more may be that late too.
    """
    if kept is not None and kept.revision > report.epoch << SEQUENCE_BITS | report.sequence:
        message = (
            f"A later report of {principal.agent.name!r} was here: is its data folder a copy, or restored?"
        )
        raise Fault("enrolled_again", message, "epoch", status=409)


def _history(machine: MachineReport) -> MachineReport:
    """Closed blocks alone: they are true, whoever reads the machine now."""
    return MachineReport(machine.machine, machine.blocks, after=machine.after, batch=machine.batch)
