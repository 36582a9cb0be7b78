"""An order waits for the rig's next report, in the order in which it was given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloud.domain.orders import WAITING_MAX
from cloud.usecases.accept_report import accept_report
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.give_order import give_order
from cloud.usecases.restore_agent import restore_agent
from cloud.usecases.show_machine import show_machine
from tests.fakes.reports import NOW
from tests.fakes.world import ALL, Sentry, World
from tests.unit.cloud.usecases.news import news
from wire.faults import Fault
from wire.live import OrderRequest
from wire.messages import Action, Order

STOP = OrderRequest(Action.STOP, "p")


class _Queue:
    """The port `Queue`, which keeps nothing."""

    def send(self, message: str) -> None:
        pass


def give(world: World, sentry: Sentry, wish: OrderRequest = STOP) -> Order:
    return give_order(world.ports, sentry.farm, sentry.machine, wish)


def shown(world: World, sentry: Sentry) -> tuple[Order, ...]:
    return show_machine(world.ports, sentry.farm, sentry.machine, ALL).orders


def test_it_is_shown_and_sent_with_the_next_answer(world: World, sentry: Sentry) -> None:
    wishes = [STOP, OrderRequest(Action.PAUSE, "q", 3600.0), OrderRequest(Action.LOG, "p", lines=7)]
    given = tuple(give(world, sentry, wish) for wish in wishes)
    assert [order.number for order in given] == [1, 2, 3]
    assert shown(world, sentry) == given
    assert world.report(sentry, news(sentry.machine)).orders == given


def test_with_a_queue_it_is_sent_and_done_all_the_same(world: World, sentry: Sentry) -> None:
    ports = replace(world.ports, queue=_Queue())
    order = give(world, sentry)
    assert accept_report(ports, world.principal(sentry), news(sentry.machine, 1)).orders == (order,)
    assert accept_report(ports, world.principal(sentry), news(sentry.machine, 2, done=1)).orders == ()
    assert world.agent(sentry).orders == ()


def test_it_comes_again_until_it_is_done(world: World, sentry: Sentry) -> None:
    one, two = give(world, sentry), give(world, sentry)
    assert world.report(sentry, news(sentry.machine, 1)).orders == (one, two)
    assert world.report(sentry, news(sentry.machine, 2)).orders == (one, two)
    assert world.report(sentry, news(sentry.machine, 3, done=1)).orders == (two,)
    assert world.report(sentry, news(sentry.machine, 4, done=2)).orders == ()
    assert shown(world, sentry) == ()
    assert give(world, sentry).number == 3


def test_while_one_waits_the_rig_reports_as_if_it_were_looked_at(world: World, sentry: Sentry) -> None:
    assert world.report(sentry, news(sentry.machine, 1)).report_interval_s == 60
    give(world, sentry)
    quick = world.report(sentry, news(sentry.machine, 2))
    assert (quick.sample_interval_s, quick.report_interval_s) == (5, 5)
    assert world.report(sentry, news(sentry.machine, 3, done=1)).report_interval_s == 60


def test_no_more_than_twenty_wait_and_done_ones_make_room(world: World, sentry: Sentry) -> None:
    for _ in range(WAITING_MAX):
        give(world, sentry)
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        give(world, sentry)
    assert (caught.value.code, caught.value.status) == ("too_many_orders", 409)
    assert world.store.items == before
    world.report(sentry, news(sentry.machine, done=1))
    assert give(world, sentry).number == WAITING_MAX + 1


def test_late_ones_make_room_too(world: World, sentry: Sentry) -> None:
    for _ in range(WAITING_MAX):
        give(world, sentry)
    world.clock.advance(900)
    assert give(world, sentry).number == WAITING_MAX + 1
    assert len(world.agent(sentry).orders) == 1
    assert len(world.events(sentry.farm)) == WAITING_MAX


def test_two_at_once_get_two_numbers(world: World, sentry: Sentry) -> None:
    world.store.interruptions = [lambda: give(world, sentry)]
    assert give(world, sentry).number == 2
    assert [order.number for order in shown(world, sentry)] == [1, 2]


def test_a_new_enrolment_repeats_nothing(world: World, sentry: Sentry) -> None:
    """Its data folder may be new, and then the agent knows of nothing that it did."""
    world.enrol(sentry)
    give(world, sentry)
    give(world, sentry)
    world.report(sentry, news(sentry.machine, 1, done=1))
    world.clock.advance(60)
    world.enrol(sentry)
    assert world.report(sentry, news(sentry.machine, 0, epoch=2)).orders == ()
    (told,) = world.events(sentry.farm)
    assert (told.kind, told.at, told.program) == ("order_expired", NOW + 60, "p")
    assert "enrolled again" in told.reason
    assert give(world, sentry).number == 3
    assert [order.number for order in world.report(sentry, news(sentry.machine, 1, epoch=2)).orders] == [3]


def test_out_of_the_bin_comes_no_order(world: World, sentry: Sentry) -> None:
    give(world, sentry)
    delete_agent(world.ports, sentry.farm, sentry.agent)
    restore_agent(world.ports, sentry.farm, sentry.agent)
    assert world.report(sentry, news(sentry.machine)).orders == ()
    assert give(world, sentry).number == 2


def test_a_copied_disk_gets_no_orders(world: World, sentry: Sentry) -> None:
    world.enrol(sentry, ["mac a"])
    world.enrol(sentry, ["mac b"])
    give(world, sentry)
    with pytest.raises(Fault, match="other hardware"):
        world.report(sentry, news(sentry.machine, epoch=1))
    assert len(world.report(sentry, news(sentry.machine, epoch=2)).orders) == 1
