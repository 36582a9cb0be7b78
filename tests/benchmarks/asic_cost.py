"""Dollars per ASIC and month, of an edge with 2,000 devices that is asked each minute; executed on moto."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from cloud.domain import keys, rollup
from cloud.domain.packing import pack_folds
from cloud.domain.policy import DAY_S, Policy
from cloud.domain.records import Arrival, Rollup, encode_arrival
from cloud.domain.rollup import TEN_MINUTES_S
from cloud.ports import Item
from cloud.usecases.keep_beat import keep_beat
from cloud.usecases.sweep_farms import sweep_farms
from tests.benchmarks import cpu, edge_reports
from tests.benchmarks.asic_fleet import MACHINES_A_REPORT, ROUND_S, Edge, asic_block, machine_of, make_edge
from tests.benchmarks.aws import Edition, emulated, fill
from tests.benchmarks.counting import Taken
from tests.benchmarks.fleet import HOUR_S, MIDNIGHT
from tests.benchmarks.life import ITEM_OVERHEAD_BYTES, Sizes
from tests.benchmarks.prices import Bill, chunks, dollars, lambda_bill, plus, times
from tests.benchmarks.rows import Row
from tests.benchmarks.sweeping import CPU_S_A_MACHINE
from tests.fakes.time_and_chance import FakeClock
from wire.codec import encode_report
from wire.edge import BATCH_MACHINES
from wire.messages import REPORT_PATH, Report

ASICS, DAYS_A_MONTH = 2000, 30
EXECUTED = BATCH_MACHINES
"""One batch; the others are like it."""
SWEPT = 500
REPORTS_A_ROUND = -(-ASICS // MACHINES_A_REPORT)
ROUNDS_A_DAY = DAY_S // ROUND_S
IDLE_POLLS_A_DAY = 5 * 3 * 60 * 24
ABREAST = 8
"""Writes that the store has under way at once: a function waits for them together."""
_SQS_CHUNK_KB = 64
_GB = 1e9


class Day(NamedTuple):
    """What one ASIC is billed for in DynamoDB in a day, with the calls for that, and what it keeps."""

    bill: Bill
    calls: Counter[str]
    of_report: Bill
    """What each report costs beside, whatever it holds."""
    sizes: Sizes
    latest_bytes: float


def rows() -> Iterator[Row]:
    """Nobody looks; beside, what stands behind the figure."""
    day = _day()
    for edition in ("selfhost", "enterprise"):
        bill = _month(edition)
        yield Row(f"cost.{edition}.60s.{ASICS}_asics.unwatched", dollars(bill), "$/ASIC/month")
    yield Row(f"units.asic.write_units_a_day_of_{ROUNDS_A_DAY}_rounds", day.bill["write_units"], "units/ASIC")
    yield Row("units.asic.read_units_a_day", day.bill["read_units"], "units/ASIC")
    yield Row("units.asic.reports_a_round", REPORTS_A_ROUND, "reports")
    yield Row("store.asic.latest_batch_bytes", day.latest_bytes, "B")
    yield Row("store.asic.closed_block_bytes", day.sizes.block, "B")
    yield Row("store.asic.hour_rollup_bytes", day.sizes.hour, "B")
    yield Row("store.asic.day_rollup_bytes", day.sizes.day, "B")
    yield Row("store.asic.kept", _kept_bytes() / 1e6, "MB")


def _month(edition: str) -> Bill:
    """Per ASIC, with its share of reports, of the sweep of each minute, and of a queue's poller."""
    day, reports = _day(), REPORTS_A_ROUND * ROUNDS_A_DAY / ASICS
    bill = plus(day.bill, times(day.of_report, reports), {"http_requests": reports}, _swept())
    waits = sum(count / (ABREAST if name.endswith("PutItem") else 1) for name, count in day.calls.items())
    own_s = edge_reports.own_cpu_s() / MACHINES_A_REPORT * ROUNDS_A_DAY
    cpu_s = own_s + cpu.measured().per_call * (sum(day.calls.values()) + 4 * reports)
    bill = plus(bill, lambda_bill(cpu_s, waits + 4 * reports, reports))
    if edition == "enterprise":
        bill = plus(bill, times(_queued(), reports), {"sqs_requests": IDLE_POLLS_A_DAY / ASICS})
    return plus(times(bill, DAYS_A_MONTH), {"gb_months": _kept_bytes() / _GB})


@cache
def _queued() -> Bill:
    """What a queue adds to a report: it is sent, received and deleted, and another function stores it."""
    report = next(Edge("farm", "agent", "token", MACHINES_A_REPORT).reports(MIDNIGHT + HOUR_S))
    size = len(encode_arrival(Arrival("farm", MIDNIGHT, watched=False, report=report)))
    requests = {"sqs_requests": 2.0 * chunks(size, _SQS_CHUNK_KB) + 1}
    return plus(requests, lambda_bill(cpu.measured().per_call * 3, 1, 1))


