"""The figures of one machine over a span of time, from about as few items as the chart has points."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from cloud.domain import keys, rollup, state
from cloud.domain.packing import unpack
from cloud.domain.records import ClosedBlock, Rollup
from cloud.domain.rollup import DAY_S, HOUR_S, TEN_MINUTES_S, Fold, Folds, bucket_of
from cloud.ports import Ports, every
from cloud.usecases.find_latest import find_machine
from cloud.usecases.keep_cadence import find_pace
from cloud.usecases.roll_up_history import blocks_between, fold_closed, folds_of
from wire.live import History
from wire.metrics import RollUp


class Span(NamedTuple):
    """How far back a chart looks, and the width of its buckets; None: the samples themselves."""

    length_s: int
    width_s: int | None


SPANS = {
    "1h": Span(HOUR_S, None),
    "24h": Span(DAY_S, TEN_MINUTES_S),
    "7d": Span(7 * DAY_S, TEN_MINUTES_S),
    "30d": Span(30 * DAY_S, HOUR_S),
    "1y": Span(365 * DAY_S, DAY_S),
}

_DIGITS = 7  # all the digits of every mean would double the answer

Values = dict[str, list[float | None]]
"""By the series' name."""
_Known = tuple[Folds, set[int]]
"""Folds, and times of buckets in which samples came late."""


class _Machine(NamedTuple):
    """Whose history is read, up to when (a past time or now), and its block under way.

    Of an ASIC that is its last reading alone, None while it is silent.
    """

    farm: str
    machine: str
    to_at: float
    under_way: ClosedBlock | None
    interval_s: float


@dataclass
class _Rollups:
    """Rollups of one length: the whole ones reach up to `reach`, and more may be known of the others."""

    reach: float
    whole: list[Rollup] = field(default_factory=list)
    doubtful: list[Rollup] = field(default_factory=list)


def show_history(ports: Ports, farm: str, machine_id: str, span: Span, to_at: float | None = None) -> History:
    """What is kept of the `span` before `to_at`, or now; raises Fault `machine_unknown` (404)."""
    now = ports.clock()
    machine = _find(ports, farm, machine_id, now if to_at is None else to_at)
    first = machine.to_at - span.length_s
    if span.width_s is None:
        at, values, late = _samples(ports, machine, first)
    else:
        at, values, late = _buckets(ports, machine, first, span.width_s)
    return History(
        server_at=now,
        from_at=first,
        to_at=machine.to_at,
        resolution_s=span.width_s,
        gap_s=1.5 * span.width_s if span.width_s else state.gap_s(machine.interval_s),
        at=at,
        values=values,
        late=late,
    )


def _find(ports: Ports, farm: str, machine_id: str, to_at: float) -> _Machine:
    latest = find_machine(ports, farm, machine_id).latest
    pace = find_pace(ports, farm)
    if latest is None:
        return _Machine(farm, machine_id, to_at, None, pace.report_interval_s)
    known = ClosedBlock(latest.sampled_at, latest.received_at, latest.open)
    under_way = known if latest.silence is None else None
    interval_s = max(latest.interval_s, pace.report_interval_s)
    return _Machine(farm, machine_id, to_at, under_way, interval_s)


def _blocks(ports: Ports, machine: _Machine, first: float) -> list[ClosedBlock]:
    """The closed blocks from `first` on, and the one under way as if it were closed."""
    closed = blocks_between(ports, machine.farm, machine.machine, first, machine.to_at)
    return [*closed, machine.under_way] if machine.under_way else closed


def _samples(ports: Ports, machine: _Machine, first: float) -> tuple[list[float], Values, list[float]]:
    found = [(block, unpack(block.packed)) for block in _blocks(ports, machine, first)]
    rows: dict[float, dict[str, float | None]] = {}
    for _, block in found:
        for index, when in enumerate(block.at):
            if first <= when <= machine.to_at:
                rows[when] = {series.name: series.values[index] for series in block.series}
    at = sorted(rows)
    names = sorted({name for values in rows.values() for name in values})
    values = {name: [rows[when].get(name) for when in at] for name in names}
    for name in names:
        if rollup.metric_of(name).roll_up is RollUp.INCREASE:
            values[name] = _rates(at, values[name], state.gap_s(machine.interval_s))
    after_s = ports.policy.late_after_s
    came_late = (block for stored, block in found if stored.received_at - stored.to_at > after_s)
    late = {when for block in came_late for when in block.at}
    return at, values, sorted(late & set(at))


