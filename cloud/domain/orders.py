"""An owner's orders to a rig while they wait: which are sent, which are settled, which came too late."""

from __future__ import annotations

from msgspec.structs import replace

from cloud.domain.records import Agent, Event, WaitingOrder
from wire.faults import Fault
from wire.live import OrderRequest
from wire.messages import Action, Order

WAITS_S = 900.0
"""Nothing is to happen by surprise hours later, when a rig is back that was off."""
WAITING_MAX = 20
EXPIRED = "order_expired"
"""The kind of the event: a word of the commander, beside those of the agents."""
TOO_LATE = "was not confirmed within 15 minutes; it is not sent any more."
ENROLLED = "was not confirmed before the rig was enrolled again; it is not sent any more."
_NUMBER_MAX = 2**39
_WISHES = {
    Action.START: "start",
    Action.STOP: "stop",
    Action.RESTART: "restart",
    Action.PAUSE: "pause",
    Action.LOG: "show its log",
}


def waiting(agent: Agent, now: float, done: int = 0) -> tuple[Order, ...]:
    """What the rig is still to do, oldest first; `done` is the number of the last order it has done."""
    return tuple(each.order for each in agent.orders if each.order.number > done and not _late(each, now))


def settled(agent: Agent, now: float, done: int = 0) -> tuple[Agent, list[WaitingOrder]]:
    """The agent without what is done or too late, and what was too late.

    A rig that has done more than was ever ordered talks to a commander that was restored from a copy:
    numbers go on above it, or it would take new orders for old ones.
    """
    undone = [each for each in agent.orders if each.order.number > done]
    late = [each for each in undone if _late(each, now)]
    kept = tuple(each for each in undone if each not in late)
    given = max(agent.orders_given, min(done, _NUMBER_MAX))
    return replace(agent, orders=kept, orders_given=given), late


def _late(each: WaitingOrder, now: float) -> bool:
    return now >= each.at + WAITS_S


def ordered(agent: Agent, wish: OrderRequest, now: float) -> tuple[Agent, Order]:
    """The agent with one more order; raises Fault `too_many_orders` (409)."""
    if len(agent.orders) >= WAITING_MAX:
        message = f"{WAITING_MAX} orders wait for this rig already; take some back, or wait for it."
        raise Fault("too_many_orders", message, status=409)
    number = agent.orders_given + 1
    order = Order(number, wish.action, wish.program, wish.for_s, wish.take_over, wish.lines)
    orders = (*agent.orders, WaitingOrder(order, now))
    return replace(agent, orders=orders, orders_given=number), order


def expiry_event(machine: str, each: WaitingOrder, at: float, why: str) -> Event:
    """Tells that an order came to nothing."""
    reason = f"The order to {_WISHES[each.order.action]} {why}"
    return Event(at, machine, kind=EXPIRED, reason=reason, program=each.order.program)