@cache
def _day() -> Day:
    """The last hour of a day and the first of the next are executed; 23 hours are like the former."""
    with emulated():
        edition = Edition("asics", FakeClock(MIDNIGHT))
        edge = make_edge(edition.ports, EXECUTED)
        fill(edition.model, edge.items())
        fill(edition.model, _hours(edge.farm))
        edition.counter.take()
        usual = _hour(edition, edge, MIDNIGHT + 23 * HOUR_S)
        midnight = _hour(edition, edge, MIDNIGHT + 24 * HOUR_S)
        edition.clock.now += 5
        _send(edition, edge, edge.report(edition.clock.now, range(0)))
        alone = edition.counter.take()
        sizes = edition.counter.sizes
    rounds = HOUR_S // ROUND_S
    hours = [(_less(usual, alone, rounds), 23), (_less(midnight, alone, rounds), 1)]
    bill = times(plus(*(times(taken.bill, count) for taken, count in hours)), 1 / EXECUTED)
    calls = Counter[str]()
    for taken, count in hours:
        calls.update({name: number * count for name, number in taken.calls.items()})
    per_asic = Counter({name: number / EXECUTED for name, number in calls.items()})
    of_batch = [size for (pk, _), size in sizes.items() if "#latest#" in pk]
    return Day(bill, per_asic, alone.bill, _sizes(sizes), sum(of_batch) / len(of_batch))


def _less(taken: Taken, alone: Taken, times_over: int) -> Taken:
    """Without what the report of an edge that reads nothing costs."""
    calls = Counter({name: count - times_over * alone.calls[name] for name, count in taken.calls.items()})
    return Taken(calls, plus(taken.bill, times(alone.bill, -times_over)))


def _hour(edition: Edition, edge: Edge, begin: float) -> Taken:
    for number in range(1, HOUR_S // ROUND_S + 1):
        edition.clock.now = begin + number * ROUND_S
        _send(edition, edge, edge.report(edition.clock.now))
    return edition.counter.take()


def _send(edition: Edition, edge: Edge, report: Report) -> None:
    answer = edition.caller.call("POST", REPORT_PATH, body=encode_report(report), headers=edge.headers)
    if answer.status != 200:
        raise RuntimeError(f"a report was refused: {answer.status} {answer.body[:200]!r}")


def _hours(farm: str) -> Iterator[Item]:
    """The rollups of the day's other hours; all machines have those of one, so that making them is quick."""
    for hour in range(MIDNIGHT, MIDNIGHT + 23 * HOUR_S, HOUR_S):
        block = asic_block(0, hour // ROUND_S, (hour + HOUR_S) // ROUND_S)
        made = Rollup(hour, pack_folds(rollup.fold_blocks([block], TEN_MINUTES_S), hour))
        for number in range(EXECUTED):
            key = keys.rollup(farm, machine_of(number), keys.HOUR_PREFIX, hour)
            yield Item.of(key, made)


def _sizes(found: dict[tuple[str, str], int]) -> Sizes:
    history = {sk: size for (pk, sk), size in found.items() if "#history#" in pk}
    kinds = (keys.BLOCK_PREFIX, keys.HOUR_PREFIX, keys.DAY_PREFIX)
    of_kind = ([size for sk, size in history.items() if sk.startswith(kind)] for kind in kinds)
    return Sizes(*(sum(sizes) / len(sizes) + ITEM_OVERHEAD_BYTES for sizes in of_kind))


def _kept_bytes() -> float:
    policy = Policy()
    kept_s = (policy.blocks_kept_s, policy.hours_kept_s, policy.days_kept_s)
    blocks, hours, days = (seconds / DAY_S for seconds in kept_s)
    return _day().sizes.kept((blocks, hours, days))


@cache
def _swept() -> Bill:
    """The share of one ASIC in the sweeps of a day over a farm of them in which nothing happens."""
    with emulated():
        edition = Edition("swept-asics", FakeClock(MIDNIGHT + 12 * HOUR_S))
        edge = make_edge(edition.ports, SWEPT)
        fill(edition.model, edge.items())
        for report in edge.reports(edition.clock.now):
            _send(edition, edge, report)
        sweep_farms(edition.ports)
        edition.counter.take()
        keep_beat(edition.ports)
        sweep_farms(edition.ports)
        taken = edition.counter.take()
    swept = plus(taken.bill, lambda_bill(CPU_S_A_MACHINE * SWEPT, sum(taken.calls.values()), SWEPT / ASICS))
    return times(swept, DAY_S / 60 / SWEPT)
