"""Fills a store as months of reports would have, without sending them."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.domain import keys, rollup
from cloud.domain.packing import pack, pack_folds
from cloud.domain.policy import DAY_S, Policy
from cloud.domain.records import ClosedBlock, Latest, Machine, Rollup
from cloud.domain.rollup import HOUR_S, TEN_MINUTES_S, Folds
from cloud.ports import Item
from tests.benchmarks.fleet import USUAL, Rig
from wire.messages import AgentKind, Block
from wire.metrics import BY_NAME, RollUp


def machine_items(farm: str, count: int, now: float) -> Iterator[Item]:
    """Machines and their latest figures; all show one rig's samples, so that making them is quick."""
    block = Rig("", "machine_x").under_way(now // 300 * 300)
    values, packed = {BY_NAME[s.metric].code: s.values[-1] for s in block.series}, pack(block)
    for number in range(count):
        machine = f"machine_{number:08d}"
        named = Machine(machine, f"rig {number}", AgentKind.CPU_GPU, f"agent_{number}", now)
        yield Item.of(keys.machine(farm, machine), named)
        latest = Latest(machine, block.at[-1], now, USUAL.report_s, values, packed)
        yield Item.of(keys.latest(farm, machine), latest)


def history_items(farm: str, machine: str, now: float, days: int) -> Iterator[Item]:
    """Blocks as long as they are kept, an hour's rollup for each hour, a day's for each day."""
    end = int(now // HOUR_S) * HOUR_S
    begin = int(now // DAY_S - days) * DAY_S
    for first in range(max(begin, int(end - Policy().blocks_kept_s)), end, 300):
        yield _block_item(farm, machine, first)
    hour = rollup.fold_blocks([_hour(machine, begin)], TEN_MINUTES_S)
    day: Folds = {}
    for start in range(begin, end, HOUR_S):
        folds = _moved(hour, start - begin)
        yield _rollup_item(farm, machine, keys.HOUR_PREFIX, start, folds)
        day |= folds
        if (start + HOUR_S) % DAY_S == 0:
            whole = start + HOUR_S - DAY_S
            yield _rollup_item(farm, machine, keys.DAY_PREFIX, whole, rollup.coarser(day, HOUR_S))
            day = {}


def _hour(machine: str, begin: float) -> Block:
    return Rig("", machine).hour(begin)


def _block_item(farm: str, machine: str, first: float) -> Item:
    block = Rig("", machine).under_way(first + 300)
    record = ClosedBlock(block.at[-1], block.at[-1] + 60, pack(block))
    return Item.of(keys.block(farm, machine, block.at[0]), record, revision=30 << 46)


def _rollup_item(farm: str, machine: str, prefix: str, start: int, folds: Folds) -> Item:
    return Item.of(keys.rollup(farm, machine, prefix, start), Rollup(start, pack_folds(folds, start)))


def _moved(folds: Folds, by_s: int) -> Folds:
    """The same figures at a later time: some folds hold times too."""
    return {
        at + by_s: {name: _moved_fold(name, fold, by_s) for name, fold in bucket.items()}
        for at, bucket in folds.items()
    }


def _moved_fold(name: str, fold: rollup.Fold, by_s: int) -> rollup.Fold:
    match rollup.metric_of(name).roll_up:
        case RollUp.LAST:
            return (*fold[:2], fold[2] + by_s)
        case RollUp.INCREASE:
            return (*fold[:3], fold[3] + by_s, fold[4], fold[5] + by_s)
        case _:
            return fold
