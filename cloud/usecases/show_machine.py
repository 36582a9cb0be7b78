"""All that is known of one machine now."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.asic_records import StoredAppliance
from cloud.domain.orders import waiting
from cloud.domain.permissions import Seat
from cloud.domain.records import Agent, StoredSpecs, StoredUnread
from cloud.domain.views import live_columns, part_values
from cloud.ports import Ports
from cloud.usecases.find_latest import find_machine
from cloud.usecases.keep_beat import known_outages
from cloud.usecases.keep_cadence import find_pace
from wire.live import MachineView
from wire.messages import AgentKind, Specs

_HIDDEN = ("addresses", "hardware", "agent_version")
_HIDDEN_OF_ASIC = (*_HIDDEN, "hostname", "mac", "serial")
_NOTHING_KNOWN = Specs()


def show_machine(ports: Ports, farm: str, machine_id: str, seat: Seat) -> MachineView:
    """The machine with its specs and latest figures; raises Fault `machine_unknown` (404).

    To a `seat` that is limited to some clients it shows nothing of the farm's agents and network.
    """
    specs_key, unread_key = keys.specs(farm, machine_id), keys.unread(farm, machine_id)
    appliance_key = keys.appliance(farm, machine_id)
    machine, latest, found = find_machine(ports, farm, machine_id, [specs_key, unread_key, appliance_key])
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
        silence=latest.silence if latest else None,
        appliance=found[appliance_key].read(StoredAppliance).appliance if appliance_key in found else None,
    )
    return view if seat.clients is None else _for_client(view)


def _for_client(view: MachineView) -> MachineView:
    """Without what would show how the farm is built: `hardware` holds the addresses of network cards."""
    specs, appliance = view.specs, view.appliance
    hidden = _HIDDEN_OF_ASIC if view.kind is AgentKind.ASIC else _HIDDEN
    if specs is not None:
        known = {name: getattr(_NOTHING_KNOWN, name) for name in hidden}
        specs = msgspec.structs.replace(specs, **known)
    if appliance is not None:
        appliance = msgspec.structs.replace(appliance, login=None)
    unread = tuple(each for each in view.unread if each.part not in hidden)
    return msgspec.structs.replace(view, agent="", specs=specs, unread=unread, appliance=appliance)
