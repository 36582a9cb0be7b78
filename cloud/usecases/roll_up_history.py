"""Folds closed blocks into 10 min buckets by the hour, and those into 1 h buckets by the day.

A rollup is computed from everything below it, never added to, and kept only if it folds more than the
one that is there: whoever wrote the last block also sees all, so the fullest rollup stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from cloud.domain import keys, rollup
from cloud.domain.packing import pack_folds, unpack, unpack_folds
from cloud.domain.records import ClosedBlock, Rollup
from cloud.domain.rollup import DAY_S, HOUR_S, TEN_MINUTES_S, Folds, bucket_of
from cloud.ports import Item, Newer, Ports, Put, every
from wire.messages import Block, MachineReport

_LATE_BITS, _WHOLE_BIT = 8, 1 << 8


def roll_up_history(
    ports: Ports, farm: str, machines: Sequence[MachineReport], now: float, *, unfinished: bool = False
) -> None:
    """Makes the rollups of every hour and day that a report's blocks finish or come late for.

    `unfinished`: of those too that are not over by `now`, up to the newest sample that is known.
    """
    hours = [
        (machine.machine, hour)
        for machine in machines
        for hour in sorted(_wanted_hours(ports, farm, machine, now, unfinished=unfinished))
    ]
    _keep_all(ports, (_hour_write(ports, farm, machine, hour, now) for machine, hour in hours))
    days = {(machine, bucket_of(hour, DAY_S)): None for machine, hour in hours}
    over = ((machine, day) for machine, day in days if unfinished or day + DAY_S <= now)
    _keep_all(ports, (_day_write(ports, farm, machine, day, now) for machine, day in over))


def _keep_all(ports: Ports, writes: Iterable[Put | None]) -> None:
    found = [write for write in writes if write is not None]
    if found:
        ports.store.write_all(found)


def _wanted_hours(
    ports: Ports, farm: str, machine: MachineReport, now: float, *, unfinished: bool
) -> set[int]:
    found = _hours(ports, farm, machine)
    if unfinished:
        return found | _hours_since(ports, farm, machine, now)
    return {hour for hour in found if hour + HOUR_S <= now}


def _hours(ports: Ports, farm: str, machine: MachineReport) -> set[int]:
    """The hours that have samples, and the one before a silence, whose part nobody else folds."""
    if not machine.blocks:
        return set()
    hours = _sampled(machine.blocks)
    after = machine.after
    if after is None:
        after = _last_before(ports, farm, machine.machine, machine.blocks[0].at[0])
    hour = bucket_of(after, HOUR_S) if after is not None else None
    if hour is None or hour in hours:
        return hours
    kept = ports.store.get(_hour_key(farm, machine.machine, hour))
    if kept is not None and not kept.read(Rollup).partial:
        return hours  # usually the hour before is there: its last block came when it was over
    return hours | {hour}


def _hours_since(ports: Ports, farm: str, machine: MachineReport, now: float) -> set[int]:
    """The hours with samples of every known block that began after the last one here."""
    if not machine.blocks:
        return set()
    pk, begin = keys.history_pk(farm, machine.machine), machine.blocks[-1].at[0]
    found = every(ports.store, pk, keys.at_sk(keys.BLOCK_PREFIX, begin), keys.at_sk(keys.BLOCK_PREFIX, now))
    return _sampled(unpack(item.read(ClosedBlock).packed) for item in found)


def _sampled(blocks: Iterable[Block]) -> set[int]:
    """Not every hour from the first to the last sample: they may lie years apart."""
    return {bucket_of(at, HOUR_S) for block in blocks for at in block.at}


def _last_before(ports: Ports, farm: str, machine: str, at: float) -> float | None:
    """The end of the block before, where the agent does not remember it."""
    pk, end = keys.history_pk(farm, machine), keys.at_sk(keys.BLOCK_PREFIX, at - 0.001)
    found = ports.store.query(pk, keys.BLOCK_PREFIX, end, forwards=False, limit=1).items
    return found[0].read(ClosedBlock).to_at if found else None


def blocks_between(ports: Ports, farm: str, machine: str, first: float, last: float) -> list[ClosedBlock]:
    """Closed blocks with a sample in first <= time < last. A block is found by its first sample."""
    if first >= last:
        return []
    pk = keys.history_pk(farm, machine)
    begin, end = keys.at_sk(keys.BLOCK_PREFIX, first), keys.at_sk(keys.BLOCK_PREFIX, last)
    before = ports.store.query(pk, keys.BLOCK_PREFIX, begin, forwards=False, limit=1).items
    found = {item.key: item for item in [*before, *every(ports.store, pk, begin, end)]}
    return [block for item in found.values() if (block := item.read(ClosedBlock)).to_at >= first]


def _hour_key(farm: str, machine: str, hour: int) -> keys.Key:
    return keys.rollup(farm, machine, keys.HOUR_PREFIX, hour)


def _hour_write(ports: Ports, farm: str, machine: str, hour: int, now: float) -> Put | None:
    closed = blocks_between(ports, farm, machine, hour, hour + HOUR_S)
    known = fold_closed(closed, hour, hour + HOUR_S, ports.policy.late_after_s)
    key, partial = _hour_key(farm, machine, hour), hour + HOUR_S > now
    return _write(key, hour, known, ports.policy.hours_kept_s, partial=partial)


def _day_write(ports: Ports, farm: str, machine: str, day: int, now: float) -> Put | None:
    pk = keys.history_pk(farm, machine)
    begin, end = keys.at_sk(keys.HOUR_PREFIX, day), keys.at_sk(keys.HOUR_PREFIX, day + DAY_S - 1)
    folds: Folds = {}
    late: set[int] = set()
    for item in every(ports.store, pk, begin, end):
        of_hour, of_hour_late = folds_of(item.read(Rollup))
        folds |= of_hour
        late |= {bucket_of(at, HOUR_S) for at in of_hour_late}
    key, partial = keys.rollup(farm, machine, keys.DAY_PREFIX, day), day + DAY_S > now
    known = rollup.coarser(folds, HOUR_S), late
    return _write(key, day, known, ports.policy.days_kept_s, partial=partial)


def folds_of(stored: Rollup) -> tuple[Folds, set[int]]:
    """The folds by the start of their bucket in epoch seconds, and which of those came late."""
    return unpack_folds(stored.buckets, stored.from_at), {stored.from_at + offset for offset in stored.late}


def fold_closed(
    closed: Iterable[ClosedBlock], first: float, last: float, late_after_s: int
) -> tuple[Folds, set[int]]:
    """10 min folds of the samples in first <= time < last, and the buckets in which some came late."""
    blocks: list[Block] = []
    late: set[int] = set()
    for found in closed:
        block = within(unpack(found.packed), first, last)
        blocks.append(block)
        if found.received_at - found.to_at > late_after_s:
            late |= {bucket_of(at, TEN_MINUTES_S) for at in block.at}
    return rollup.fold_blocks(blocks, TEN_MINUTES_S), late


def _write(
    key: keys.Key, from_at: int, known: tuple[Folds, set[int]], kept_s: int, *, partial: bool
) -> Put | None:
    folds, late = known
    if not folds:
        return None
    # More samples win; of as many, what is over; then what came less late: an earlier arrival was found.
    in_time = (0 if partial else _WHOLE_BIT) + (1 << _LATE_BITS) - 1 - len(late)
    revision = rollup.sample_count(folds) << _LATE_BITS + 1 | in_time
    came_late = tuple(sorted(start - from_at for start in late))
    made = Rollup(from_at, pack_folds(folds, from_at), came_late, partial)
    return Put(Item.of(key, made, revision=revision, expires_at=from_at + DAY_S + kept_s), Newer())


def within(block: Block, first: float, last: float) -> Block:
    """Only the samples in first <= time < last."""
    inside = [index for index, at in enumerate(block.at) if first <= at < last]
    if len(inside) == len(block.at):
        return block
    picked = (
        msgspec.structs.replace(series, values=tuple(series.values[index] for index in inside))
        for series in block.series
    )
    return Block(tuple(block.at[index] for index in inside), tuple(picked))
