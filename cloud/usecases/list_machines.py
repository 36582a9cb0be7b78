"""Lists a farm's machines with their latest figures, page by page."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.paging import checked_after
from cloud.domain.records import Latest, Machine
from cloud.domain.views import live_columns
from cloud.ports import Ports
from cloud.usecases.keep_beat import known_outages
from cloud.usecases.keep_cadence import find_pace
from wire.live import MachinePage

PAGE_MAX = 500


def list_machines(ports: Ports, farm: str, after: str | None, limit: int) -> MachinePage:
    """At most `limit` machines from `after` on (the `next` of the page before), in order of id.

    Raises Fault `bad_after` (422).
    """
    prefix, limit = keys.MACHINE_PREFIX, min(limit, PAGE_MAX)
    after = checked_after(after, prefix)
    page = ports.store.query(keys.farm_pk(farm), prefix, prefix + "~", limit=limit, after=after)
    machines = [item.read(Machine) for item in page.items]
    latest_keys = [keys.latest(farm, machine.machine) for machine in machines]
    found = ports.store.get_many(latest_keys)
    latest = [found[key].read(Latest) if key in found else None for key in latest_keys]
    pace = find_pace(ports, farm)
    return MachinePage(
        server_at=ports.clock(),
        name=[machine.name for machine in machines],
        kind=[machine.kind for machine in machines],
        simulated=[machine.simulated for machine in machines],
        labels=[machine.labels for machine in machines],
        live=live_columns([machine.machine for machine in machines], latest, pace, known_outages(ports)),
        next=page.next,
    )
