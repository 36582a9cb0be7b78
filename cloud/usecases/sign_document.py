"""Signs what a rig is to run and puts it where the rig fetches it.

Whoever does so may die between any two steps. The rig is told of a revision only when it lies there, so
what was begun is begun again: with a larger revision, and the same playbooks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from cloud.domain import keys
from cloud.domain.records import Agent, DocumentMark, Machine, StoredSpecs
from cloud.domain.rig_work import Work, WorkerName, document_of, system_of, with_ports, worker_names
from cloud.domain.signing import ACCEPTED_WITHIN_S, Handovers, Rig, following, sealed
from cloud.ports import Absent, AtRevision, Documents, Item, Ports, Put, Signer, StoreBusy, Write
from cloud.usecases.find_playbooks import find_versions
from wire.messages import Specs

_TRIES = 10
Change = Callable[[Work], Work]


class _Found(NamedTuple):
    """A rig as it stands."""

    machine: Machine
    agent: Agent
    agent_item: Item
    specs: Specs | None
    work: Work
    work_item: Item | None
    handovers: Handovers


def sign_document(
    ports: Ports, farm: str, machine: str, change: Change | None = None, told: tuple[int, int] = (0, 0)
) -> DocumentMark | None:
    """Keeps what `change` makes of the rig's work, and signs it above `told`.

    None: there is no such rig, it is in the bin, or this commander signs nothing. Raises StoreUnavailable,
    Fault `cannot_be_filled` or `document_too_large` (409), or what `change` raises; then the work is as it
    was, or was kept and is signed the next time.
    """
    if ports.signer is None or ports.documents is None:
        return None
    for _ in range(_TRIES):
        found = _find(ports, farm, machine)
        if found is None:
            return None
        mark = _sign(ports, ports.signer, ports.documents, farm, found, change, told)
        if mark is not None:
            return mark
    raise StoreBusy("the rig's work is being changed by others again and again")


def _find(ports: Ports, farm: str, machine_id: str) -> _Found | None:
    places = keys.machine, keys.work, keys.specs
    machine_key, work_key, specs_key = (place(farm, machine_id) for place in places)
    handovers_key = keys.handovers(farm)
    found = ports.store.get_many([machine_key, work_key, specs_key, handovers_key])
    if machine_key not in found:
        return None
    machine = found[machine_key].read(Machine)
    item = ports.store.get(keys.agent(farm, machine.agent))
    agent = item.read(Agent) if item else None
    if item is None or agent is None or agent.machine != machine_id or agent.binned_at is not None:
        return None
    return _Found(
        machine=machine,
        agent=agent,
        agent_item=item,
        specs=found[specs_key].read(StoredSpecs).specs if specs_key in found else None,
        work=found[work_key].read(Work) if work_key in found else Work(machine_id),
        work_item=found.get(work_key),
        handovers=found[handovers_key].read(Handovers) if handovers_key in found else Handovers(),
    )


def _sign(
    ports: Ports,
    signer: Signer,
    documents: Documents,
    farm: str,
    found: _Found,
    change: Change | None,
    told: tuple[int, int],
) -> DocumentMark | None:
    """None when somebody else was at it meanwhile."""
    now, name = ports.clock(), found.machine.name
    changed = change(found.work) if change else found.work
    changed = with_ports(changed, {program.port for program in found.agent.watched})
    marked = found.agent.document.place if found.agent.document else (0, 0)
    epoch, revision = following(changed.place, marked, told)
    worker = changed.worker or _free_worker(ports, farm, found.machine)
    work = msgspec.structs.replace(changed, worker=worker, epoch=epoch, revision=revision, signed_at=now)
    versions = find_versions(ports, farm, work.wanted.items())
    document = document_of(work, versions, system_of(found.specs), name)
    rig = Rig(farm, found.machine.machine, epoch, revision)
    body = sealed(rig, document, now, found.handovers, signer.sign)
    if not ports.store.commit(_writes(farm, found, work)):
        return None
    documents.place(farm, found.machine.machine, body)
    return _note(ports, farm, found.agent.agent, DocumentMark(epoch, revision, now + ACCEPTED_WITHIN_S))


def _writes(farm: str, found: _Found, work: Work) -> list[Write]:
    before = found.work_item.revision if found.work_item else 0
    item = Item.of(keys.work(farm, work.machine), work, revision=before + 1)
    writes: list[Write] = [Put(item, AtRevision(before) if before else Absent())]
    if not found.work.worker:
        claimed = Item.of(keys.worker(farm, work.worker), WorkerName(work.machine))
        writes.append(Put(claimed, Absent()))
    return writes


def _free_worker(ports: Ports, farm: str, machine: Machine) -> str:
    names = list(worker_names(machine.name, machine.machine))
    found = ports.store.get_many([keys.worker(farm, name) for name in names])
    return next(
        (name for name in names if keys.worker(farm, name) not in found),
        names[-1],
    )


def _note(ports: Ports, farm: str, agent_id: str, mark: DocumentMark) -> DocumentMark | None:
    """The rig is told of it from now on; None when a newer one was placed, over which ours may lie now."""
    for _ in range(_TRIES):
        item = ports.store.get(keys.agent(farm, agent_id))
        if item is None:
            return mark
        agent = item.read(Agent)
        if agent.document is not None and agent.document.place >= mark.place:
            return None
        marked = msgspec.structs.replace(agent, document=mark)
        kept = Item.of(item.key, marked, revision=item.revision + 1, expires_at=item.expires_at)
        if ports.store.write(Put(kept, AtRevision(item.revision))):
            return mark
    raise StoreBusy("the agent is being changed by others again and again")
