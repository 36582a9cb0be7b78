"""Which rigs are to run what."""

from __future__ import annotations

import pytest

from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.delete_playbook import delete_playbook
from cloud.usecases.find_wanted import find_wanted
from cloud.usecases.list_playbooks import list_playbooks
from cloud.usecases.list_templates import list_templates
from cloud.usecases.preview_template import preview_pool
from tests.fakes.templates import pool
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book, wanted_on
from tests.unit.cloud.usecases.seats import fault_of
from wire.faults import Fault
from wire.templates import Use


def test_a_farm_without_rigs_wants_nothing(world: World, farm: Farm) -> None:
    assert find_wanted(world.ports, farm.farm) == {}


def test_rigs_are_found_by_playbook(world: World, farm: Farm) -> None:
    one, two = (world.sentry(farm, name) for name in ("rig-1", "rig-2"))
    wanted_on(world, one, {"a": 1, "b": 2})
    wanted_on(world, two, {"b": 3})
    assert find_wanted(world.ports, farm.farm) == {
        "a": {one.machine: 1},
        "b": {one.machine: 2, two.machine: 3},
    }


def test_a_rig_in_the_bin_does_not_count(world: World, farm: Farm) -> None:
    one, two = (world.sentry(farm, name) for name in ("rig-1", "rig-2"))
    for rig in (one, two):
        wanted_on(world, rig, {"a": 1})
    delete_agent(world.ports, farm.farm, one.agent)
    assert find_wanted(world.ports, farm.farm) == {"a": {two.machine: 1}}


def test_another_farms_rigs_are_not_among_them(world: World, farm: Farm) -> None:
    wanted_on(world, world.sentry(world.farm("South", "south@example.test")), {"a": 1})
    assert find_wanted(world.ports, farm.farm) == {}


def test_lists_and_previews_count_them(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    for name in ("rig-1", "rig-2"):
        wanted_on(world, world.sentry(farm, name), {ids.playbook: 1})
    use = Use(ids.playbook, "Monero", 2)
    assert list_templates(world.ports, farm.farm).pools[0].used == (use,)
    assert list_playbooks(world.ports, farm.farm).playbooks[0].rigs == 2
    impact = preview_pool(world.ports, farm.farm, ids.pool, pool(address="b.example:1"))
    assert (impact.playbooks, impact.rigs) == ((use,), 2)


def test_a_playbook_that_a_rig_is_to_run_stays(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    rig = world.sentry(farm)
    wanted_on(world, rig, {ids.playbook: 1})
    with pytest.raises(Fault, match="on 1 rig;") as caught:
        delete_playbook(world.ports, farm.farm, ids.playbook)
    assert fault_of(caught) == ("playbook_in_use", 409)
    wanted_on(world, rig, {})
    delete_playbook(world.ports, farm.farm, ids.playbook)
