"""AWS calls and billed units per report, and dollars per rig and month, from calls that were executed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cloud.domain.pace import pace_of
from cloud.domain.policy import DAY_S, Policy
from tests.benchmarks import asic_cost, cpu, life, naive, sweeping, watching
from tests.benchmarks.fleet import ECONOMY, USUAL, Cadence
from tests.benchmarks.prices import PRICES, Bill, dollars, plus, times
from tests.benchmarks.rows import Row, at_most
from wire.live import FarmSettings

FLEETS = (100, 1_000, 10_000, 100_000)
DAYS_A_MONTH = 30
QUEUE_WINDOW_S, BATCH_MAX = 5, 10
IDLE_POLLS_A_DAY = 5 * 3 * 60 * 24
"""Lambda's poller asks a queue five at a time, for 20 s each, even when nothing comes."""
GOALS = {"selfhost": 0.09, "enterprise": 0.115}
ECONOMY_GOAL, FLAT_GOAL_PCT = 0.05, 5
GB = 1e9
CARDS = 8


def rows() -> Iterator[Row]:
    """Units first, dollars after, and the naive design beside."""
    yield Row("cost.cpu_per_aws_call", cpu.measured().per_call * 1000, "ms")
    for edition, batch in (("selfhost", 0), ("enterprise", BATCH_MAX)):
        yield from _units(edition, life.a_day(USUAL, batch))
    yield from _stored()
    yield from _with_gpus()
    for edition in GOALS:
        yield from _fleets(edition)
        yield from _economy(edition)
    yield from asic_cost.rows()
    yield from _naive()


def _units(edition: str, found: life.Life) -> Iterator[Row]:
    for name, count in sorted(found.calls.items()):
        yield Row(f"units.{edition}.{name}", count, "calls/report")
    for name, units in found.report.items():
        yield Row(f"units.{edition}.{name}", units, "units/report")


def _stored() -> Iterator[Row]:
    sizes = life.a_day().sizes
    yield Row("store.closed_block_bytes", sizes.block, "B")
    yield Row("store.hour_rollup_bytes", sizes.hour, "B")
    yield Row("store.day_rollup_bytes", sizes.day, "B")
    yield Row("store.growth_per_rig_and_day", sizes.grown_per_day / 1000, "kB")
    yield Row("store.kept_per_rig", _kept_bytes() / 1e6, "MB")


def _with_gpus() -> Iterator[Row]:
    """What a rig with GPUs is billed for and keeps, beside one without."""
    found = life.a_day(USUAL, 0, CARDS)
    for name, units in found.report.items():
        yield Row(f"units.selfhost.{CARDS}_gpus.{name}", units, "units/report")
    yield Row(f"store.{CARDS}_gpus.closed_block_bytes", found.sizes.block, "B")
    yield Row(f"store.{CARDS}_gpus.hour_rollup_bytes", found.sizes.hour, "B")
    yield Row(f"store.{CARDS}_gpus.day_rollup_bytes", found.sizes.day, "B")


def _fleets(edition: str) -> Iterator[Row]:
    unit = f"$/rig/month, outage noticed after {_noticed_s(USUAL):g} s"
    costs = {rigs: dollars(_month(edition, rigs, USUAL)) for rigs in FLEETS}
    for rigs, cost in costs.items():
        yield at_most(f"cost.{edition}.60s.{rigs}_rigs", cost, unit, GOALS[edition])
    large = [cost for rigs, cost in costs.items() if rigs >= 1000]
    spread_pct = (max(large) - min(large)) / (max(large) + min(large)) * 100
    yield at_most(f"cost.{edition}.60s.spread_from_1000", spread_pct, "± %", FLAT_GOAL_PCT)
    for name, count in _month(edition, 1000, USUAL).items():
        yield Row(f"cost.{edition}.60s.1000_rigs.{name}", PRICES[name] * count, "$/rig/month")
    yield Row(f"cost.{edition}.60s.1000_rigs.unwatched", _unwatched(edition, 1000, USUAL), "$/rig/month")


def _economy(edition: str) -> Iterator[Row]:
    unit = f"$/rig/month, outage noticed after {_noticed_s(ECONOMY):g} s"
    cost = dollars(_month(edition, 1000, ECONOMY))
    yield at_most(f"cost.{edition}.economy.1000_rigs", cost, unit, ECONOMY_GOAL)
    yield Row(
        f"cost.{edition}.economy.1000_rigs.unwatched", _unwatched(edition, 1000, ECONOMY), "$/rig/month"
    )


def _naive() -> Iterator[Row]:
    ours = dollars(_month("selfhost", 1000, USUAL))
    for interval_s in (10, 60):
        found = naive.a_day(interval_s)
        kept = {"gb_months": found.grown_per_day * naive.KEPT_DAYS / GB}
        cost = dollars(plus(times(found.day, DAYS_A_MONTH), kept))
        yield Row(f"cost.naive.{interval_s}s", cost, "$/rig/month")
        yield Row(f"cost.naive.{interval_s}s.ratio", cost / ours, "times selfhost.60s.1000_rigs")


def _month(edition: str, rigs: int, cadence: Cadence) -> Bill:
    """Per rig: its own days, its share of what is watched and of the poller, and what it keeps."""
    farms = -(-rigs // Policy().machines_per_farm_max)
    watched = times(watching.a_day(rigs // farms, cadence), farms / rigs)
    return plus(_lone_month(edition, rigs, cadence), times(watched, DAYS_A_MONTH))


def _swept(rigs: int) -> Bill:
    """A rig's share of the sweep of its farm."""
    farms = -(-rigs // Policy().machines_per_farm_max)
    return times(sweeping.a_day(rigs // farms), farms / rigs)


def _lone_month(edition: str, rigs: int, cadence: Cadence) -> Bill:
    queued = edition == "enterprise"
    batch = min(BATCH_MAX, max(1, round(rigs / cadence.report_s * QUEUE_WINDOW_S))) if queued else 0
    idle: Mapping[str, float] = {"sqs_requests": IDLE_POLLS_A_DAY / rigs} if queued else {}
    days = times(plus(life.a_day(cadence, batch).day, idle, _swept(rigs)), DAYS_A_MONTH)
    return plus(days, {"gb_months": _kept_bytes() / GB})


def _unwatched(edition: str, rigs: int, cadence: Cadence) -> float:
    return dollars(_lone_month(edition, rigs, cadence))


def _kept_bytes() -> float:
    policy = Policy()
    kept_s = (policy.blocks_kept_s, policy.hours_kept_s, policy.days_kept_s)
    blocks, hours, days = (seconds / DAY_S for seconds in kept_s)
    return life.a_day().sizes.kept((blocks, hours, days))


def _noticed_s(cadence: Cadence) -> float:
    """From the last report on."""
    return pace_of(Policy(), FarmSettings(report_interval_s=cadence.report_s)).offline_after_s
