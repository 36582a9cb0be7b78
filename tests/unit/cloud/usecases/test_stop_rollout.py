"""An owner stops a rollout where it stands, and lets it go on."""

from __future__ import annotations

import pytest

from cloud.domain.rollouts import FOLLOWED_S
from cloud.usecases.assign_playbooks import assign_playbooks
from cloud.usecases.stop_rollout import continue_rollout, stop_rollout
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.crew import Crew
from wire.faults import Fault
from wire.templates import AssignRequest, Rollout, RolloutState


@pytest.fixture
def crew(world: World, farm: Farm) -> Crew:
    return Crew(world, farm, 12)


def assigned(crew: Crew) -> Rollout:
    return assign_playbooks(crew.world.ports, crew.farm.farm, AssignRequest((crew.playbook,), crew.machines))


def test_stopped_it_reaches_nobody_else(world: World, crew: Crew) -> None:
    rollout = assigned(crew).rollout
    assert stop_rollout(world.ports, crew.farm.farm, rollout).state is RolloutState.STOPPED
    assert stop_rollout(world.ports, crew.farm.farm, rollout).state is RolloutState.STOPPED
    crew.takes(crew.rigs[0], shares=1)
    world.sweep()
    assert crew.wanted() == [1, *[None] * 11]


def test_it_goes_on_whatever_the_first_rig_did(world: World, crew: Crew) -> None:
    rollout = assigned(crew).rollout
    stop_rollout(world.ports, crew.farm.farm, rollout)
    told = continue_rollout(world.ports, crew.farm.farm, rollout)
    assert (told.state, told.signed) == (RolloutState.REST, 12)
    assert crew.wanted() == [1] * 12
    actions = [line.action for line in world.audit(crew.farm.farm)][-2:]
    assert actions == ["stop_rollout", "continue_rollout"]


def test_what_is_over_stays_so(world: World, crew: Crew) -> None:
    rollout = assigned(crew).rollout
    stop_rollout(world.ports, crew.farm.farm, rollout)
    continue_rollout(world.ports, crew.farm.farm, rollout)
    world.clock.now += FOLLOWED_S
    world.sweep()
    for use in (stop_rollout, continue_rollout):
        with pytest.raises(Fault, match="is done") as refused:
            use(world.ports, crew.farm.farm, rollout)
        assert refused.value.status == 409


def test_another_farms_rollout_is_unknown(world: World, crew: Crew) -> None:
    rollout = assigned(crew).rollout
    other = world.farm("South", "south@example.test")
    with pytest.raises(Fault) as refused:
        stop_rollout(world.ports, other.farm, rollout)
    assert (refused.value.code, refused.value.status) == ("rollout_unknown", 404)
