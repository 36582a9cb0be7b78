"""Samples of a span: in order, each time once, with what began before the span."""

from __future__ import annotations

import random

import pytest

from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.show_history import show_history
from tests.fakes.reports import NOW, report
from tests.fakes.world import Sentry, World
from wire.faults import Fault
from wire.live import History

HOUR_S = 3600


def _history(world: World, sentry: Sentry, span_s: float = HOUR_S) -> History:
    return show_history(world.ports, sentry.farm, sentry.machine, span_s)


def test_machine_that_never_reported(world: World, sentry: Sentry) -> None:
    assert _history(world, sentry) == History(NOW, NOW - HOUR_S, NOW, 150, [], {})


def test_samples_stand_by_time_with_gaps_where_a_metric_was_not_read(world: World, sentry: Sentry) -> None:
    loads = report(sentry.machine, [NOW - 40, NOW - 30], {"cpu_load_pct": [1.0, None]}, sequence=1)
    uptimes = report(sentry.machine, [NOW - 20], {"uptime_s": [5.0]}, sequence=2)
    world.report(sentry, uptimes)
    world.report(sentry, loads)
    history = _history(world, sentry)
    assert history.at == [NOW - 40, NOW - 30, NOW - 20]
    assert history.values == {"cpu_load_pct": [1.0, None, None], "uptime_s": [None, None, 5.0]}


def test_reports_of_any_order_are_read_in_order(world: World, sentry: Sentry) -> None:
    starts = list(range(0, HOUR_S, 60))
    random.Random(3).shuffle(starts)  # noqa: S311 - an order, not a secret
    for sequence, start in enumerate(starts):
        times = [NOW - start - 20, NOW - start - 10, NOW - start]
        world.report(sentry, report(sentry.machine, times, sequence=sequence))
    at = _history(world, sentry).at
    assert at == sorted(at)
    assert len(at) == 180


def test_item_that_began_before_the_span_gives_its_later_samples(world: World, sentry: Sentry) -> None:
    times = [NOW - HOUR_S - 20, NOW - HOUR_S - 10, NOW - HOUR_S, NOW - HOUR_S + 10]
    world.report(sentry, report(sentry.machine, times))
    history = _history(world, sentry)
    assert history.at == [NOW - HOUR_S, NOW - HOUR_S + 10]
    assert history.values == {"cpu_load_pct": [12.0, 13.0]}


def test_what_ended_before_the_span_is_left_out(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, [NOW - HOUR_S - 20, NOW - HOUR_S - 10]))
    assert _history(world, sentry).at == []


def test_overlapping_items_give_each_time_once(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, [NOW - 30, NOW - 20, NOW - 10], sequence=1))
    world.report(sentry, report(sentry.machine, [NOW - 20, NOW - 10, NOW], sequence=2))
    history = _history(world, sentry)
    assert history.at == [NOW - 30, NOW - 20, NOW - 10, NOW]
    assert history.values == {"cpu_load_pct": [10.0, 10.0, 11.0, 12.0]}


@pytest.mark.parametrize(("interval_s", "gap_s"), [(5, 30), (10, 30), (60, 150), (360, 900)])
def test_gap_follows_the_cadence_of_the_machine(
    world: World, sentry: Sentry, interval_s: float, gap_s: float
) -> None:
    world.report(sentry, report(sentry.machine, interval_s=interval_s))
    assert _history(world, sentry).gap_s == gap_s


def test_short_pages_hide_nothing() -> None:
    world = World(page_max=2)
    sentry = world.sentry(world.farm())
    for sequence in range(9):
        world.report(sentry, report(sentry.machine, [NOW - 900 + sequence], sequence=sequence))
    assert _history(world, sentry).at == [NOW - 900 + sequence for sequence in range(9)]


def test_expired_samples_are_not_shown(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine))
    world.clock.advance(world.ports.policy.history_s)
    assert _history(world, sentry, world.ports.policy.history_s + 10).at == []


def test_unknown_other_farms_and_deleted_machines_look_alike(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine))
    other = world.farm("South", "south@example.test")
    delete_agent(world.ports, sentry.farm, sentry.agent)
    for farm, machine in [
        (sentry.farm, "machine_x"),
        (other.farm, sentry.machine),
        (sentry.farm, sentry.machine),
    ]:
        with pytest.raises(Fault) as caught:
            show_history(world.ports, farm, machine, HOUR_S)
        assert (caught.value.code, caught.value.status) == ("machine_unknown", 404)


def test_nothing_lies_outside_the_span_that_is_claimed(world: World, sentry: Sentry) -> None:
    """A clock may be up to a minute ahead; such a sample is shown once its time has come."""
    world.report(sentry, report(sentry.machine, [NOW, NOW + 50]))
    history = _history(world, sentry)
    assert all(history.from_at <= at <= history.to_at for at in history.at)
