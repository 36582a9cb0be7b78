"""Rigs that are not where they should be, with the reason."""

from __future__ import annotations

from cloud.usecases.assign_playbooks import assign_playbooks
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.list_astray_rigs import list_astray_rigs
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.crew import Crew
from wire.templates import AssignRequest


def reasons(crew: Crew) -> dict[str, str]:
    found = list_astray_rigs(crew.world.ports, crew.farm.farm).rigs
    return {rig.name: rig.reason for rig in found}


def test_who_does_not_run_its_document_is_named_with_the_reason(world: World, farm: Farm) -> None:
    crew = Crew(world, farm, 6)
    assign_playbooks(world.ports, farm.farm, AssignRequest((crew.playbook,), crew.machines))
    crew.takes(crew.rigs[1])
    crew.takes(crew.rigs[2], fails="The disk is full.")
    crew.is_online(crew.rigs[3])
    crew.is_online(crew.rigs[4])
    delete_agent(world.ports, farm.farm, crew.rigs[5].agent)
    assert reasons(crew) == {
        "rig-0": "It has never reported.",
        "rig-2": "The disk is full.",
        "rig-3": "It is on its way.",
        "rig-4": "It is on its way.",
    }
    world.clock.now += 600
    assert reasons(crew)["rig-3"] == "It does not report."
    (first, *_) = list_astray_rigs(world.ports, farm.farm).rigs
    assert (first.wanted, first.actual, first.since) == (1, 0, world.clock() - 600)


def test_a_rig_that_was_never_assigned_anything_is_not_astray(world: World, farm: Farm) -> None:
    crew = Crew(world, farm, 1)
    world.enrol(crew.rigs[0])
    assert reasons(crew) == {}
