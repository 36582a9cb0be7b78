"""A change begins with what can be done at once."""

from __future__ import annotations

import pytest

from cloud.usecases.assign_playbooks import assign_playbooks
from cloud.usecases.begin_rollout import RIGS_MAX, begin_rollout
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.crew import Crew
from wire.faults import Fault
from wire.templates import AssignRequest, RolloutState, Speed


def test_a_few_rigs_get_it_at_once(world: World, farm: Farm) -> None:
    crew = Crew(world, farm, 3)
    assign_playbooks(world.ports, farm.farm, AssignRequest((crew.playbook,), crew.machines))
    begun = begin_rollout(world.ports, farm.farm, "all new", crew.machines, Speed.CAREFUL, {crew.playbook: 1})
    assert (begun.state, begun.rigs, begun.signed) == (RolloutState.REST, 3, 3)
    assert crew.wanted() == [1, 1, 1]
    line = world.audit(farm.farm)[-1]
    assert (line.action, line.thing) == ("begin_rollout", f"rollout {begun.rollout}")


def test_of_many_one_that_reports_is_the_first(world: World, farm: Farm) -> None:
    crew = Crew(world, farm, 12)
    crew.is_online(crew.rigs[7])
    wish = AssignRequest((crew.playbook,), crew.machines)
    begun = assign_playbooks(world.ports, farm.farm, wish)
    assert (begun.state, begun.first, begun.signed) == (RolloutState.FIRST, crew.rigs[7].machine, 1)
    assert [number for number, version in enumerate(crew.wanted()) if version] == [7]


def test_no_rigs_are_done_at_once(world: World, farm: Farm) -> None:
    Crew(world, farm, 0)
    assert begin_rollout(world.ports, farm.farm, "x", (), Speed.CAREFUL).state is RolloutState.DONE


def test_too_many_are_refused(world: World, farm: Farm) -> None:
    Crew(world, farm, 0)
    many = [f"machine_{number}" for number in range(RIGS_MAX + 1)]
    with pytest.raises(Fault, match="at most 10,000"):
        begin_rollout(world.ports, farm.farm, "x", many, Speed.CAREFUL)


def test_without_a_key_nothing_begins(world: World, farm: Farm) -> None:
    with pytest.raises(Fault, match="no signing key") as refused:
        begin_rollout(world.ports, farm.farm, "x", ("machine_1",), Speed.CAREFUL)
    assert refused.value.status == 409


def test_while_the_key_is_out_of_reach_it_waits_for_a_round(world: World, farm: Farm) -> None:
    crew = Crew(world, farm, 3)
    crew.signing.signer.fails = True
    wish = AssignRequest((crew.playbook,), crew.machines)
    assert assign_playbooks(world.ports, farm.farm, wish).signed == 0
    crew.signing.signer.fails = False
    world.sweep()
    assert crew.wanted() == [1, 1, 1]
