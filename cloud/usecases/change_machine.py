"""Changes what a machine's owner says of it: name, place, tags, client, and whether it is parked."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from cloud.domain import audit, keys
from cloud.domain.audit import Act
from cloud.domain.labels import checked_name, checked_tags, checked_text
from cloud.domain.permissions import Seat
from cloud.domain.records import Agent, Machine
from cloud.ports import AtRevision, Item, Ports, Put, Write
from cloud.usecases.keep_audit import commit_audited
from wire.faults import Fault
from wire.live import Labels, MachineChange, Parked, Parking

PLACE_MAX, CLIENT_MAX, NOTE_MAX = 120, 80, 500


def change_machine(ports: Ports, farm: str, machine_id: str, change: MachineChange, seat: Seat) -> None:
    """Raises Fault `machine_unknown` (404), `bad_name` or `bad_label` (422).

    Who sees some clients' machines gives none away: to others, or to the farm, is `not_allowed` (403).
    """
    item = ports.store.get(keys.machine(farm, machine_id))
    if item is None:
        raise Fault("machine_unknown", "There is no such machine.", status=404)
    machine = item.read(Machine)
    _check_seen(seat, machine.labels)
    name = machine.name if change.name is UNSET else checked_name(change.name)
    labels = _changed(machine.labels, change, ports.clock())
    _check_kept(seat, labels)
    if name == machine.name and labels == machine.labels:
        return
    changed = msgspec.structs.replace(machine, name=name, labels=labels, client_before=machine.labels.client)
    writes: list[Write] = [_put(item, changed, watched=True)]
    if name != machine.name:
        writes += _rename_agent(ports, farm, machine, name)
    if not commit_audited(ports, farm, _act(machine, changed), writes):
        raise Fault("try_again", "The machine changed meanwhile; please try again.", status=409)


def _act(machine: Machine, changed: Machine) -> Act:
    before, after = audit.difference(machine.labels, changed.labels)
    if changed.name != machine.name:
        before["name"], after["name"] = machine.name, changed.name
    return Act("change_machine", f"machine {machine.machine}", before, after)


def _check_seen(seat: Seat, labels: Labels) -> None:
    """Once more on what is about to be written over: its client may have changed since it was asked for."""
    if not seat.sees(labels.client):
        raise Fault("machine_unknown", "There is no such machine.", status=404)


def _check_kept(seat: Seat, labels: Labels) -> None:
    if not seat.sees(labels.client):
        message = "You can give a machine only to a client whose machines you see."
        raise Fault("not_allowed", message, "client", status=403)


def _changed(labels: Labels, change: MachineChange, now: float) -> Labels:
    return Labels(
        place=labels.place if change.place is UNSET else checked_text(change.place, "place", PLACE_MAX),
        tags=labels.tags if change.tags is UNSET else checked_tags(change.tags),
        client=labels.client if change.client is UNSET else _client(change.client),
        parked=labels.parked if change.parked is UNSET else _parked(change.parked, now),
    )


def _client(client: str | None) -> str | None:
    return (checked_text(client, "client", CLIENT_MAX) or None) if client is not None else None


def _parked(parking: Parking | None, now: float) -> Parked | None:
    if parking is None:
        return None
    return Parked(parking.reason, now, checked_text(parking.note, "parked.note", NOTE_MAX))


def _rename_agent(ports: Ports, farm: str, machine: Machine, name: str) -> list[Write]:
    """A rig and its sentry are one to its owner."""
    item = ports.store.get(keys.agent(farm, machine.agent))
    agent = item.read(Agent) if item else None
    if item is None or agent is None or agent.machine != machine.machine:
        return []
    return [_put(item, msgspec.structs.replace(agent, name=name))]


def _put(item: Item, record: Machine | Agent, *, watched: bool = False) -> Put:
    revision = item.revision + 1
    kept = Item.of(item.key, record, revision=revision, expires_at=item.expires_at, watched=watched)
    return Put(kept, AtRevision(item.revision))
