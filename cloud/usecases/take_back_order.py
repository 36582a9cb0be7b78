"""Takes back an order that waits; one that is on its way may still be carried out."""

from __future__ import annotations

from msgspec.structs import replace

from cloud.domain.records import Agent
from cloud.ports import Ports
from cloud.usecases.change_rig import change_rig
from wire.faults import Fault
from wire.messages import Order


def take_back_order(ports: Ports, farm: str, machine: str, number: str) -> None:
    """Raises Fault `order_unknown` (404) when it waits no more, or what `change_rig` raises."""

    def take_back(agent: Agent) -> Agent:
        kept = tuple(each for each in agent.orders if str(each.order.number) != number)
        if len(kept) == len(agent.orders):
            message = "No such order waits: it was carried out, or is not sent any more."
            raise Fault("order_unknown", message, status=404)
        return replace(agent, orders=kept)

    def taken(before: Agent, after: Agent) -> tuple[Order, None]:
        (gone,) = (each.order for each in before.orders if each not in after.orders)
        return gone, None

    change_rig(ports, farm, machine, take_back, "take_back_order", taken)
