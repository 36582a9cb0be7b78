"""Hours and days appear when they are over, and are whole whoever wrote them and whenever."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.domain import keys
from cloud.domain.records import Arrival
from cloud.ports import Ports, StoreUnavailable
from cloud.usecases.roll_up_history import folds_of
from cloud.usecases.store_report import close_open_block, keep_open_block, store_report
from tests.fakes.reports import block, report
from tests.fakes.world import Sentry, World
from tests.unit.cloud.usecases.life import HOUR, a_world, kept
from tests.unit.cloud.usecases.turns import interleave
from wire.messages import Block

DAY = HOUR - 8 * 3600
LONG_AGO = HOUR - 50 * 86_400
LOAD = "cpu_load_pct"


def arrival(
    sentry: Sentry, blocks: Sequence[Block], received_at: float, *, after: float | None = None
) -> Arrival:
    sent = report(sentry.machine, [], blocks=blocks, after=after)
    return Arrival(sentry.farm, received_at, False, sent)


def store(
    world: World,
    sentry: Sentry,
    blocks: Sequence[Block],
    received_at: float,
    *,
    after: float | None = None,
) -> None:
    world.clock.now = max(world.clock.now, received_at)
    store_report(world.ports, arrival(sentry, blocks, received_at, after=after))


def hours(world: World, sentry: Sentry) -> dict[int, float]:
    """Hour to number of samples of the load."""
    return _counts(world, sentry, keys.HOUR_PREFIX)


def days(world: World, sentry: Sentry) -> dict[int, float]:
    return _counts(world, sentry, keys.DAY_PREFIX)


def _counts(world: World, sentry: Sentry, prefix: str) -> dict[int, float]:
    return {
        found.from_at: sum(bucket[LOAD][0] for bucket in folds_of(found)[0].values())
        for found in world.rollups(sentry, prefix)
    }


def test_hour_appears_when_it_is_over(world: World, sentry: Sentry) -> None:
    store(world, sentry, [block([HOUR + 3300.0, HOUR + 3310.0])], HOUR + 3599)
    assert hours(world, sentry) == {}
    store(world, sentry, [block([HOUR + 3590.0, HOUR + 3600.0])], HOUR + 3601)
    assert hours(world, sentry) == {HOUR: 3}
    (rollup,) = world.rollups(sentry, keys.HOUR_PREFIX)
    assert folds_of(rollup)[0] == {HOUR + 3000: {LOAD: (3, 31 / 3)}}
    assert rollup.late == ()


def test_next_block_brings_the_hour_before_by_after(world: World, sentry: Sentry) -> None:
    store(world, sentry, [block([HOUR + 3300.0, HOUR + 3590.0])], HOUR + 3595)
    store(world, sentry, [block([HOUR + 3600.0])], HOUR + 3900, after=HOUR + 3590)
    assert hours(world, sentry) == {HOUR: 2}


def test_day_appears_when_it_is_over(world: World, sentry: Sentry) -> None:
    end = DAY + 86_400
    store(world, sentry, [block([HOUR + 10.0])], HOUR + 3700)
    store(world, sentry, [block([end - 4000.0])], end - 10)
    assert days(world, sentry) == {}
    store(world, sentry, [block([end - 20.0, end + 5.0])], end + 10)
    assert days(world, sentry) == {DAY: 3}
    (rollup,) = world.rollups(sentry, keys.DAY_PREFIX)
    assert folds_of(rollup)[0].keys() == {DAY + 8 * 3600, DAY + 22 * 3600, DAY + 23 * 3600}


def test_late_block_is_folded_into_its_hour_and_day_and_marked(world: World, sentry: Sentry) -> None:
    now = DAY + 2 * 86_400.0
    store(world, sentry, [block([HOUR + 100.0])], HOUR + 3600)
    store(world, sentry, [block([HOUR + 3700.0])], now, after=HOUR + 100)
    store(world, sentry, [block([HOUR + 700.0, HOUR + 710.0])], now)
    assert hours(world, sentry) == {HOUR: 3, HOUR + 3600: 1}
    assert days(world, sentry) == {DAY: 4}
    assert [rollup.late for rollup in world.rollups(sentry, keys.HOUR_PREFIX)] == [(0, 600), (0,)]
    assert [rollup.late for rollup in world.rollups(sentry, keys.DAY_PREFIX)] == [(8 * 3600, 9 * 3600)]


def test_block_delivered_late_by_a_queue_is_rolled_up_though_it_was_received_in_time(
    world: World, sentry: Sentry
) -> None:
    early = arrival(sentry, [block([HOUR + 3000.0])], HOUR + 3300)
    store(world, sentry, [block([HOUR + 3310.0])], HOUR + 3610)
    world.clock.now = HOUR + 4000
    store_report(world.ports, early)
    assert hours(world, sentry) == {HOUR: 2}


def test_partial_hour_before_a_long_silence(world: World, sentry: Sentry) -> None:
    store(world, sentry, [block([HOUR + 100.0, HOUR + 110.0])], HOUR + 120)
    back = HOUR + 3 * 86_400.0
    store(world, sentry, [block([back])], back + 10, after=HOUR + 110)
    assert hours(world, sentry) == {HOUR: 2}
    assert days(world, sentry) == {DAY: 2}


def test_partial_hour_before_a_restart_whose_agent_remembers_nothing(world: World, sentry: Sentry) -> None:
    store(world, sentry, [block([HOUR + 100.0, HOUR + 110.0])], HOUR + 120)
    sent = report(sentry.machine, [HOUR + 120.0])
    store_report(world.ports, Arrival(sentry.farm, HOUR + 121, False, sent))
    back = world.clock.now = HOUR + 3 * 86_400.0
    close_open_block(world.ports, sentry.farm, sentry.machine, 2)
    store(world, sentry, [block([back])], back + 10)
    assert hours(world, sentry) == {HOUR: 3}
    assert days(world, sentry) == {DAY: 3}


def test_hour_before_a_restart_at_its_very_end_whose_agent_remembers_nothing(
    world: World, sentry: Sentry
) -> None:
    sent = report(sentry.machine, [HOUR + 3580.0], blocks=[block([HOUR + 100.0])])
    world.clock.now = HOUR + 3590
    store_report(world.ports, Arrival(sentry.farm, HOUR + 3590, False, sent))
    close_open_block(world.ports, sentry.farm, sentry.machine, 2)
    store(world, sentry, [block([HOUR + 3605.0])], HOUR + 3910)
    store(world, sentry, [block([HOUR + 7300.0])], HOUR + 7700, after=HOUR + 3605)
    assert hours(world, sentry) == {HOUR: 2, HOUR + 3600: 1}


def test_block_longer_than_an_hour_is_in_each_hour_that_it_touches(world: World, sentry: Sentry) -> None:
    times = [HOUR + 3000.0 + 60 * n for n in range(150)]
    store(world, sentry, [block(times)], HOUR + 5 * 3600)
    assert hours(world, sentry) == {HOUR: 10, HOUR + 3600: 60, HOUR + 7200: 60, HOUR + 10_800: 20}


def test_hours_without_a_sample_cost_nothing(world: World, sentry: Sentry) -> None:
    """However far apart the samples of a block are."""
    now = DAY + 3 * 86_400.0
    world.store.calls.clear()
    store(world, sentry, [block([LONG_AGO + 10.0, HOUR + 10.0])], now)
    assert hours(world, sentry) == {LONG_AGO: 1, HOUR: 1}
    assert days(world, sentry) == {LONG_AGO - 8 * 3600: 1, DAY: 1}
    assert len(world.store.calls) < 25


def test_earlier_arrival_takes_the_mark_of_lateness_away(world: World, sentry: Sentry) -> None:
    """An answer was lost, the block came again much later, and the queue gave the second one first."""
    closed = block([HOUR + 100.0])
    world.clock.now = HOUR + 9000
    for received_at in (HOUR + 8000, HOUR + 130):
        store(world, sentry, [closed], received_at)
    assert [rollup.late for rollup in world.rollups(sentry, keys.HOUR_PREFIX)] == [()]


def _silent(world: World, sentry: Sentry) -> None:
    keep_open_block(world.ports, sentry.farm, world.latest(sentry), unfinished=True)


def _open(world: World, sentry: Sentry, times: list[float], sequence: int) -> None:
    world.clock.now = max(world.clock.now, times[-1] + 1)
    sent = report(sentry.machine, times, sequence=sequence)
    store_report(world.ports, Arrival(sentry.farm, world.clock.now, False, sent))


def test_unfinished_hour_and_day_of_a_machine_that_fell_silent_are_marked(
    world: World, sentry: Sentry
) -> None:
    store(world, sentry, [block([HOUR + 100.0])], HOUR + 120)
    _open(world, sentry, [HOUR + 200.0, HOUR + 210.0], 2)
    _silent(world, sentry)
    assert (hours(world, sentry), days(world, sentry)) == ({HOUR: 3}, {DAY: 3})
    found = [*world.rollups(sentry, keys.HOUR_PREFIX), *world.rollups(sentry, keys.DAY_PREFIX)]
    assert [rollup.partial for rollup in found] == [True, True]


def test_hours_without_a_sample_cost_nothing_when_a_machine_fell_silent(world: World, sentry: Sentry) -> None:
    """Between the two samples of the block under way, or between it and what came late."""
    _open(world, sentry, [LONG_AGO + 10.0, HOUR + 10.0], 1)
    store(world, sentry, [block([HOUR + 7300.0])], HOUR + 7310, after=HOUR + 10.0)
    world.store.calls.clear()
    _silent(world, sentry)
    assert hours(world, sentry) == {LONG_AGO: 1, HOUR: 1, HOUR + 7200: 1}
    assert days(world, sentry) == {LONG_AGO - 8 * 3600: 1, DAY: 2}
    assert len(world.store.calls) < 30


def test_every_hour_since_the_block_under_way_is_made_when_a_machine_fell_silent(
    world: World, sentry: Sentry
) -> None:
    """Whoever stored the late blocks may have died before it rolled them up."""
    _open(world, sentry, [HOUR + 10.0], 1)
    for start in (HOUR + 3700.0, HOUR + 7300.0, HOUR + 10_900.0):
        world.store.failures = [None, StoreUnavailable("it died here")]
        with suppress(StoreUnavailable):
            store(world, sentry, [block([start])], HOUR + 14_000)
    assert hours(world, sentry) == {}
    _silent(world, sentry)
    assert hours(world, sentry) == dict.fromkeys(range(HOUR, HOUR + 4 * 3600, 3600), 1)


def test_finished_ones_are_not(world: World, sentry: Sentry) -> None:
    _open(world, sentry, [HOUR + 200.0], 1)
    world.clock.now = DAY + 90_000
    _silent(world, sentry)
    found = [*world.rollups(sentry, keys.HOUR_PREFIX), *world.rollups(sentry, keys.DAY_PREFIX)]
    assert [rollup.partial for rollup in found] == [False, False]


def test_the_next_block_finishes_what_was_marked_though_nothing_came_since(
    world: World, sentry: Sentry
) -> None:
    _open(world, sentry, [HOUR + 200.0], 1)
    _silent(world, sentry)
    back = DAY + 100_000.0
    store(world, sentry, [block([back])], back + 10, after=HOUR + 200)
    found = [*world.rollups(sentry, keys.HOUR_PREFIX), *world.rollups(sentry, keys.DAY_PREFIX)]
    assert [rollup.partial for rollup in found] == [False, False]
    assert (hours(world, sentry), days(world, sentry)) == ({HOUR: 1}, {DAY: 1})


def test_a_finished_rollup_never_becomes_an_unfinished_one(world: World, sentry: Sentry) -> None:
    _open(world, sentry, [HOUR + 200.0], 1)
    world.clock.now = HOUR + 4000
    _silent(world, sentry)
    before = kept(world, "rollup")
    world.clock.now = HOUR + 300  # another function's clock
    _silent(world, sentry)
    assert kept(world, "rollup") == before


def test_the_mark_costs_a_lateness_no_place(world: World, sentry: Sentry) -> None:
    """A day has 24 buckets that may have come late; each of them counts in the order of rollups."""
    late = [block([DAY + 3600.0 * hour + 10]) for hour in range(24)]
    store(world, sentry, late, DAY + 90_000)
    for hour in range(24):
        store(world, sentry, [late[hour]], DAY + 3600.0 * hour + 20)
    (day,) = world.rollups(sentry, keys.DAY_PREFIX)
    assert (day.late, day.partial) == ((), False)


def test_rollups_expire_long_after_their_blocks(world: World, sentry: Sentry) -> None:
    store(world, sentry, [block([HOUR + 100.0])], DAY + 2 * 86_400)
    policy, items = world.ports.policy, world.store.items
    hour = items[keys.rollup(sentry.farm, sentry.machine, keys.HOUR_PREFIX, HOUR)]
    day = items[keys.rollup(sentry.farm, sentry.machine, keys.DAY_PREFIX, DAY)]
    assert (hour.revision, day.revision) >= (1, 1)
    assert hour.expires_at is not None
    assert hour.expires_at >= HOUR + 3600 + policy.hours_kept_s
    assert day.expires_at is not None
    assert day.expires_at >= DAY + 86_400 + policy.days_kept_s


def test_blocks_in_which_nothing_was_read_make_no_rollup(world: World, sentry: Sentry) -> None:
    nothing = block([HOUR + 100.0], {"cpu_load_pct": [None]})
    store(world, sentry, [nothing], DAY + 2 * 86_400)
    assert (hours(world, sentry), days(world, sentry)) == ({}, {})


BLOCKS = [block([HOUR + first + 10.0 * n for n in range(6)]) for first in (0, 100, 3550, 3700)]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_any_order_of_blocks_leaves_the_same_rollups(order: tuple[int, ...]) -> None:
    stores = []
    for turn in (order, range(4)):
        world, sentry = a_world()
        for number in turn:
            store(world, sentry, [BLOCKS[number]], DAY + 90_000)
        stores.append(kept(world))
    assert stores[0] == stores[1]


def _store(mine: Arrival, ports: Ports) -> None:
    store_report(ports, mine)


@settings(max_examples=60, deadline=None)
@given(
    turns=st.lists(st.integers(0, 2), max_size=40),
    order=st.permutations(range(3)),
    which=st.permutations(BLOCKS),
)
def test_consumers_interleaved_in_any_way_leave_the_full_rollups(
    turns: list[int], order: list[int], which: list[Block]
) -> None:
    world, sentry = a_world()
    world.clock.now = DAY + 90_000.0
    arrivals = [arrival(sentry, [part], world.clock.now) for part in which]
    store_report(world.ports, arrivals[3])
    jobs = [partial(_store, mine) for mine in arrivals[:3]]
    interleave(world, jobs, turns, order)
    alone, _ = a_world()
    alone.clock.now = world.clock.now
    for mine in arrivals:
        store_report(alone.ports, mine)
    assert kept(world) == kept(alone)
