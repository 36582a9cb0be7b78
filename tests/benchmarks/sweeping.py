"""The sweep of each minute over a farm in which nothing happens, on moto: what it adds to the bill."""

from __future__ import annotations

from functools import cache

from cloud.usecases.keep_beat import keep_beat
from cloud.usecases.sweep_farms import sweep_farms
from tests.benchmarks.aws import Edition, emulated
from tests.benchmarks.fleet import HOUR_S, MIDNIGHT, make_farm, send
from tests.benchmarks.prices import Bill, lambda_bill, plus, times
from tests.fakes.time_and_chance import FakeClock

MACHINES = 100
SWEEPS_A_DAY = 24 * 60
CPU_S_A_MACHINE = 0.0003
"""To read one machine's latest figures and its record; from `cpu.own.*` and PynamoDB's share, rounded up."""


def a_day(rigs: int) -> Bill:
    """Of a whole farm: what 100 machines cost, for each machine."""
    taken = times(_sweep(), rigs / MACHINES)
    return times(plus(taken, lambda_bill(CPU_S_A_MACHINE * rigs, 3 + 2 * rigs / MACHINES)), SWEEPS_A_DAY)


@cache
def _sweep() -> Bill:
    with emulated():
        edition = Edition("swept", FakeClock(MIDNIGHT + 12 * HOUR_S))
        farm = make_farm(edition.ports, MACHINES)
        for rig in farm.rigs:
            send(edition.caller, rig, rig.body(edition.clock.now))
        sweep_farms(edition.ports)
        edition.counter.take()
        keep_beat(edition.ports)
        sweep_farms(edition.ports)
        return edition.counter.take().bill
