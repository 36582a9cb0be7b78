"""A farm's own program goes, unless a playbook names it."""

from __future__ import annotations

import msgspec
import pytest

from cloud.usecases.delete_playbook import delete_playbook
from cloud.usecases.delete_software import delete_software
from cloud.usecases.list_software import list_software
from cloud.usecases.save_playbook import add_playbook
from cloud.usecases.save_software import add_software
from tests.fakes.templates import draft, software
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book
from tests.unit.cloud.usecases.seats import fault_of
from wire.faults import Fault


def test_one_in_use_stays(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    add_software(world.ports, farm.farm, software())
    named = msgspec.structs.replace(
        draft(ids.pool, ids.wallet, "Own"), program="ownminer", program_version="1"
    )
    playbook = add_playbook(world.ports, farm.farm, named).playbook
    with pytest.raises(Fault, match="used by Own") as caught:
        delete_software(world.ports, farm.farm, "ownminer", "1")
    assert fault_of(caught) == ("software_in_use", 409)
    delete_playbook(world.ports, farm.farm, playbook)
    delete_software(world.ports, farm.farm, "ownminer", "1")
    assert not any(each.own for each in list_software(world.ports, farm.farm).software)


@pytest.mark.parametrize("name", [("ownminer", "2"), ("xmrig", "6.26.0")])
def test_only_ones_own_can_go(world: World, farm: Farm, name: tuple[str, str]) -> None:
    add_software(world.ports, farm.farm, software())
    with pytest.raises(Fault) as caught:
        delete_software(world.ports, farm.farm, *name)
    assert fault_of(caught) == ("software_unknown", 404)
