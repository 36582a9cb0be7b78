"""All that is known of an ASIC edge now, with what was wanted of it in the last day."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from cloud.domain import errands, keys, state
from cloud.domain.asic_records import StoredEdge, StoredErrand, StoredFound
from cloud.domain.records import Agent
from cloud.domain.views import agent_view
from cloud.ports import Ports
from cloud.usecases.find_edge import find_edge
from cloud.usecases.keep_beat import known_outages
from cloud.usecases.keep_cadence import find_pace
from wire.edge import EdgeState
from wire.edge_page import EdgeView, ErrandView

ERRANDS_SHOWN = 30


def show_edge(ports: Ports, farm: str, agent_id: str) -> EdgeView:
    """Raises what `find_edge` raises."""
    _, agent = find_edge(ports, farm, agent_id)
    edge_key, found_key = keys.edge(farm, agent_id), keys.found(farm, agent_id)
    items = ports.store.get_many([edge_key, found_key])
    edge = items[edge_key].read(StoredEdge) if edge_key in items else None
    told = edge.state if edge else None
    deadlines = (
        (edge.received_at, edge.interval_s, find_pace(ports, farm), known_outages(ports)) if edge else None
    )
    return EdgeView(
        server_at=ports.clock(),
        agent=agent_view(agent),
        received_at=edge.received_at if edge else None,
        late_at=state.late_at(*deadlines) if deadlines else None,
        offline_at=state.offline_at(*deadlines) if deadlines else None,
        stopped=bool(edge and edge.stopped),
        state=told,
        found=items[found_key].read(StoredFound).found if found_key in items else (),
        errands=tuple(islice(_errands(ports, farm, agent, told), ERRANDS_SHOWN)),
    )


def _errands(ports: Ports, farm: str, agent: Agent, told: EdgeState | None) -> Iterator[ErrandView]:
    """The newest first. Those that wait are at most 10, so they are among the first."""
    prefix, now = f"{keys.ERRAND_PREFIX}{agent.agent}#", ports.clock()
    after: str | None = None
    while True:
        page = ports.store.query(
            keys.farm_pk(farm), prefix, prefix + "~", forwards=False, limit=ERRANDS_SHOWN, after=after
        )
        for item in page.items:
            yield errands.without_lines(errands.view(item.read(StoredErrand), agent, told, now))
        if page.next is None:
            return
        after = page.next
