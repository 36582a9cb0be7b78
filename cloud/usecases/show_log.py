"""The last lines of a program's log, as its rig sent them."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.records import StoredLog
from cloud.ports import Ports
from wire.faults import Fault
from wire.live import ProgramLog


def show_log(ports: Ports, farm: str, machine: str, program: str) -> ProgramLog:
    """Raises Fault `machine_unknown` or `no_log` (404). An order of the action `log` asks for lines."""
    log_key, machine_key = keys.log(farm, machine, program), keys.machine(farm, machine)
    found = ports.store.get_many([log_key, machine_key])
    if machine_key not in found:
        raise Fault("machine_unknown", "There is no such machine.", status=404)
    if log_key not in found:
        message = "No lines of this program's log were sent in the last hour; ask the rig for them."
        raise Fault("no_log", message, status=404)
    log = found[log_key].read(StoredLog)
    return ProgramLog(program, log.order, log.received_at, log.lines)