def _rates(at: list[float], counts: list[float | None], gap_s: float) -> list[float | None]:
    """Growth per second since the sample before; None for the first and after a gap."""
    rates: list[float | None] = []
    before: tuple[float, float] | None = None
    for when, count in zip(at, counts, strict=True):
        rate = None
        if count is not None:
            if before is not None and when - before[0] <= gap_s:
                rate = rollup.increase(before[1], count) / (when - before[0])
            before = (when, count)
        rates.append(rate)
    return rates


def _buckets(
    ports: Ports, machine: _Machine, first: float, width_s: int
) -> tuple[list[float], Values, list[float]]:
    begin = float(bucket_of(first, width_s))
    days = _read(ports, machine, keys.DAY_PREFIX, begin, DAY_S) if width_s >= HOUR_S else _Rollups(begin)
    hours = _read(ports, machine, keys.HOUR_PREFIX, days.reach, HOUR_S)
    blocks = _blocks(ports, machine, hours.reach)
    recent = fold_closed(blocks, hours.reach, machine.to_at + 0.001, ports.policy.late_after_s)
    folds, late = _with(hours, recent, HOUR_S)
    if width_s >= HOUR_S:
        folds, late = _with(days, (rollup.coarser(folds, HOUR_S), late), DAY_S)
    wide = rollup.coarser(folds, width_s)
    at = [start for start in sorted(wide) if first < start + width_s and start <= machine.to_at]
    shown_late = {bucket_of(when, width_s) for when in late}
    return [float(start) for start in at], _values(wide, at, width_s), sorted(shown_late & set(at))


def _read(ports: Ports, machine: _Machine, prefix: str, begin: float, length_s: int) -> _Rollups:
    """The rollups from `begin` on.

    One that reaches beyond the begin of the block under way is not whole: it may hold a part of that.
    """
    until = unpack(machine.under_way.packed).at[0] if machine.under_way else machine.to_at
    pk = keys.history_pk(machine.farm, machine.machine)
    first = keys.at_sk(prefix, bucket_of(begin, length_s))
    found = _Rollups(begin)
    for item in every(ports.store, pk, first, keys.at_sk(prefix, machine.to_at)):
        stored = item.read(Rollup)
        end = stored.from_at + length_s
        if stored.partial or end > until:
            found.doubtful.append(stored)
        else:
            found.whole.append(stored)
            found.reach = max(found.reach, end)
    return found


def _with(rollups: _Rollups, finer: _Known, length_s: int) -> _Known:
    """The rollups, and what finer parts tell beyond them; of a doubtful one's time, what the fuller says.

    Finer parts expire first; a rollup that was made when the machine fell silent lacks what came since.
    """
    folds, late = dict(finer[0]), set(finer[1])
    for stored in rollups.doubtful:
        span = range(stored.from_at, stored.from_at + length_s)
        there = {start: folds[start] for start in folds if start in span}
        its_folds, its_late = folds_of(stored)
        if rollup.sample_count(its_folds) > rollup.sample_count(there):
            folds = {start: folds[start] for start in folds if start not in span} | its_folds
            late = {when for when in late if when not in span} | its_late
    for stored in rollups.whole:
        its_folds, its_late = folds_of(stored)
        folds |= its_folds
        late |= its_late
    return folds, late


def _values(folds: Folds, at: list[int], width_s: int) -> Values:
    names = sorted({name for bucket in folds.values() for name in bucket})
    return {name: _column(name, [folds[start].get(name) for start in at], width_s) for name in names}


def _column(name: str, folds: list[Fold | None], width_s: int) -> list[float | None]:
    if rollup.metric_of(name).roll_up is RollUp.INCREASE:
        figures = rollup.growth_rates(folds, 1.5 * width_s)
    else:
        figures = (None if fold is None else rollup.value_of(fold) for fold in folds)
    return [None if figure is None else float(f"{figure:.{_DIGITS}g}") for figure in figures]
