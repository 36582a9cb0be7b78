"""Playbooks are given to rigs that are named, or that have a tag."""

from __future__ import annotations

import pytest

from cloud.usecases.assign_playbooks import assign_playbooks
from cloud.usecases.change_machine import change_machine
from tests.fakes.world import ALL, Farm, World
from tests.unit.cloud.usecases.crew import Crew
from wire.faults import Fault
from wire.live import MachineChange
from wire.templates import AssignRequest


@pytest.fixture
def crew(world: World, farm: Farm) -> Crew:
    return Crew(world, farm, 3)


def assign(crew: Crew, wish: AssignRequest) -> str:
    return assign_playbooks(crew.world.ports, crew.farm.farm, wish).what


def test_named_rigs_get_the_newest_version(crew: Crew) -> None:
    some = crew.machines[:2]
    what = assign(crew, AssignRequest((crew.playbook,), (*some, some[0])))
    assert what == "each of 2 rigs runs Monero"
    assert crew.wanted() == [1, 1, None]


def test_a_tag_names_the_rigs_that_have_it(crew: Crew) -> None:
    for machine in crew.machines[1:]:
        change_machine(crew.world.ports, crew.farm.farm, machine, MachineChange(tags=("gpu",)), ALL)
    assert assign(crew, AssignRequest((crew.playbook,), tag="gpu")) == "each rig tagged gpu runs Monero"
    assert crew.wanted() == [None, 1, 1]


def test_playbooks_are_added_and_removed(crew: Crew) -> None:
    assign(crew, AssignRequest((crew.playbook,), crew.machines))
    assert assign(crew, AssignRequest((crew.playbook,), crew.machines[:1], how="remove")) == (
        "one rig no longer runs Monero"
    )
    assert crew.wanted() == [None, 1, 1]
    assign(crew, AssignRequest((), crew.machines[1:2], how="add"))
    assert crew.wanted() == [None, 1, 1]
    assert assign(crew, AssignRequest((), crew.machines)) == "each of 3 rigs runs nothing"
    assert crew.wanted() == [None] * 3


@pytest.mark.parametrize(
    ("wish", "code", "field"),
    [
        (AssignRequest(("playbook_x",), ("machine_x",)), "playbook_unknown", ""),
        (AssignRequest((), ("machine_x",)), "machine_unknown", "machines[0]"),
        (AssignRequest(()), "no_rigs", "machines"),
        (AssignRequest((), tag="nobody's"), "no_rigs", "machines"),
    ],
)
def test_what_is_not_there_is_refused(crew: Crew, wish: AssignRequest, code: str, field: str) -> None:
    with pytest.raises(Fault) as refused:
        assign(crew, wish)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_another_farms_rig_is_unknown(crew: Crew) -> None:
    other = crew.world.sentry(crew.world.farm("South", "south@example.test"))
    with pytest.raises(Fault) as refused:
        assign(crew, AssignRequest((crew.playbook,), (crew.machines[0], other.machine)))
    assert (refused.value.code, refused.value.field) == ("machine_unknown", "machines[1]")
    assert crew.wanted() == [None] * 3
