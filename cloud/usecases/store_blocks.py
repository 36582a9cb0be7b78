"""Keeps closed blocks by their machine and first time, and rolls up what they finish."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.domain import keys
from cloud.domain.packing import pack
from cloud.domain.records import Arrival, ClosedBlock
from cloud.ports import Item, Newer, Ports, Put
from cloud.usecases.roll_up_history import roll_up_history
from wire.messages import Block, MachineReport

_EARLIEST_FIRST_BITS = 46
_LATEST_MS = (1 << _EARLIEST_FIRST_BITS) - 1


def store_blocks(
    ports: Ports, arrival: Arrival, machines: Sequence[MachineReport], *, unfinished: bool = False
) -> None:
    """Whoever dies in between is tried again: a block is kept once, a rollup is made anew of all blocks."""
    writes = block_writes(ports, arrival, machines)
    if writes:
        ports.store.write_all(writes)
        roll_up_history(ports, arrival.farm, machines, arrival_now(ports, arrival), unfinished=unfinished)


def arrival_now(ports: Ports, arrival: Arrival) -> float:
    """By the clock and not at the arrival: a queue may have held the report beyond its hour."""
    return max(arrival.received_at, ports.clock())


def block_writes(ports: Ports, arrival: Arrival, machines: Sequence[MachineReport]) -> list[Put]:
    """For the blocks of all machines."""
    return [_write(ports, arrival, each.machine, block) for each in machines for block in each.blocks]


def _write(ports: Ports, arrival: Arrival, machine: str, block: Block) -> Put:
    """Of two with one first time the fuller stays, then the earlier arrived."""
    to_at = block.at[-1]
    record = ClosedBlock(to_at, arrival.received_at, pack(block))
    earlier = max(0, _LATEST_MS - round(arrival.received_at * 1000))
    item = Item.of(
        keys.block(arrival.farm, machine, block.at[0]),
        record,
        revision=len(block.at) << _EARLIEST_FIRST_BITS | earlier,
        expires_at=to_at + ports.policy.blocks_kept_s,
    )
    return Put(item, Newer())
