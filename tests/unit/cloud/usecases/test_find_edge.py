"""An edge is found by its id; a sentry is none, and what is in the bin is not there."""

from __future__ import annotations

import pytest

from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.find_edge import find_edge
from tests.fakes.edges import new_edge
from tests.fakes.world import Farm, Sentry, World
from wire.faults import Fault


def test_it_is_found_with_the_item_that_keeps_it(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    item, agent = find_edge(world.ports, farm.farm, edge.agent)
    assert (agent.name, item.revision) == ("shed", 1)


def test_who_is_not_there(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    south = world.farm("South", "south@example.test")
    delete_agent(world.ports, farm.farm, edge.agent)
    for agent in (edge.agent, "agent_x", new_edge(world, south).agent):
        with pytest.raises(Fault) as caught:
            find_edge(world.ports, farm.farm, agent)
        assert (caught.value.code, caught.value.status) == ("agent_unknown", 404)


def test_a_sentry_is_no_edge(world: World, sentry: Sentry) -> None:
    with pytest.raises(Fault, match="sentry of a rig") as caught:
        find_edge(world.ports, sentry.farm, sentry.agent)
    assert (caught.value.code, caught.value.status) == ("wrong_kind", 409)
