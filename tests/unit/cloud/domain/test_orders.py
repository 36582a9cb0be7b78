"""Orders while they wait: numbered for ever, sent until they are done or too late."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.domain import orders
from cloud.domain.records import Agent, Event, WaitingOrder
from wire.faults import Fault
from wire.live import OrderRequest
from wire.messages import Action, AgentKind, Order

NOW = 1_800_000_000.0
AGENT = Agent("a", "rig", AgentKind.CPU_GPU, "0", "m", 1.0)
STOP = OrderRequest(Action.STOP, "xmrig-1")


def with_orders(*ages_s: float) -> Agent:
    """One order of each age, the oldest first."""
    agent = AGENT
    for age_s in ages_s:
        agent, _ = orders.ordered(agent, STOP, NOW - age_s)
    return agent


def numbers(agent: Agent, done: int = 0) -> list[int]:
    return [order.number for order in orders.waiting(agent, NOW, done)]


def test_an_order_is_what_was_wished_with_the_next_number() -> None:
    wish = OrderRequest(Action.PAUSE, "p", 600.0, True, 7)
    agent, order = orders.ordered(msgspec.structs.replace(AGENT, orders_given=41), wish, NOW)
    assert order == Order(42, Action.PAUSE, "p", 600.0, True, 7)
    assert agent.orders == (WaitingOrder(order, NOW),)
    assert agent.orders_given == 42


def test_those_that_are_not_done_are_sent_oldest_first() -> None:
    agent = with_orders(30, 20, 10)
    assert numbers(agent) == [1, 2, 3]
    assert numbers(agent, done=2) == [3]
    assert numbers(agent, done=3) == []


@pytest.mark.parametrize(("age_s", "sent"), [(0, [1]), (899.9, [1]), (900, []), (86_400, [])])
def test_after_15_minutes_an_order_is_not_sent_any_more(age_s: float, sent: list[int]) -> None:
    assert numbers(with_orders(age_s)) == sent


def test_settled_are_the_done_and_the_late() -> None:
    agent, late = orders.settled(with_orders(2000, 1000, 10, 5), NOW, 1)
    assert [each.order.number for each in late] == [2]
    assert [each.order.number for each in agent.orders] == [3, 4]
    assert agent.orders_given == 4


def test_nothing_to_settle_is_the_same_agent() -> None:
    for agent in (AGENT, with_orders(10, 5)):
        assert orders.settled(agent, NOW) == (agent, [])


def test_numbers_go_on_above_what_the_rig_has_done() -> None:
    """The commander was restored from a copy, or the rig has served another one."""
    agent, _ = orders.settled(with_orders(5), NOW, 57)
    assert (agent.orders, agent.orders_given) == ((), 57)
    assert orders.ordered(agent, STOP, NOW)[1].number == 58


def test_a_rig_cannot_use_up_the_numbers() -> None:
    """An order of a number that is none could not be read again, nor the farm's list of agents."""
    agent, _ = orders.settled(AGENT, NOW, 2**40 - 1)
    agent, order = orders.ordered(agent, STOP, NOW)
    assert msgspec.json.decode(msgspec.json.encode(agent), type=Agent) == agent
    assert order.number < 2**40


def test_no_more_than_twenty_wait() -> None:
    agent = with_orders(*[10] * orders.WAITING_MAX)
    with pytest.raises(Fault) as caught:
        orders.ordered(agent, STOP, NOW)
    assert (caught.value.code, caught.value.status) == ("too_many_orders", 409)


@pytest.mark.parametrize("action", Action)
def test_what_came_to_nothing_is_told_in_words(action: Action) -> None:
    each = WaitingOrder(Order(3, action, "p"), NOW)
    event = orders.expiry_event("m", each, NOW + 900, orders.TOO_LATE)
    assert event == Event(NOW + 900, "m", kind="order_expired", reason=event.reason, program="p")
    assert event.reason.startswith("The order to ")
    assert event.reason.endswith("was not confirmed within 15 minutes; it is not sent any more.")


@given(st.lists(st.floats(0, 2000), max_size=20), st.integers(0, 25))
def test_each_order_is_sent_done_or_late(ages_s: list[float], done: int) -> None:
    agent = with_orders(*ages_s)
    settled, late = orders.settled(agent, NOW, done)
    sent = numbers(agent, done)
    assert [each.order.number for each in settled.orders] == sent == numbers(settled)
    seen = [*sent, *(each.order.number for each in late), *range(1, min(done, len(ages_s)) + 1)]
    assert sorted(seen) == list(range(1, len(ages_s) + 1))
