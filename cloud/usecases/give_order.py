"""Gives a rig an order: to start, stop, restart or pause a program, or to send its log."""

from __future__ import annotations

from cloud.domain import orders
from cloud.domain.records import Agent
from cloud.ports import Ports
from cloud.usecases.change_rig import change_rig
from wire.live import OrderRequest
from wire.messages import Order


def give_order(ports: Ports, farm: str, machine: str, wish: OrderRequest) -> Order:
    """The order as it waits now; raises Fault `too_many_orders` (409) or what `change_rig` raises."""
    given: list[Order] = []

    def give(agent: Agent) -> Agent:
        changed, order = orders.ordered(agent, wish, ports.clock())
        given.append(order)
        return changed

    change_rig(ports, farm, machine, give, "give_order", lambda _, __: (None, given[-1]))
    return given[-1]
