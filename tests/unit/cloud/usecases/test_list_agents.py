"""The list of a farm's agents."""

from __future__ import annotations

from cloud.usecases.create_agent import create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.enrol_agent import enrol_agent
from cloud.usecases.list_agents import list_agents
from tests.fakes.reports import NOW, enrolment
from tests.fakes.world import Farm, Sentry, World
from wire.live import AgentView
from wire.messages import AgentKind


def test_nobody_yet(world: World, farm: Farm) -> None:
    assert list_agents(world.ports, farm.farm).agents == []


def test_agent_as_it_stands(world: World, sentry: Sentry) -> None:
    world.clock.advance(5)
    enrol_agent(world.ports, world.principal(sentry), enrolment())
    assert list_agents(world.ports, sentry.farm).agents == [
        AgentView(sentry.agent, "rig-1", AgentKind.CPU_GPU, False, sentry.machine, NOW, NOW + 5, "1.2.3")
    ]


def test_oldest_first_then_by_name(world: World, farm: Farm) -> None:
    for name in ("c", "b"):
        create_agent(world.ports, farm.farm, name, AgentKind.ASIC)
    world.clock.advance(1)
    create_agent(world.ports, farm.farm, "a", AgentKind.ASIC)
    assert [agent.name for agent in list_agents(world.ports, farm.farm).agents] == ["b", "c", "a"]


def test_deleted_and_other_farms_agents_are_not_listed(world: World, farm: Farm, sentry: Sentry) -> None:
    world.sentry(world.farm("South", "south@example.test"))
    gone = world.sentry(farm, "gone")
    delete_agent(world.ports, farm.farm, gone.agent)
    assert [agent.agent for agent in list_agents(world.ports, farm.farm).agents] == [sentry.agent]


def test_short_pages_hide_nobody() -> None:
    world = World(page_max=3)
    farm = world.farm()
    made = {world.sentry(farm, f"rig-{number}").agent for number in range(10)}
    assert {agent.agent for agent in list_agents(world.ports, farm.farm).agents} == made
