"""Writes a report into the store: closed blocks by their time, the newest state as the machine's latest.

Any report may come twice, late, or after a newer one, and whoever calls may die between any two
writes: each write is refused where the store knows better, so trying again leaves the same store.
"""

from __future__ import annotations

from dataclasses import replace

from cloud.domain import keys
from cloud.domain.pace import INTERVAL_MAX_S
from cloud.domain.packing import pack, unpack
from cloud.domain.records import (
    SEQUENCE_BITS,
    Arrival,
    Latest,
    Mined,
    ProgramState,
    StoredSpecs,
    StoredUnread,
)
from cloud.ports import AtRevision, Item, Newer, Ports, Put, StoreUnavailable
from cloud.usecases.store_batches import store_batches
from cloud.usecases.store_blocks import store_blocks
from cloud.usecases.store_edge import store_edge
from cloud.usecases.store_events import store_events
from cloud.usecases.store_log import store_log
from wire.messages import Block, MachineReport, Report
from wire.metrics import BY_NAME

_TRIES = 10


def store_report(ports: Ports, arrival: Arrival) -> None:
    """Stores every machine's part; a usual report of a rig is one write."""
    if arrival.report.edge is not None or any(each.batch is not None for each in arrival.report.machines):
        store_batches(ports, arrival)
        store_edge(ports, arrival)
        return
    for machine in arrival.report.machines:
        store_blocks(ports, arrival, [machine])
        _store_descriptions(ports, arrival, machine)
        store_events(ports, arrival, machine)
        store_log(ports, arrival, machine)
        if machine.open is not None:
            _store_latest(ports, arrival, machine, machine.open)


def epoch_of(revision: int) -> int:
    """The epoch of the report whose revision a machine's latest item has."""
    return revision >> SEQUENCE_BITS


def _before_epoch(epoch: int) -> int:
    """Above every report of the epochs before, below every one of `epoch`."""
    return (epoch << SEQUENCE_BITS) - 1


def _store_descriptions(ports: Ports, arrival: Arrival, machine: MachineReport) -> None:
    farm, name, revision = arrival.farm, machine.machine, arrival.revision
    if machine.specs is not None:
        item = Item.of(keys.specs(farm, name), StoredSpecs(machine.specs), revision=revision)
        ports.store.write(Put(item, Newer()))
    if machine.unread is not None:
        item = Item.of(keys.unread(farm, name), StoredUnread(machine.unread), revision=revision)
        ports.store.write(Put(item, Newer()))


def _store_latest(ports: Ports, arrival: Arrival, machine: MachineReport, block: Block) -> None:
    """One write, unless the epoch changed: an older epoch's open block is closed by nobody but us."""
    key, epoch = keys.latest(arrival.farm, machine.machine), arrival.report.epoch
    latest = _latest(arrival, machine, block)
    item = Item.of(key, latest, revision=arrival.revision, watched=arrival.watched)
    if ports.store.write(Put(item, Newer(least=_before_epoch(epoch)))):
        return
    kept = ports.store.get(key)
    if kept is not None and kept.revision < _before_epoch(epoch):
        close_open_block(ports, arrival.farm, machine.machine, epoch)
        _store_latest(ports, arrival, machine, block)
    elif kept is not None and kept.revision >= _before_epoch(epoch + 1):
        store_blocks(ports, arrival, [MachineReport(machine.machine, (block,))])


def _latest(arrival: Arrival, machine: MachineReport, block: Block) -> Latest:
    report = arrival.report
    return Latest(
        machine=machine.machine,
        sampled_at=block.at[-1],
        received_at=arrival.received_at,
        interval_s=min(max(report.interval_s, arrival.asked_s), INTERVAL_MAX_S),
        values={BY_NAME[own.metric].code: own.values[-1] for own in block.series if not own.subject},
        open=pack(block),
        stopped=report.goodbye,
        dropped=report.dropped,
        clock_off_s=report.clock_off_s,
        mining=tuple(map(Mined.of, machine.mining)),
        programs=tuple(map(ProgramState.of, machine.programs)),
        assignment=machine.assignment,
    )


def close_open_block(ports: Ports, farm: str, machine: str, epoch: int) -> None:
    """Keeps the block under way as a closed one when `epoch` begins, whose agent may know it no more.

    The latest item is lifted above every report of the epochs before, so that the block of one that
    is still on its way is closed too.
    """
    key = keys.latest(farm, machine)
    for _ in range(_TRIES):
        item = ports.store.get(key)
        if item is None:
            return
        keep_open_block(ports, farm, item.read(Latest))
        lifted = replace(item, revision=_before_epoch(epoch), watched=False)
        if item.revision >= lifted.revision or ports.store.write(Put(lifted, AtRevision(item.revision))):
            return
    raise StoreUnavailable("the machine reports faster than its last block can be closed")


def keep_open_block(ports: Ports, farm: str, latest: Latest, *, unfinished: bool = False) -> None:
    """Keeps a machine's block under way as a closed one too, and rolls up; `unfinished` as there.

    Should the agent go on with it, its own fuller block replaces this one.
    """
    part = MachineReport(latest.machine, (unpack(latest.open),))
    report = Report(1, 0, latest.received_at, latest.interval_s, (part,))
    arrival = Arrival(farm, latest.received_at, watched=False, report=report)
    store_blocks(ports, arrival, [part], unfinished=unfinished)
