"""All that is known of one machine now."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.orders import waiting
from cloud.domain.permissions import Seat
from cloud.domain.records import Agent, Latest, Machine, StoredSpecs, StoredUnread
from cloud.domain.views import live_columns, part_values
from cloud.ports import Ports
from cloud.usecases.keep_beat import known_outages
from cloud.usecases.keep_cadence import find_pace
from wire.faults import Fault
from wire.live import MachineView

_HIDDEN = ("addresses", "hardware", "agent_version")


def show_machine(ports: Ports, farm: str, machine_id: str, seat: Seat) -> MachineView:
    """The machine with its specs and latest figures; raises Fault `machine_unknown` (404).

    To a `seat` that is limited to some clients it shows nothing of the farm's agents and network.
    """
    key = keys.machine(farm, machine_id)
    latest_key, specs_key = keys.latest(farm, machine_id), keys.specs(farm, machine_id)
    unread_key = keys.unread(farm, machine_id)
    found = ports.store.get_many([key, latest_key, specs_key, unread_key])
    if key not in found:
        raise Fault("machine_unknown", "There is no such machine.", status=404)
    machine = found[key].read(Machine)
    latest = found[latest_key].read(Latest) if latest_key in found else None
    agent_item = ports.store.get(keys.agent(farm, machine.agent))
    agent = agent_item.read(Agent) if agent_item else None
    now = ports.clock()
    view = MachineView(
        server_at=now,
        name=machine.name,
        kind=machine.kind,
        simulated=machine.simulated,
        labels=machine.labels,
        agent=machine.agent,
        specs=found[specs_key].read(StoredSpecs).specs if specs_key in found else None,
        unread=found[unread_key].read(StoredUnread).unread if unread_key in found else (),
        dropped=latest.dropped if latest else 0,
        clock_off_s=latest.clock_off_s if latest else None,
        live=live_columns([machine_id], [latest], find_pace(ports, farm), known_outages(ports)),
        values=part_values(latest) if latest else {},
        programs=tuple(row.told() for row in latest.programs) if latest else (),
        orders=waiting(agent, now) if agent else (),
        watched=agent.watched if agent else (),
    )
    return view if seat.clients is None else _for_client(view)


def _for_client(view: MachineView) -> MachineView:
    """Without what would show how the farm is built: `hardware` holds the addresses of network cards."""
    specs = view.specs
    if specs is not None:
        specs = msgspec.structs.replace(specs, addresses=(), hardware=(), agent_version=None)
    unread = tuple(each for each in view.unread if each.part not in _HIDDEN)
    return msgspec.structs.replace(view, agent="", specs=specs, unread=unread)
