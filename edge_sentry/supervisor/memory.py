"""What is remembered of a program's earlier readings, folded in one reading at a time."""

from __future__ import annotations

from itertools import accumulate

import msgspec
from msgspec.structs import replace

from edge_sentry.supervisor.defaults import Defaults
from edge_sentry.supervisor.facts import Api, MinerFacts

_SMOOTHED_OVER_S = 300.0
_EVERY_S = 60.0
_AN_HOUR = 60
_ENOUGH_FOR_A_MEDIAN = 30
_ENOUGH_FOR_A_MEAN = 3


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """`accepted`, `rejected`, `failures`: the counters as last told, None when what was before is unknown.

    `recent`: (accepted, rejected) from reading to reading, as far back as the reject rule looks.
    `pool_down_at`: the newest reading that found no connection; `failing_at`: when failures last rose.
    `hour`: one hashrate above 0 a minute by algorithm, `smooth` its value without the noise. `hour`,
    `shares` and the times go on over restarts of one version: `mined_s` until now, `mined_for_shares_s`
    until the last accepted share, so that waiting for the next does not raise the mean.
    """

    version: int = 0
    at: float | None = None
    answered: bool = False
    accepted: int | None = None
    rejected: int | None = None
    accepted_at: float = 0.0
    recent: tuple[tuple[int, int], ...] = ()
    failures: int | None = None
    failing_at: float | None = None
    pool_down_at: float | None = None
    shares: int = 0
    mined_s: float = 0.0
    mined_for_shares_s: float = 0.0
    hour: dict[str, tuple[float, ...]] = {}
    hour_at: float | None = None
    smooth: dict[str, float] = {}

    def mean_share_s(self) -> float | None:
        """Mean time between accepted shares; None while there were too few."""
        return self.mined_for_shares_s / self.shares if self.shares >= _ENOUGH_FOR_A_MEAN else None

    def median(self, algorithm: str) -> float | None:
        """Of the last hour; None while it is not yet half one."""
        known = sorted(self.hour.get(algorithm, ()))
        return known[len(known) // 2] if len(known) >= _ENOUGH_FOR_A_MEDIAN else None


def begun(memory: Memory, version: int, now: float, *, adopted: bool) -> Memory:
    """At the start of a run, whose counters are at 0; at an adopted one's they are not known."""
    kept = memory if memory.version == version else Memory(version=version)
    count = None if adopted else 0
    return replace(
        kept,
        at=None,
        answered=adopted,
        accepted=count,
        rejected=count,
        failures=count,
        failing_at=None,
        pool_down_at=None,
        accepted_at=now,
        recent=(),
        hour_at=None,
        smooth={},
    )


def observed(memory: Memory, facts: MinerFacts, defaults: Defaults, *, warm: bool) -> Memory:
    """With one more reading; one without figures leaves it as it is."""
    if facts.api is not Api.READABLE:
        return memory
    gap_s = facts.at - memory.at if memory.at is not None else 0.0
    mined_s = memory.mined_s + (gap_s if gap_s <= defaults.longest_gap_s else 0.0)
    memory = replace(memory, at=facts.at, answered=True, mined_s=mined_s)
    memory = _with_shares(memory, facts, defaults)
    memory = _with_pool(memory, facts, defaults)
    return _with_hashrates(memory, facts, gap_s) if warm else memory


def _with_shares(memory: Memory, facts: MinerFacts, defaults: Defaults) -> Memory:
    accepted = _more(memory.accepted, facts.accepted)
    rejected = _more(memory.rejected, facts.rejected)
    return replace(
        memory,
        accepted=_newer(memory.accepted, facts.accepted),
        rejected=_newer(memory.rejected, facts.rejected),
        accepted_at=facts.at if accepted else memory.accepted_at,
        recent=_recent((*memory.recent, (accepted, rejected)), defaults.rejects_of_shares),
        shares=memory.shares + accepted,
        mined_for_shares_s=memory.mined_s if accepted else memory.mined_for_shares_s,
    )


def _with_pool(memory: Memory, facts: MinerFacts, defaults: Defaults) -> Memory:
    """Where a program does not say whether it is connected, failures that rise say that it is not."""
    failed = _more(memory.failures, facts.pool_failures) > 0
    failing_at = facts.at if failed else memory.failing_at
    down = failing_at is not None and facts.at - failing_at <= defaults.longest_gap_s
    if facts.pool_connected is not None:
        down = not facts.pool_connected
    return replace(
        memory,
        failures=_newer(memory.failures, facts.pool_failures),
        failing_at=failing_at,
        pool_down_at=facts.at if down else memory.pool_down_at,
    )


def _newer(before: int | None, now: int | None) -> int | None:
    return before if now is None else now


def _more(before: int | None, now: int | None) -> int:
    """What a counter rose by; one that fell began anew at 0."""
    if before is None or now is None:
        return 0
    return now - before if now >= before else now


def _recent(pairs: tuple[tuple[int, int], ...], enough: int) -> tuple[tuple[int, int], ...]:
    """The newest pairs that together hold enough shares, without the empty ones."""
    full = [pair for pair in pairs if pair != (0, 0)]
    for place, total in enumerate(accumulate(sum(pair) for pair in reversed(full)), start=1):
        if total >= enough:
            return tuple(full[-place:])
    return tuple(full)


def _with_hashrates(memory: Memory, facts: MinerFacts, gap_s: float) -> Memory:
    told = {name: rate for name, rate in facts.hashrates.items() if rate is not None}
    weight = min(gap_s / _SMOOTHED_OVER_S, 1.0)
    smooth = {name: _towards(memory.smooth.get(name), rate, weight) for name, rate in told.items()}
    memory = replace(memory, smooth={**memory.smooth, **smooth})
    if memory.hour_at is not None and facts.at - memory.hour_at < _EVERY_S:
        return memory
    hour = {name: (*memory.hour.get(name, ()), rate)[-_AN_HOUR:] for name, rate in told.items() if rate}
    return replace(memory, hour={**memory.hour, **hour}, hour_at=facts.at)


def _towards(before: float | None, now: float, weight: float) -> float:
    return now if before is None else before + (now - before) * weight
