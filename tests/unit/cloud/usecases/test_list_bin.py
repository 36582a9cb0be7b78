"""What was deleted and can still be restored."""

from __future__ import annotations

from cloud.usecases.create_agent import create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.list_bin import list_bin
from cloud.usecases.restore_agent import restore_agent
from tests.fakes.reports import NOW
from tests.fakes.world import Farm, Sentry, World
from wire.live import Bin, BinnedAgent
from wire.messages import AgentKind

WEEK_S = 7 * 86_400


def test_nothing_was_deleted(world: World, farm: Farm, sentry: Sentry) -> None:
    assert list_bin(world.ports, farm.farm) == Bin([])


def test_the_newest_first_and_until_when(world: World, farm: Farm) -> None:
    rig = world.sentry(farm, "rig")
    edge = create_agent(world.ports, farm.farm, "lan", AgentKind.ASIC).agent
    delete_agent(world.ports, farm.farm, rig.agent)
    world.clock.advance(5)
    delete_agent(world.ports, farm.farm, edge.agent)
    assert list_bin(world.ports, farm.farm).binned == [
        BinnedAgent(edge.agent, "lan", None, NOW + 5, NOW + 5 + WEEK_S),
        BinnedAgent(rig.agent, "rig", rig.machine, NOW, NOW + WEEK_S),
    ]


def test_what_cannot_be_restored_any_more_is_not_listed(world: World, farm: Farm, sentry: Sentry) -> None:
    """Even if nobody has erased it yet."""
    delete_agent(world.ports, farm.farm, sentry.agent)
    world.clock.advance(WEEK_S - 1)
    assert [row.agent for row in list_bin(world.ports, farm.farm).binned] == [sentry.agent]
    world.clock.advance(1)
    assert list_bin(world.ports, farm.farm).binned == []


def test_restored_and_other_farms_agents_are_not_listed(world: World, farm: Farm, sentry: Sentry) -> None:
    south = world.farm("South", "south@example.test")
    theirs = world.sentry(south)
    delete_agent(world.ports, south.farm, theirs.agent)
    delete_agent(world.ports, farm.farm, sentry.agent)
    restore_agent(world.ports, farm.farm, sentry.agent)
    assert list_bin(world.ports, farm.farm).binned == []
    assert [row.agent for row in list_bin(world.ports, south.farm).binned] == [theirs.agent]


def test_short_pages_hide_nothing() -> None:
    world = World(page_max=3)
    farm = world.farm()
    made = [world.sentry(farm, f"rig-{number}").agent for number in range(10)]
    for agent in made:
        delete_agent(world.ports, farm.farm, agent)
    assert {row.agent for row in list_bin(world.ports, farm.farm).binned} == set(made)
