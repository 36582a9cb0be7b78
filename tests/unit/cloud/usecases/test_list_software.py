"""The software list of a farm."""

from __future__ import annotations

from cloud.usecases.list_software import list_software
from cloud.usecases.save_software import add_software
from tests.fakes.templates import software
from tests.fakes.world import Farm, World


def test_the_catalogue_and_the_farms_own(world: World, farm: Farm) -> None:
    assert not any(each.own for each in list_software(world.ports, farm.farm).software)
    add_software(world.ports, farm.farm, software())
    own = [each.program for each in list_software(world.ports, farm.farm).software if each.own]
    assert own == ["ownminer"]
