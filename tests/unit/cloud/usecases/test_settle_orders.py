"""Done and late orders go, with one write at most, and what was too late is told once."""

from __future__ import annotations

import pytest

from cloud.domain.records import Agent
from cloud.ports import StoreUnavailable
from cloud.usecases.change_machine import change_machine
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.give_order import give_order
from cloud.usecases.settle_orders import settle_orders
from cloud.usecases.show_machine import show_machine
from tests.fakes.reports import NOW
from tests.fakes.world import ALL, Sentry, World
from tests.unit.cloud.usecases.news import news
from wire.live import MachineChange, MachineEvent, OrderRequest
from wire.messages import Action


@pytest.fixture
def ordered(world: World, sentry: Sentry) -> Sentry:
    """Two orders wait, one of them for ten minutes."""
    for _ in range(2):
        give_order(world.ports, sentry.farm, sentry.machine, OrderRequest(Action.RESTART, "p"))
        world.clock.advance(600)
    world.clock.advance(-600)
    return sentry


def settle(world: World, sentry: Sentry, done: int = 0) -> Agent:
    settle_orders(world.ports, world.principal(sentry), done, world.clock())
    return world.agent(sentry)


def numbers(agent: Agent) -> list[int]:
    return [each.order.number for each in agent.orders]


def test_nothing_to_settle_costs_nothing(world: World, sentry: Sentry, ordered: Sentry) -> None:
    principal = world.principal(ordered)
    world.store.calls.clear()
    settle_orders(world.ports, principal, 0, world.clock())
    assert world.store.calls == []


def test_what_is_done_goes_without_a_word(world: World, ordered: Sentry) -> None:
    assert numbers(settle(world, ordered, done=1)) == [2]
    assert world.events(ordered.farm) == []


def test_what_is_too_late_is_told_at_the_time_when_it_lapsed(world: World, ordered: Sentry) -> None:
    world.clock.advance(86_400)
    assert world.report(ordered, news(ordered.machine, at=NOW)).orders == ()
    assert world.agent(ordered).orders == ()
    reason = "The order to restart was not confirmed within 15 minutes; it is not sent any more."
    assert world.events(ordered.farm, ordered.machine) == [
        MachineEvent(at, ordered.machine, None, "order_expired", reason, program="p")
        for at in (NOW + 900, NOW + 1500)
    ]
    settle(world, ordered)
    assert len(world.events(ordered.farm)) == 2


def test_before_it_is_told_a_late_order_is_not_shown_as_waiting(world: World, ordered: Sentry) -> None:
    world.clock.advance(300)
    shown = show_machine(world.ports, ordered.farm, ordered.machine, ALL).orders
    assert [order.number for order in shown] == [2]


def test_a_change_at_the_same_moment_leaves_it_to_the_next_report(world: World, ordered: Sentry) -> None:
    rename = MachineChange(name="barn 7")
    world.store.interruptions = [
        lambda: change_machine(world.ports, ordered.farm, ordered.machine, rename, ALL)
    ]
    agent = settle(world, ordered, done=1)
    assert (agent.name, numbers(agent)) == ("barn 7", [1, 2])
    assert numbers(settle(world, ordered, done=1)) == [2]


def test_an_order_given_just_now_is_not_lost(world: World, ordered: Sentry) -> None:
    """The principal was read before it came."""
    principal = world.principal(ordered)
    give_order(world.ports, ordered.farm, ordered.machine, OrderRequest(Action.STOP, "q"))
    settle_orders(world.ports, principal, 1, world.clock())
    assert numbers(world.agent(ordered)) == [2, 3]


def test_two_reports_at_once_tell_it_once(world: World, ordered: Sentry) -> None:
    world.clock.advance(5000)
    principal, now = world.principal(ordered), world.clock()
    world.store.interruptions = [lambda: settle_orders(world.ports, principal, 0, now)]
    settle_orders(world.ports, principal, 0, now)
    settle_orders(world.ports, principal, 0, now)
    assert len(world.events(ordered.farm)) == 2


def test_a_deleted_agent_stays_deleted(world: World, ordered: Sentry) -> None:
    principal = world.principal(ordered)
    delete_agent(world.ports, ordered.farm, ordered.agent)
    settle_orders(world.ports, principal, 2, world.clock())
    assert world.agent(ordered).binned_at == world.clock()


@pytest.mark.parametrize("failing_call", range(2))
def test_cut_short_it_is_all_still_to_do(world: World, ordered: Sentry, failing_call: int) -> None:
    world.clock.advance(5000)
    principal, before = world.principal(ordered), dict(world.store.items)
    world.store.failures = [*[None] * failing_call, StoreUnavailable("busy")]
    with pytest.raises(StoreUnavailable):
        settle_orders(world.ports, principal, 0, world.clock())
    assert world.store.items == before
    settle(world, ordered)
    assert len(world.events(ordered.farm)) == 2
