"""The way back leads each rig to what it ran before."""

from __future__ import annotations

import pytest

from cloud.usecases.assign_playbooks import assign_playbooks
from cloud.usecases.find_rollout import find_rollout
from cloud.usecases.save_pool import change_pool
from cloud.usecases.take_back_rollout import take_back_rollout
from tests.fakes.templates import pool
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.crew import Crew
from wire.faults import Fault
from wire.templates import AssignRequest, RolloutState, Speed


def test_what_was_reached_goes_back_and_the_rest_stays(world: World, farm: Farm) -> None:
    crew = Crew(world, farm, 12)
    rollout = assign_playbooks(world.ports, farm.farm, AssignRequest((crew.playbook,), crew.machines)).rollout
    assert crew.wanted()[0] == 1
    back = take_back_rollout(world.ports, farm.farm, rollout)
    assert back.what.startswith("back: ")
    assert crew.wanted() == [None] * 12
    assert crew.signing.believed(crew.rigs[0]).document.playbooks == ()
    assert find_rollout(world.ports, farm.farm, rollout)[0].state is RolloutState.TAKEN_BACK
    with pytest.raises(Fault, match="already"):
        take_back_rollout(world.ports, farm.farm, rollout)


def test_a_changed_pool_is_taken_back_with_its_address(world: World, farm: Farm) -> None:
    crew = Crew(world, farm, 2)
    assign_playbooks(world.ports, farm.farm, AssignRequest((crew.playbook,), crew.machines))
    changed = pool(address="other.example:4444")
    change_pool(world.ports, farm.farm, crew.ids.pool, changed, Speed.AT_ONCE)
    rollout = next(
        line.thing.split()[1] for line in reversed(world.audit(farm.farm)) if line.action == "begin_rollout"
    )
    assert "other.example:4444" in _script(crew)
    take_back_rollout(world.ports, farm.farm, rollout)
    assert "pool.example:3333" in _script(crew)
    assert crew.wanted() == [1, 1]


def _script(crew: Crew) -> str:
    return crew.signing.believed(crew.rigs[1]).document.playbooks[0].scripts[0]
