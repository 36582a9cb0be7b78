"""Rollouts as the page lists them."""

from __future__ import annotations

from cloud.usecases.begin_rollout import begin_rollout
from cloud.usecases.list_rollouts import list_rollouts
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.crew import Crew
from wire.templates import Speed


def test_one_under_way_is_counted_as_it_stands_now(world: World, farm: Farm) -> None:
    crew = Crew(world, farm, 3)
    begin_rollout(world.ports, farm.farm, "x", crew.machines, Speed.AT_ONCE)
    crew.takes(crew.rigs[0])
    crew.takes(crew.rigs[1], fails="disk full")
    (told,) = list_rollouts(world.ports, farm.farm).rollouts
    assert (told.rigs, told.signed, told.running, told.failed) == (3, 3, 1, 1)


def test_another_farm_has_none(world: World, farm: Farm) -> None:
    crew = Crew(world, farm, 1)
    begin_rollout(world.ports, farm.farm, "x", crew.machines, Speed.AT_ONCE)
    other = world.farm("South", "south@example.test")
    assert list_rollouts(world.ports, other.farm).rollouts == ()
