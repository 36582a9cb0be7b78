"""Lists a farm's machines with their latest figures, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from cloud.domain import keys
from cloud.domain.paging import checked_after
from cloud.domain.permissions import Seat
from cloud.domain.records import Machine
from cloud.domain.views import live_columns
from cloud.ports import Ports
from cloud.usecases.find_latest import find_latest
from cloud.usecases.keep_beat import known_outages
from cloud.usecases.keep_cadence import find_pace
from wire.live import MachinePage

PAGE_MAX = 500


def list_machines(ports: Ports, farm: str, after: str | None, limit: int, seat: Seat) -> MachinePage:
    """At most `limit` machines from `after` on (the `next` of the page before), in order of id.

    Those that `seat` sees; without their agents if it is limited to some clients.
    Raises Fault `bad_after` (422).
    """
    after = checked_after(after, keys.MACHINE_PREFIX)
    machines, next_after = _page(ports, farm, after, min(limit, PAGE_MAX), seat)
    found = find_latest(ports, farm, machines)
    latest = [found.get(machine.machine) for machine in machines]
    pace = find_pace(ports, farm)
    return MachinePage(
        server_at=ports.clock(),
        name=[machine.name for machine in machines],
        kind=[machine.kind for machine in machines],
        agent=[machine.agent if seat.clients is None else None for machine in machines],
        model=[machine.model for machine in machines],
        simulated=[machine.simulated for machine in machines],
        labels=[machine.labels for machine in machines],
        live=live_columns([machine.machine for machine in machines], latest, pace, known_outages(ports)),
        next=next_after,
    )


def _page(
    ports: Ports, farm: str, after: str | None, limit: int, seat: Seat
) -> tuple[list[Machine], str | None]:
    if seat.clients is not None:
        found = list(islice(seen_machines(ports, farm, seat, after), limit + 1))
        # The last one shown, and not where reading ended: that may be another client's machine.
        return found[:limit], keys.machine(farm, found[limit - 1].machine).sk if found[limit:] else None
    prefix = keys.MACHINE_PREFIX
    page = ports.store.query(keys.farm_pk(farm), prefix, prefix + "~", limit=limit, after=after)
    return [item.read(Machine) for item in page.items], page.next


def seen_machines(ports: Ports, farm: str, seat: Seat, after: str | None = None) -> Iterator[Machine]:
    """The machines that `seat` sees, by id. It reads on to the farm's last one where it must.

    That bounds it by `policy.machines_per_farm_max`. An end that came sooner would tell of the others.
    """
    prefix = keys.MACHINE_PREFIX
    while True:
        page = ports.store.query(keys.farm_pk(farm), prefix, prefix + "~", after=after)
        machines = (item.read(Machine) for item in page.items)
        yield from (machine for machine in machines if seat.sees(machine.labels.client))
        if page.next is None:
            return
        after = page.next
