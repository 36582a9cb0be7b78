"""A playbook goes; its versions can still be signed again."""

from __future__ import annotations

import pytest

from cloud.usecases.delete_playbook import delete_playbook
from cloud.usecases.find_playbooks import find_version
from cloud.usecases.list_playbooks import list_playbooks
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book, version
from tests.unit.cloud.usecases.seats import acts, fault_of
from wire.faults import Fault


def test_it_is_off_the_list_and_its_versions_are_kept(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    delete_playbook(world.ports, farm.farm, ids.playbook)
    assert list_playbooks(world.ports, farm.farm).playbooks == ()
    assert find_version(world.ports, farm.farm, ids.playbook) is None
    assert version(world, farm, ids.playbook, 1).told.draft.name == "Monero"
    assert acts(world, farm.farm)[-1].action == "delete_playbook"


def test_it_goes_once(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    delete_playbook(world.ports, farm.farm, ids.playbook)
    with pytest.raises(Fault) as caught:
        delete_playbook(world.ports, farm.farm, ids.playbook)
    assert fault_of(caught) == ("playbook_unknown", 404)
