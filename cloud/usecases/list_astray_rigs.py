"""Lists the rigs that are not where they should be, and why."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.domain import keys
from cloud.domain.records import Latest, Machine
from cloud.domain.rig_work import Work
from cloud.domain.rollouts import failure, has_accepted
from cloud.ports import Ports, every
from wire.templates import AstrayList, AstrayRig

SHOWN_MAX = 500
_SILENT_AFTER_S = 300.0


def list_astray_rigs(ports: Ports, farm: str) -> AstrayList:
    """The longest astray first, at most 500. A rig that is to run nothing and never said a word is none."""
    astray = sorted(_astray(ports, farm), key=lambda rig: (rig.since, rig.machine))
    return AstrayList(tuple(astray[:SHOWN_MAX]))


def _astray(ports: Ports, farm: str) -> Iterator[AstrayRig]:
    pk, prefix = keys.farm_pk(farm), keys.WORK_PREFIX
    works = [item.read(Work) for item in every(ports.store, pk, prefix, prefix + "~")]
    latest = ports.store.get_many([keys.latest(farm, work.machine) for work in works], stale_ok=True)
    machines = ports.store.get_many([keys.machine(farm, work.machine) for work in works], stale_ok=True)
    for work in works:
        latest_item = latest.get(keys.latest(farm, work.machine))
        machine = machines.get(keys.machine(farm, work.machine))
        told = latest_item.read(Latest) if latest_item else None
        has_said = told is not None and told.assignment is not None
        if machine is not None and (work.wanted or has_said) and not has_accepted(work, told):
            name = machine.read(Machine).name
            yield _rig(work, name, told, ports.clock())


def _rig(work: Work, name: str, told: Latest | None, now: float) -> AstrayRig:
    actual = told.assignment.revision if told and told.assignment else 0
    return AstrayRig(work.machine, name, work.revision, actual, work.signed_at, _reason(work, told, now))


def _reason(work: Work, told: Latest | None, now: float) -> str:
    if told is None:
        return "It has never reported."
    if now > told.received_at + _SILENT_AFTER_S:
        return "It does not report."
    if told.assignment is None:
        return "Its sentry says nothing of playbooks: enrol it again, or update it."
    return failure(work, told) or "It is on its way."
