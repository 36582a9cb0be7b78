"""Writes an ASIC edge's report into the store: closed blocks by their time, newest states batch by batch.

Any report may come twice, late, or after a newer one, and whoever calls may die between any two writes:
trying again leaves the same store. Nothing stands in for a block, so none is ever closed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from msgspec.structs import replace

from cloud.domain import keys
from cloud.domain.asic_records import AsicRow, LatestBatch, StoredAppliance, pack_rows
from cloud.domain.pace import INTERVAL_MAX_S
from cloud.domain.packing import pack
from cloud.domain.records import Arrival, Mined, StoredSpecs, StoredUnread
from cloud.ports import Item, Newer, Ports, Put
from cloud.usecases.roll_up_history import roll_up_history
from cloud.usecases.store_blocks import arrival_now, block_writes
from cloud.usecases.store_events import store_events
from wire.messages import Block, MachineReport
from wire.metrics import BY_NAME


def store_batches(ports: Ports, arrival: Arrival) -> None:
    """All writes at once; then come rollups and events, of which most reports bring none."""
    machines = arrival.report.machines
    writes = [*block_writes(ports, arrival, machines), *_descriptions(arrival), *_batches(arrival)]
    if writes:
        ports.store.write_all(writes)
    roll_up_history(ports, arrival.farm, machines, arrival_now(ports, arrival))
    for machine in machines:
        store_events(ports, arrival, machine)


def _descriptions(arrival: Arrival) -> Iterator[Put]:
    """The last that arrived stays: machines change edges, whose sequences say nothing of one another."""
    farm, revision = arrival.farm, round(arrival.received_at * 1000)
    for told in arrival.report.machines:
        name = told.machine
        if told.specs is not None:
            yield Put(Item.of(keys.specs(farm, name), StoredSpecs(told.specs), revision=revision), Newer())
        if told.unread is not None:
            yield Put(Item.of(keys.unread(farm, name), StoredUnread(told.unread), revision=revision), Newer())
        if told.appliance is not None:
            appliance = StoredAppliance(told.appliance)
            yield Put(Item.of(keys.appliance(farm, name), appliance, revision=revision), Newer())


def _batches(arrival: Arrival) -> Iterator[Put]:
    now, machines = arrival.received_at, arrival.report.machines
    rows = [(told.batch or 0, row) for told in machines if (row := _row(told, now)) is not None]
    rows.sort(key=lambda row: row[0])
    for batch, of_batch in groupby(rows, key=lambda row: row[0]):
        key = keys.latest_batch(arrival.farm, arrival.agent, batch)
        latest = _latest(arrival, batch, [row for _, row in of_batch])
        item = Item.of(key, latest, revision=arrival.revision, watched=arrival.watched)
        yield Put(item, Newer())


def _latest(arrival: Arrival, batch: int, rows: list[AsicRow]) -> LatestBatch:
    report = arrival.report
    return LatestBatch(
        agent=arrival.agent,
        batch=batch,
        received_at=arrival.received_at,
        interval_s=min(max(report.interval_s, arrival.asked_s), INTERVAL_MAX_S),
        rows=pack_rows(rows),
        stopped=report.goodbye,
        dropped=report.dropped,
        clock_off_s=report.clock_off_s,
    )


def _row(told: MachineReport, received_at: float) -> AsicRow | None:
    """None: only blocks came. Of a silent machine nothing is kept that it said before.

    No silence begins after its report came.
    """
    if told.silence is not None:
        silence = replace(told.silence, since=min(told.silence.since, received_at))
        return AsicRow(told.machine, silence.since, {}, b"", silence=silence)
    return None if told.open is None else _reading(told, told.open)


def _reading(told: MachineReport, block: Block) -> AsicRow:
    values = {BY_NAME[own.metric].code: own.values[-1] for own in block.series if not own.subject}
    return AsicRow(told.machine, block.at[-1], values, pack(block), tuple(map(Mined.of, told.mining)))
