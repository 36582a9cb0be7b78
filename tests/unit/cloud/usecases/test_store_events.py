"""What rigs tell of is listed once, in the order of times that can be true."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.domain import keys
from cloud.domain.records import Arrival
from cloud.ports import StoreUnavailable
from cloud.usecases.store_events import AHEAD_MAX_S, EARLIEST_AT
from cloud.usecases.store_report import store_report
from tests.fakes.reports import NOW
from tests.fakes.world import Farm, Sentry, World
from tests.unit.cloud.usecases.life import kept
from tests.unit.cloud.usecases.news import event, news
from wire.live import MachineEvent
from wire.messages import EventLevel, RigEvent


def shown(sentry: Sentry, told: RigEvent, at: float | None = None) -> MachineEvent:
    when = told.at if at is None else at
    rest = (told.reason, told.level, told.program, told.subject, told.over)
    return MachineEvent(when, sentry.machine, None, told.kind, *rest)


def listed(world: World, sentry: Sentry) -> list[MachineEvent]:
    """Oldest first; both lists are the same."""
    of_farm = world.events(sentry.farm)
    assert of_farm == world.events(sentry.farm, sentry.machine)
    return of_farm


def test_an_event_is_listed_as_it_was_told(world: World, sentry: Sentry) -> None:
    told = event(7, NOW - 5, "gpu_gone", level=EventLevel.CRITICAL, program="p", subject="gpu-1", over=True)
    world.report(sentry, news(sentry.machine, events=[told]))
    assert listed(world, sentry) == [shown(sentry, told)]


def test_told_again_it_is_listed_once(world: World, sentry: Sentry) -> None:
    first, second, third = (event(number, NOW + number) for number in (1, 2, 3))
    world.report(sentry, news(sentry.machine, 1, events=[first, second]))
    world.clock.advance(60)
    world.report(sentry, news(sentry.machine, 2, events=[first, second, third]))
    assert listed(world, sentry) == [shown(sentry, told) for told in (first, second, third)]


@pytest.mark.parametrize("at", [0, 42.5, EARLIEST_AT - 0.001, NOW + AHEAD_MAX_S + 0.001, NOW + 7200, 1e11])
def test_a_time_that_cannot_be_true_is_that_of_the_first_arrival(
    world: World, sentry: Sentry, at: float
) -> None:
    told = event(1, at)
    world.report(sentry, news(sentry.machine, 1, events=[told]))
    for sequence in (2, 3):
        world.clock.advance(5000)  # by then two hours ahead could be true
        world.report(sentry, news(sentry.machine, sequence, events=[told]))
    assert listed(world, sentry) == [shown(sentry, told, NOW)]


@pytest.mark.parametrize("at", [EARLIEST_AT, NOW - 30 * 86_400, NOW + AHEAD_MAX_S])
def test_a_time_that_can_be_true_stands(world: World, sentry: Sentry, at: float) -> None:
    world.report(sentry, news(sentry.machine, events=[event(1, at)]))
    expected = [] if at == EARLIEST_AT else [at]  # older than events are kept
    assert [told.at for told in listed(world, sentry)] == expected


def test_events_of_one_moment_stay_in_the_order_of_their_numbers(world: World, sentry: Sentry) -> None:
    told = [event(number, 5.0) for number in (9, 10, 11, 2**53 - 1)]
    world.report(sentry, news(sentry.machine, events=told))
    assert [each.reason for each in listed(world, sentry)] == [each.reason for each in told]


def test_two_machines_events_of_one_number_and_time_are_two(world: World, farm: Farm) -> None:
    for name in ("a", "b"):
        sentry = world.sentry(farm, name)
        world.report(sentry, news(sentry.machine, events=[event(1)]))
    assert len(world.events(farm.farm)) == 2


def test_beside_a_change_of_state_at_the_same_moment_nothing_is_lost(world: World, sentry: Sentry) -> None:
    world.report(sentry, news(sentry.machine, at=NOW))
    world.clock.advance(1000)
    world.sweep()
    (offline,) = listed(world, sentry)
    world.report(sentry, news(sentry.machine, 2, events=[event(1, offline.at)]))
    for machine in (None, sentry.machine):
        found = world.events(sentry.farm, machine)
        assert {each.state or each.kind for each in found} == {"offline", "started"}


def test_a_hundred_events_of_which_some_are_kept_already(world: World, sentry: Sentry) -> None:
    told = [event(number, NOW - 200 + number) for number in range(1, 101)]
    world.report(sentry, news(sentry.machine, 1, events=told[40:42]))
    world.report(sentry, news(sentry.machine, 2, events=told))
    assert listed(world, sentry) == [shown(sentry, each) for each in told]


def test_a_usual_report_costs_nothing_for_it(world: World, sentry: Sentry) -> None:
    world.report(sentry, news(sentry.machine, 1))
    principal = world.principal(sentry)
    world.store.calls.clear()
    store_report(world.ports, Arrival(principal.farm, NOW, False, news(sentry.machine, 2)))
    assert world.store.verbs == ["write"]


def test_new_events_are_one_commit_before_the_state_that_pages_hear_of(world: World, sentry: Sentry) -> None:
    sent = news(sentry.machine, events=[event(number) for number in range(1, 34)])
    world.store.calls.clear()
    store_report(world.ports, Arrival(sentry.farm, NOW, True, sent))
    assert world.store.verbs == ["commit", "write"]


def test_they_expire_with_their_mark(world: World, sentry: Sentry) -> None:
    world.report(sentry, news(sentry.machine, events=[event(1), event(2, 5.0)]))
    kinds = ("event", "toldevent")
    assert {row[3] for row in kept(world, *kinds).values()} == {int(NOW) + 90 * 86_400}
    assert len(kept(world, *kinds)) == 6


TIMES = st.sampled_from([0.0, NOW - 50, NOW - 50, NOW + 30, NOW + 9000])


@settings(max_examples=60, deadline=None)
@given(st.lists(TIMES, min_size=1, max_size=5), st.data())
def test_any_order_of_reports_any_repeats_and_deaths_list_each_event_once(
    times: list[float], data: st.DataObject
) -> None:
    world = World()
    sentry = world.sentry(world.farm())
    told = [event(number, at) for number, at in enumerate(times, 1)]
    cuts = data.draw(st.lists(st.integers(1, len(told)), min_size=1, max_size=4))
    sent = [news(sentry.machine, n, events=told[:cut]) for n, cut in enumerate([*cuts, len(told)], 1)]
    arrivals = [Arrival(sentry.farm, NOW + n, False, each) for n, each in enumerate(sent)]
    for arrival in data.draw(st.permutations([*arrivals, *arrivals])):
        death = data.draw(st.integers(0, 3))
        world.store.failures = [*[None] * (death - 1), StoreUnavailable("busy")] if death else []
        try:
            store_report(world.ports, arrival)
        except StoreUnavailable:
            world.store.failures = []
            store_report(world.ports, arrival)
        world.store.failures = []
    found = listed(world, sentry)
    assert sorted(each.reason for each in found) == [each.reason for each in told]
    assert [each.at for each in found] == sorted(each.at for each in found)
    assert all(NOW - 50 <= each.at <= NOW + len(sent) + AHEAD_MAX_S for each in found)


def test_in_any_order_the_store_is_the_same_where_times_can_be_true() -> None:
    stores = []
    for order in permutations(range(3)):
        world = World()
        sentry = world.sentry(world.farm())
        told = [event(number, NOW - 100 + number) for number in (1, 2, 3)]
        sent = [news(sentry.machine, n + 1, events=told[: n + 1]) for n in range(3)]
        for n in order:
            store_report(world.ports, Arrival(sentry.farm, NOW + n, False, sent[n]))
        stores.append(kept(world, "event", "toldevent"))
    assert all(store == stores[0] for store in stores)
    assert len(stores[0]) == 9


def test_all_of_it_lies_in_the_farm(world: World, sentry: Sentry) -> None:
    world.report(sentry, news(sentry.machine, events=[event(1)]))
    assert {keys.farm_of(key.pk) for key in kept(world, "event", "toldevent")} == {sentry.farm}
