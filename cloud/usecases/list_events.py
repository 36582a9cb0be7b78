"""Lists what became of a farm's machines, and what their agents told of, the newest first."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.paging import checked_after
from cloud.domain.permissions import Seat
from cloud.domain.records import Event
from cloud.ports import Ports
from cloud.usecases.find_seen_events import find_seen_events
from wire.faults import Fault
from wire.live import EventList, MachineEvent

PAGE_MAX = 200


def list_events(
    ports: Ports, farm: str, machine: str | None, after: str | None, limit: int, seat: Seat
) -> EventList:
    """At most `limit` events of the farm, or of one machine, from `after` on (the `next` before).

    Of a farm, to a `seat` that is limited to some clients, those of machines that it sees and that are
    not deleted. Raises Fault `machine_unknown` (404) or `bad_after` (422).
    """
    if machine is not None and ports.store.get(keys.machine(farm, machine)) is None:
        raise Fault("machine_unknown", "There is no such machine.", status=404)
    prefix, limit = keys.EVENT_PREFIX, min(limit, PAGE_MAX)
    after = checked_after(after, prefix)
    if machine is None and seat.clients is not None:
        found = find_seen_events(ports, farm, seat, after, limit + 1)
        # The last one shown, and not where reading ended: that may be another client's event.
        next_after = found[limit - 1].farm_sk if found[limit:] else None
        return EventList([_shown(each.event) for each in found[:limit]], next_after)
    pk = keys.events_pk(farm) if machine is None else keys.history_pk(farm, machine)
    page = ports.store.query(pk, prefix, prefix + "~", forwards=False, limit=limit, after=after)
    return EventList([_shown(item.read(Event)) for item in page.items], page.next)


def _shown(event: Event) -> MachineEvent:
    return MachineEvent(
        event.at,
        event.machine,
        event.state,
        event.kind,
        event.reason,
        event.level,
        event.program,
        event.subject,
        event.over,
    )
