"""What a machine told before it fell silent stays in its charts, each sample once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.domain import keys
from cloud.domain.policy import DAY_S
from cloud.domain.records import Arrival, Silence, Standing
from cloud.ports import Ports, StoreUnavailable
from cloud.usecases.change_machine import change_machine
from cloud.usecases.complete_history import MACHINES_A_ROUND, complete_history
from cloud.usecases.note_silence import note_silence, standings
from cloud.usecases.show_history import SPANS
from cloud.usecases.store_report import store_report
from tests.fakes.reports import block, report
from tests.fakes.world import ALL, Farm, Sentry, World
from tests.unit.cloud.usecases.charts import show
from tests.unit.cloud.usecases.life import HOUR, a_world, kept
from tests.unit.cloud.usecases.turns import interleave
from wire.live import MachineChange, ParkedFor, Parking

HOUR_S = 3600
LOAD = "cpu_load_pct"


def chart(world: World, sentry: Sentry, span: str) -> dict[float, float | None]:
    """The load by time."""
    shown = show(world, sentry, span)
    return dict(zip(shown.at, shown.values.get(LOAD, []), strict=True))


def tell(
    world: World, sentry: Sentry, blocks: list[list[float]], under_way: list[float], number: int
) -> None:
    """A report at the time of its last sample; the loads are those of the tenth second of the time."""
    at = under_way or blocks[-1]
    world.clock.now = max(world.clock.now, at[-1] + 1)
    closed = [block(times, {LOAD: loads(times)}) for times in blocks]
    series = {LOAD: loads(under_way)}
    world.report(sentry, report(sentry.machine, under_way, series, blocks=closed, sequence=number))


def loads(times: list[float]) -> list[float | None]:
    return [(at / 10) % 100 for at in times]


def mean(times: list[float]) -> float:
    return sum((at / 10) % 100 for at in times) / len(times)


def every_ten(first: float, last: float) -> list[float]:
    return [first + 10.0 * number for number in range(int((last - first) / 10) + 1)]


CLOSED = [every_ten(HOUR + 600, HOUR + 890), every_ten(HOUR + 900, HOUR + 1190)]
OPEN = every_ten(HOUR + 1200, HOUR + 1250)
TOLD = [*CLOSED[0], *CLOSED[1], *OPEN]


def fall_silent(world: World, sentry: Sentry) -> None:
    """Twenty minutes past eight, in the middle of an hour and of a day, with earlier hours before it."""
    tell(world, sentry, [every_ten(HOUR - 300, HOUR - 10)], every_ten(HOUR, HOUR + 20), 1)
    tell(world, sentry, [every_ten(HOUR, HOUR + 290)], every_ten(HOUR + 600, HOUR + 650), 2)
    tell(world, sentry, CLOSED, OPEN, 3)


LAST_HOUR = [*every_ten(HOUR, HOUR + 290), *TOLD]
FOREVER = [*every_ten(HOUR - 300, HOUR - 10), *LAST_HOUR]


@pytest.mark.parametrize("after_s", [200, HOUR_S, 2 * DAY_S])
def test_the_last_hour_of_a_machine_that_never_returns_outlives_its_samples(
    world: World, sentry: Sentry, after_s: float
) -> None:
    """Whenever the sweep came by: in that hour, in that day, or long after (the commander was down)."""
    fall_silent(world, sentry)
    world.clock.advance(after_s)
    world.sweep()
    world.clock.now = HOUR + 9 * DAY_S
    assert chart(world, sentry, "30d") == {
        HOUR - HOUR_S: pytest.approx(mean(every_ten(HOUR - 300, HOUR - 10))),
        HOUR: pytest.approx(mean(LAST_HOUR)),
    }


@pytest.mark.parametrize("after_s", [200, HOUR_S, 2 * DAY_S])
def test_the_last_day_of_a_machine_that_never_returns_outlives_its_hours(
    world: World, sentry: Sentry, after_s: float
) -> None:
    fall_silent(world, sentry)
    world.clock.advance(after_s)
    world.sweep()
    world.clock.now = HOUR + 110 * DAY_S
    assert chart(world, sentry, "1y") == {HOUR - 8 * HOUR_S: pytest.approx(mean(FOREVER))}


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("later_s", [200, HOUR_S, DAY_S, 6 * DAY_S, 9 * DAY_S, 29 * DAY_S, 110 * DAY_S])
def test_a_sweep_never_takes_anything_from_a_chart(span: str, later_s: float) -> None:
    shown = []
    for swept in (False, True):
        world, sentry = a_world()
        fall_silent(world, sentry)
        world.clock.advance(200)
        if swept:
            world.sweep()
        world.clock.now = HOUR + 1260 + later_s
        shown.append(chart(world, sentry, span))
    alone, swept_too = shown
    assert set(alone) <= set(swept_too)
    if later_s < 7 * DAY_S:
        assert swept_too == pytest.approx(alone)


def test_a_parked_machine_that_was_sold_keeps_its_last_hour_too(world: World, sentry: Sentry) -> None:
    change = MachineChange(parked=Parking(ParkedFor.SOLD))
    change_machine(world.ports, sentry.farm, sentry.machine, change, ALL)
    fall_silent(world, sentry)
    world.clock.advance(200)
    world.sweep()
    world.clock.now = HOUR + 9 * DAY_S
    assert chart(world, sentry, "30d")[HOUR] == pytest.approx(mean(LAST_HOUR))


def test_back_within_the_hour_at_the_very_border_of_the_next(world: World, sentry: Sentry) -> None:
    """Its last block of the hour arrives just before the hour is over, and the next begins the new one."""
    fall_silent(world, sentry)
    world.clock.advance(200)
    world.sweep()
    back = every_ten(HOUR + 3000, HOUR + 3590)
    tell(world, sentry, [[*OPEN], back[:30], back[30:]], [], 4)
    assert world.clock.now < HOUR + HOUR_S
    following = every_ten(HOUR + 3600, HOUR + 3890)
    tell(world, sentry, [], following[:6], 5)
    for span in ("24h", "7d", "30d"):
        ten_minutes = chart(world, sentry, span)
        last_hour = [value for at, value in ten_minutes.items() if HOUR <= at < HOUR + HOUR_S]
        assert len(last_hour) == (1 if span == "30d" else 4)
    tell(world, sentry, [following], every_ten(HOUR + 3900, HOUR + 3950), 6)
    everything = [*LAST_HOUR, *back]
    assert chart(world, sentry, "30d")[HOUR] == pytest.approx(mean(everything))
    world.clock.now = HOUR + 9 * DAY_S
    assert chart(world, sentry, "30d")[HOUR] == pytest.approx(mean(everything))


def test_its_own_fuller_block_takes_the_place_of_the_one_kept_for_it(world: World, sentry: Sentry) -> None:
    fall_silent(world, sentry)
    world.clock.advance(200)
    world.sweep()
    assert world.blocks(sentry)[-1].at == tuple(OPEN)
    longer = [*OPEN, *every_ten(HOUR + 1500, HOUR + 1730)]
    tell(world, sentry, [longer], every_ten(HOUR + 1740, HOUR + 1750), 4)
    assert world.blocks(sentry)[-1].at == tuple(longer)


def test_a_block_that_came_after_the_newest_state_counts_too(world: World, sentry: Sentry) -> None:
    """As the last of a backlog, which goes between the reports of the newest state, into a new hour."""
    before, last = every_ten(HOUR + 3300, HOUR + 3540), every_ten(HOUR + 3300, HOUR + 3620)
    tell(world, sentry, [], before, 1)
    tell(world, sentry, [last], [], 2)
    world.clock.advance(200)
    world.sweep()
    world.clock.now = HOUR + 9 * DAY_S
    assert chart(world, sentry, "30d") == {
        HOUR: pytest.approx(mean(last[:30])),
        HOUR + HOUR_S: pytest.approx(mean(last[30:])),
    }


def test_what_came_late_is_marked_though_its_samples_expired(world: World, sentry: Sentry) -> None:
    world.clock.now = HOUR + 3000
    late, prompt = every_ten(HOUR + 300, HOUR + 310), every_ten(HOUR + 2900, HOUR + 2910)
    tell(world, sentry, [late, prompt], every_ten(HOUR + 2950, HOUR + 2990), 1)
    world.clock.advance(200)
    world.sweep()
    world.clock.now = HOUR + 9 * DAY_S
    assert show(world, sentry, "30d").late == [HOUR]
    world.clock.now = HOUR + 120 * DAY_S
    assert show(world, sentry, "1y").late == [HOUR - 8 * HOUR_S]


def silence_of(world: World, sentry: Sentry) -> Silence | None:
    item = world.store.items.get(keys.standing(sentry.farm, sentry.machine))
    return item.read(Standing).silent.get(sentry.machine) if item else None


def test_it_is_done_once_whatever_number_of_sweeps(world: World, sentry: Sentry) -> None:
    fall_silent(world, sentry)
    world.clock.advance(200)
    world.sweep()
    noted = silence_of(world, sentry)
    assert noted is not None
    assert noted.complete is True
    once, written = dict(world.store.items), world.store.verbs.count("write")
    for _ in range(5):
        world.clock.advance(DAY_S)
        world.sweep()
    assert world.store.items == once
    assert world.store.verbs.count("write") == written


def test_done_again_when_the_machine_falls_silent_again(world: World, sentry: Sentry) -> None:
    fall_silent(world, sentry)
    world.clock.advance(200)
    world.sweep()
    back = every_ten(HOUR + 1800, HOUR + 1850)
    tell(world, sentry, [OPEN], back, 4)
    world.clock.advance(200)
    world.sweep()  # it was back and is gone again since the last sweep
    world.clock.now = HOUR + 9 * DAY_S
    assert chart(world, sentry, "30d")[HOUR] == pytest.approx(mean([*LAST_HOUR, *back]))


def test_a_machine_that_reports_while_it_is_completed_loses_nothing(world: World, sentry: Sentry) -> None:
    for step in range(8):
        before, _ = a_world()
        world = before
        fall_silent(world, sentry)
        world.clock.advance(200)
        note_silence(world.ports, sentry.farm)
        back = every_ten(HOUR + 1500, HOUR + 1530)

        def meanwhile(here: World = world, times: list[float] = back) -> None:
            tell(here, sentry, [OPEN], times, 4)

        world.store.interruptions = [*[lambda: None] * step, meanwhile]
        complete_history(world.ports, sentry.farm)
        for interruption in [*world.store.interruptions]:
            world.store.interruptions = []
            interruption()
        world.clock.advance(200)
        world.sweep()
        world.clock.now = HOUR + 9 * DAY_S
        assert chart(world, sentry, "30d")[HOUR] == pytest.approx(mean([*LAST_HOUR, *back]))


def test_dying_between_any_two_calls_of_the_store_it_is_done_the_next_time() -> None:
    whole, _ = a_world()
    calls = _completed(whole, deaths=[])
    for death in range(1, calls + 1):
        world, _ = a_world()
        _completed(world, deaths=[death])
        assert kept(world) == kept(whole)
    world, _ = a_world()
    _completed(world, deaths=[*range(1, calls + 1)])
    assert kept(world) == kept(whole)


def _completed(world: World, deaths: list[int]) -> int:
    """Completes two machines of a farm; gives how many calls that took when it was not interrupted."""
    farm = Farm("farm_000001", "", "")
    sentries = [Sentry(farm.farm, "agent_000004", "machine_000003", "")]
    sentries[0] = sentries[0]._replace(token=f"{farm.farm}.agent_000004.{5:043d}")
    sentries.append(world.sentry(farm, "rig-2"))
    for sentry in sentries:
        fall_silent(world, sentry)
    world.clock.advance(200)
    note_silence(world.ports, farm.farm)
    for death in deaths:
        world.store.failures = [*[None] * (death - 1), StoreUnavailable("busy")]
        with suppress(StoreUnavailable):
            complete_history(world.ports, farm.farm)
        world.store.failures = []
    world.store.calls.clear()
    complete_history(world.ports, farm.farm)
    return len(world.store.calls)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 2), max_size=60), st.permutations(range(3)))
def test_sweeps_at_once_and_a_report_between_them_leave_the_same_store(
    turns: list[int], order: list[int]
) -> None:
    stores = []
    for at_once in (True, False):
        world, sentry = a_world()
        fall_silent(world, sentry)
        other = world.sentry(Farm(sentry.farm, "", ""), "rig-2")
        tell(world, other, [], OPEN, 1)
        world.clock.advance(200)
        note_silence(world.ports, sentry.farm)
        back = report(other.machine, [*OPEN, HOUR + 1500], sequence=2)
        jobs: list[Callable[[Ports], None]] = [_complete, _complete]
        jobs += [partial(_store, Arrival(sentry.farm, world.clock.now, False, back, 60))]
        if at_once:
            interleave(world, jobs, turns, order)
        else:
            for job in jobs:
                job(world.ports)
        for _ in range(2):
            world.sweep()
            world.clock.advance(1000)
        stores.append(kept(world, "rollup", "closedblock", "latest"))
    assert stores[0] == stores[1]


def _complete(ports: Ports) -> None:
    complete_history(ports, "farm_000001")


def _store(arrival: Arrival, ports: Ports) -> None:
    store_report(ports, arrival)


def test_a_mass_outage_is_completed_over_several_rounds(world: World, farm: Farm) -> None:
    sentries = [world.sentry(farm, f"rig-{number}") for number in range(2 * MACHINES_A_ROUND + 100)]
    world.clock.now = HOUR
    for sentry in sentries:
        sent = report(sentry.machine, [HOUR - 10.0])
        store_report(world.ports, Arrival(farm.farm, HOUR, False, sent, 60))
    world.clock.advance(200)
    done = []
    for _ in range(4):
        world.sweep()
        found = standings(world.ports, farm.farm).values()
        done.append(
            sum(silence.complete for item in found for silence in item.read(Standing).silent.values())
        )
    assert done == [MACHINES_A_ROUND, 2 * MACHINES_A_ROUND, len(sentries), len(sentries)]
    assert sum(item.kind == "closedblock" for item in world.store.items.values()) == len(sentries)


def test_a_machine_whose_figures_are_gone_holds_up_nobody(world: World, farm: Farm, sentry: Sentry) -> None:
    fall_silent(world, sentry)
    world.clock.advance(200)
    note_silence(world.ports, farm.farm)
    del world.store.items[keys.latest(farm.farm, sentry.machine)]
    complete_history(world.ports, farm.farm)
    noted = silence_of(world, sentry)
    assert noted is not None
    assert noted.complete is True


@pytest.mark.parametrize("span", SPANS)
def test_a_chart_of_a_machine_that_is_off_each_night_reads_few_items(span: str) -> None:
    """Each evening's rollup of an unfinished hour and day is finished in the morning."""
    world, sentry = a_world()
    for day in range(60):
        for number in range(3):
            at = world.clock.now = HOUR + day * DAY_S + 300 * number + 100
            blocks = [block([at - 90.0, at - 80.0])]
            sent = report(sentry.machine, [at], blocks=blocks, sequence=3 * day + number)
            store_report(world.ports, Arrival(sentry.farm, at, False, sent))
        for _ in range(3):
            world.clock.advance(400)
            world.sweep()
    rollups = [*world.rollups(sentry, keys.HOUR_PREFIX), *world.rollups(sentry, keys.DAY_PREFIX)]
    assert sum(rollup.partial for rollup in rollups) == 2
    world.store.items_read = 0
    assert show(world, sentry, span).at != []
    assert world.store.items_read <= 100
