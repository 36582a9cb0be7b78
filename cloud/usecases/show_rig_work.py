"""What a rig is to run beside what it does run."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.records import Latest, Machine
from cloud.domain.rig_work import Work
from cloud.ports import Ports
from cloud.usecases.find_playbooks import find_book
from wire.faults import Fault
from wire.messages import AgentKind
from wire.templates import RigWork, Use


def show_rig_work(ports: Ports, farm: str, machine: str) -> RigWork:
    """Raises Fault `machine_unknown` (404) or `not_a_rig` (409)."""
    places = keys.machine, keys.work, keys.latest
    machine_key, work_key, latest_key = (place(farm, machine) for place in places)
    found = ports.store.get_many([machine_key, work_key, latest_key])
    if machine_key not in found:
        raise Fault("machine_unknown", "There is no such machine.", status=404)
    if found[machine_key].read(Machine).kind is not AgentKind.CPU_GPU:
        raise Fault("not_a_rig", "This machine is no rig with a sentry: it runs no playbooks.", status=409)
    work = found[work_key].read(Work) if work_key in found else Work(machine)
    latest = found[latest_key].read(Latest) if latest_key in found else None
    playbooks = find_book(ports, farm)[0].playbooks
    names = {each: playbooks[each].name if each in playbooks else each for each in work.wanted}
    return RigWork(
        machine=machine,
        worker=work.worker,
        wanted=tuple(Use(playbook, name, 1) for playbook, name in names.items()),
        revision=work.revision,
        actual=latest.assignment if latest else None,
        told_at=latest.received_at if latest and latest.assignment else None,
    )
