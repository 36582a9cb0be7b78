"""Rollouts are found for 30 days."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloud.domain.rollouts import KEPT_S
from cloud.usecases.begin_rollout import begin_rollout
from cloud.usecases.find_rollout import every_rollout, find_rigs, find_rollout, put_over
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.crew import Crew
from wire.faults import Fault
from wire.templates import Speed


def test_they_are_kept_for_30_days(world: World, farm: Farm) -> None:
    crew = Crew(world, farm, 2)
    rollout = begin_rollout(world.ports, farm.farm, "x", crew.machines, Speed.AT_ONCE).rollout
    assert find_rigs(world.ports, farm.farm, rollout) == crew.machines
    world.clock.now += KEPT_S + 1
    with pytest.raises(Fault, match="30 days"):
        find_rollout(world.ports, farm.farm, rollout)
    assert find_rigs(world.ports, farm.farm, rollout) == ()


def test_the_newest_comes_first(world: World, farm: Farm) -> None:
    crew = Crew(world, farm, 1)
    for what in ("one", "two", "three"):
        begin_rollout(world.ports, farm.farm, what, crew.machines, Speed.AT_ONCE)
        world.clock.now += 1
    assert [head.what for head, _ in every_rollout(world.ports, farm.farm)] == ["three", "two", "one"]


def test_what_changed_meanwhile_is_not_written_over(world: World, farm: Farm) -> None:
    Crew(world, farm, 0)
    rollout = begin_rollout(world.ports, farm.farm, "x", (), Speed.AT_ONCE).rollout
    head, item = find_rollout(world.ports, farm.farm, rollout)
    assert world.store.write(put_over(farm.farm, item, head))
    assert not world.store.write(put_over(farm.farm, replace(item), head))
