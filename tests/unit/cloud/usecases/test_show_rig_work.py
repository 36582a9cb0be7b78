"""What a rig is to run stands beside what it does run."""

from __future__ import annotations

import pytest

from cloud.usecases.assign_playbooks import assign_playbooks
from cloud.usecases.show_rig_work import show_rig_work
from tests.fakes.world import Farm, Sentry, World
from tests.unit.cloud.usecases.crew import Crew
from wire.assignments import AssignmentState
from wire.faults import Fault
from wire.templates import AssignRequest, RigWork, Use


def test_before_anything_was_assigned(world: World, sentry: Sentry) -> None:
    shown = show_rig_work(world.ports, sentry.farm, sentry.machine)
    assert shown == RigWork(sentry.machine, "", (), 0, None, None)


def test_desired_and_actual(world: World, farm: Farm) -> None:
    crew = Crew(world, farm, 1)
    rig = crew.rigs[0]
    assign_playbooks(world.ports, farm.farm, AssignRequest((crew.playbook,), crew.machines))
    crew.takes(rig)
    wanted = (Use(crew.playbook, "Monero", 1),)
    shown = show_rig_work(world.ports, farm.farm, rig.machine)
    assert shown == RigWork(rig.machine, "rig-0", wanted, 1, AssignmentState(1, 1), world.clock())


def test_another_farms_rig_is_unknown(world: World, sentry: Sentry) -> None:
    other = world.farm("South", "south@example.test")
    with pytest.raises(Fault) as refused:
        show_rig_work(world.ports, other.farm, sentry.machine)
    assert (refused.value.code, refused.value.status) == ("machine_unknown", 404)
