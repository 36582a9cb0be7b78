"""An order that waits can be taken back; every other one is not there."""

from __future__ import annotations

import pytest

from cloud.usecases.give_order import give_order
from cloud.usecases.take_back_order import take_back_order
from tests.fakes.world import Sentry, World
from tests.unit.cloud.usecases.news import news
from wire.faults import Fault
from wire.live import OrderRequest
from wire.messages import Action

STOP = OrderRequest(Action.STOP, "p")


def _refused(world: World, sentry: Sentry, number: str) -> bool:
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        take_back_order(world.ports, sentry.farm, sentry.machine, number)
    assert world.store.items == before
    return (caught.value.code, caught.value.status) == ("order_unknown", 404)


def test_the_others_stay_and_no_number_comes_again(world: World, sentry: Sentry) -> None:
    for _ in range(3):
        give_order(world.ports, sentry.farm, sentry.machine, STOP)
    take_back_order(world.ports, sentry.farm, sentry.machine, "2")
    sent = world.report(sentry, news(sentry.machine)).orders
    assert [order.number for order in sent] == [1, 3]
    take_back_order(world.ports, sentry.farm, sentry.machine, "3")
    assert give_order(world.ports, sentry.farm, sentry.machine, STOP).number == 4
    assert world.events(sentry.farm) == []


@pytest.mark.parametrize("number", ["0", "2", "01", "-1", "x", "1.0", "9" * 64])
def test_what_does_not_wait_is_unknown(world: World, sentry: Sentry, number: str) -> None:
    give_order(world.ports, sentry.farm, sentry.machine, STOP)
    assert _refused(world, sentry, number)


def test_done_taken_back_and_late_ones_do_not_wait(world: World, sentry: Sentry) -> None:
    for _ in range(3):
        give_order(world.ports, sentry.farm, sentry.machine, STOP)
    world.report(sentry, news(sentry.machine, done=1))
    take_back_order(world.ports, sentry.farm, sentry.machine, "2")
    assert _refused(world, sentry, "1")
    assert _refused(world, sentry, "2")
    world.clock.advance(900)
    assert _refused(world, sentry, "3")
