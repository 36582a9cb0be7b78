"""One errand of an ASIC edge, with every line of its result."""

from __future__ import annotations

from cloud.domain import errands, keys
from cloud.domain.asic_records import StoredEdge, StoredErrand
from cloud.ports import Ports
from cloud.usecases.find_edge import find_edge
from wire.edge_page import ErrandView
from wire.faults import Fault


def show_errand(ports: Ports, farm: str, agent_id: str, number: str) -> ErrandView:
    """Raises Fault `errand_unknown` (404), or what `find_edge` raises."""
    _, agent = find_edge(ports, farm, agent_id)
    if not (number.isascii() and number.isdigit() and len(number) <= errands.DIGITS_MAX):
        raise _unknown()
    edge_key, errand_key = keys.edge(farm, agent_id), keys.errand(farm, agent_id, int(number))
    found = ports.store.get_many([edge_key, errand_key])
    if errand_key not in found:
        raise _unknown()
    told = found[edge_key].read(StoredEdge).state if edge_key in found else None
    return errands.view(found[errand_key].read(StoredErrand), agent, told, ports.clock())


def _unknown() -> Fault:
    return Fault("errand_unknown", "There is no such errand, or it is over a day old.", status=404)
