"""Keeps how an ASIC edge is doing, what its search has found, and how its errands ended."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from cloud.domain import keys
from cloud.domain.asic_records import StoredEdge, StoredErrand, StoredFound, pack_told
from cloud.domain.pace import INTERVAL_MAX_S
from cloud.domain.records import Arrival, Record
from cloud.ports import AtRevision, Item, Newer, Ports, Put
from wire.edge import EdgeState, ErrandResult


def store_edge(ports: Ports, arrival: Arrival) -> None:
    """A usual report is one write; what comes twice or late changes nothing."""
    state = arrival.report.edge
    if state is None or not arrival.agent:
        return
    farm, agent = arrival.farm, arrival.agent
    _store_results(ports, farm, agent, state.results)
    if state.found is not None:
        _keep(ports, arrival, keys.found(farm, agent), StoredFound(pack_told(state.found)))
    _keep(ports, arrival, keys.edge(farm, agent), _stored(arrival, state))


def _keep(ports: Ports, arrival: Arrival, key: keys.Key, record: Record) -> None:
    ports.store.write(Put(Item.of(key, record, revision=arrival.revision), Newer()))


def _stored(arrival: Arrival, state: EdgeState) -> StoredEdge:
    report = arrival.report
    interval_s = min(max(report.interval_s, arrival.asked_s), INTERVAL_MAX_S)
    packed = pack_told(replace(state, found=None, results=()))
    return StoredEdge(arrival.received_at, interval_s, report.goodbye, packed)


def _store_results(ports: Ports, farm: str, agent: str, results: Sequence[ErrandResult]) -> None:
    """The first one that arrives stays; those of errands that are no longer kept are dropped."""
    wanted = {keys.errand(farm, agent, result.number): result for result in results}
    found = ports.store.get_many(list(wanted)) if wanted else {}
    for key, item in found.items():
        errand = item.read(StoredErrand)
        if errand.packed_result:
            continue
        ended = replace(errand, packed=b"", packed_result=pack_told(wanted[key]))
        kept = Item.of(key, ended, revision=item.revision + 1, expires_at=item.expires_at)
        ports.store.write(Put(kept, AtRevision(item.revision)))
