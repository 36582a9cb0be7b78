"""Finds what machines told last: rigs have items of their own, ASICs rows in the batch of their seat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cloud.domain import keys
from cloud.domain.asic_records import LatestBatch
from cloud.domain.keys import Key
from cloud.domain.records import Latest, Machine
from cloud.ports import Item, Ports
from wire.faults import Fault
from wire.messages import AgentKind


def find_latest(
    ports: Ports, farm: str, machines: Sequence[Machine], *, stale_ok: bool = False
) -> dict[str, Latest]:
    """By machine id, without those that never reported; a batch is read once for all of its machines.

    A row of another seat than the one that the machine names is not believed: an edge that was relieved
    left it there.
    """
    places = [(machine, key) for machine in machines if (key := _place(farm, machine)) is not None]
    found = ports.store.get_many(list({key: None for _, key in places}), stale_ok=stale_ok)
    rows = {key: _rows(item) for key, item in found.items()}
    named = ((machine.machine, rows.get(key, {}).get(machine.machine)) for machine, key in places)
    return {machine: latest for machine, latest in named if latest is not None}


def _place(farm: str, machine: Machine) -> Key | None:
    """None: no edge has a seat for it."""
    if machine.kind is not AgentKind.ASIC:
        return keys.latest(farm, machine.machine)
    return None if machine.batch is None else keys.latest_batch(farm, machine.agent, machine.batch)


def _rows(item: Item) -> dict[str, Latest]:
    if item.kind == LatestBatch.__name__.lower():
        return item.read(LatestBatch).latest()
    latest = item.read(Latest)
    return {latest.machine: latest}


class Found(NamedTuple):
    """A machine, what it told last (None: nothing yet), and the other items that were asked for."""

    machine: Machine
    latest: Latest | None
    items: dict[Key, Item]


def find_machine(ports: Ports, farm: str, machine_id: str, beside: Sequence[Key] = ()) -> Found:
    """One read of a rig and two of an ASIC; raises Fault `machine_unknown` (404)."""
    key, latest_key = keys.machine(farm, machine_id), keys.latest(farm, machine_id)
    found = ports.store.get_many([key, latest_key, *beside])
    if key not in found:
        raise Fault("machine_unknown", "There is no such machine.", status=404)
    machine = found[key].read(Machine)
    if machine.kind is AgentKind.ASIC:
        return Found(machine, find_latest(ports, farm, [machine]).get(machine_id), found)
    return Found(machine, found[latest_key].read(Latest) if latest_key in found else None, found)
