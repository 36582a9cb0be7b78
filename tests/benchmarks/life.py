"""A day of some rigs in an edition on moto, executed and counted: what one rig is billed for."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import NamedTuple

from cloud.domain.records import Arrival
from cloud.usecases.store_report import store_report
from tests.benchmarks import cpu
from tests.benchmarks.aws import Edition, emulated
from tests.benchmarks.counting import Taken
from tests.benchmarks.fleet import HOUR_S, MIDNIGHT, USUAL, Cadence, Farm, make_farm, send
from tests.benchmarks.prices import Bill, lambda_bill, plus, times
from tests.fakes.time_and_chance import FakeClock
from wire.messages import MachineReport, Report

RIGS = 3
ITEM_OVERHEAD_BYTES = 100
"""What DynamoDB adds to each item's size for storage."""


class Sizes(NamedTuple):
    """Bytes of a closed block, an hour's and a day's rollup, as stored."""

    block: float
    hour: float
    day: float

    @property
    def grown_per_day(self) -> float:
        return 288 * self.block + 24 * self.hour + self.day

    def kept(self, days: tuple[float, float, float]) -> float:
        """Bytes in the long run, each kind kept for so many days."""
        return 288 * self.block * days[0] + 24 * self.hour * days[1] + self.day * days[2]


class Life(NamedTuple):
    """Per rig: the calls of one report on average over the day, and the day's bill."""

    reports: float
    calls: Counter[str]
    report: Bill
    day: Bill
    sizes: Sizes


@cache
def a_day(cadence: Cadence = USUAL, batch: int = 0, cards: int = 0) -> Life:
    """The last hour of a day and the first of the next are executed; 23 hours are like the former.

    A queue stands between where `batch` is not 0: so many messages the consumer gets at once. Each rig
    has so many `cards`.
    """
    with emulated():
        edition = Edition("life", FakeClock(MIDNIGHT), queued=batch > 0)
        farm = make_farm(edition.ports, RIGS, cards)
        _fill_day(edition, farm)
        edition.counter.take()
        usual = _hour(edition, farm, MIDNIGHT + 23 * HOUR_S, cadence, batch)
        midnight = _hour(edition, farm, MIDNIGHT + 24 * HOUR_S, cadence, batch)
    calls = Counter(
        {name: 23 * usual.calls[name] + midnight.calls[name] for name in usual.calls + midnight.calls}
    )
    bill = times(plus(times(usual.bill, 23), midnight.bill), 1 / RIGS)
    reports = 24 * HOUR_S / cadence.report_s
    per_report = Counter({name: count / RIGS / reports for name, count in calls.items()})
    return Life(
        reports,
        per_report,
        times(bill, 1 / reports),
        _with_lambda(bill, calls, reports, batch),
        _sizes(edition),
    )


def _with_lambda(bill: Bill, calls: Counter[str], reports: float, batch: int) -> Bill:
    """Every report comes by the HTTP API into a function; a queue is emptied by another one."""
    of_poller = {"sqs.ReceiveMessage", "sqs.DeleteMessageBatch"}
    ours = sum(count for name, count in calls.items() if name not in of_poller) / RIGS
    spent = cpu.measured()
    cpu_s = spent.own * reports + spent.per_call * ours
    invocations = reports * (1 + (1 / batch if batch else 0))
    return plus(bill, {"http_requests": reports}, lambda_bill(cpu_s, ours, invocations))


def _fill_day(edition: Edition, farm: Farm) -> None:
    """The hours of the day before the last one, as if they had come in time."""
    for rig in farm.rigs:
        for hour in range(23):
            begin = MIDNIGHT + hour * HOUR_S
            edition.clock.now = begin + HOUR_S + 30
            part = MachineReport(rig.machine, (rig.hour(begin),))
            report = Report(1, 0, edition.clock.now, USUAL.report_s, (part,))
            store_report(
                edition.consumer, Arrival(farm.farm, edition.clock.now, watched=False, report=report)
            )


def _hour(edition: Edition, farm: Farm, begin: float, cadence: Cadence, batch: int) -> Taken:
    for number in range(1, round(HOUR_S / cadence.report_s) + 1):
        edition.clock.now = begin + number * cadence.report_s
        for rig in farm.rigs:
            send(edition.caller, rig, rig.body(edition.clock.now, cadence))
        if batch:
            edition.drain(batch, least=batch)
    if batch:
        edition.drain(batch)
    return edition.counter.take()


def _sizes(edition: Edition) -> Sizes:
    """Blocks of five minutes only: those that filled the day are longer."""
    history = {(pk, sk): size for (pk, sk), size in edition.counter.sizes.items() if "#history#" in pk}
    blocks = [
        size for (_, sk), size in history.items() if sk.startswith("block#") and _ms(sk) >= 23 * HOUR_S * 1000
    ]
    hours = [size for (_, sk), size in history.items() if sk.startswith("hour#")]
    days = [size for (_, sk), size in history.items() if sk.startswith("day#")]
    means = (sum(sizes) / len(sizes) + ITEM_OVERHEAD_BYTES for sizes in (blocks, hours, days))
    return Sizes(*means)


def _ms(sk: str) -> int:
    return int(sk.partition("#")[2]) - MIDNIGHT * 1000
