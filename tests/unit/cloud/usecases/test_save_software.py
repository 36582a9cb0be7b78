"""A farm's own programs."""

from __future__ import annotations

import msgspec
import pytest

from cloud.usecases.save_software import add_software
from tests.fakes.templates import SHA256, software
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.seats import acts, fault_of
from wire.faults import Fault
from wire.templates import SoftwareRequest


def test_a_program_is_added_and_noted_with_its_digest(world: World, farm: Farm) -> None:
    listed = add_software(world.ports, farm.farm, software())
    assert [(each.program, each.version) for each in listed.software if each.own] == [("ownminer", "1")]
    (line,) = acts(world, farm.farm)
    assert (line.action, line.thing) == ("add_software", "software ownminer 1 linux-x64")
    assert msgspec.json.decode(line.after)["sha256"] == SHA256


@pytest.mark.parametrize("known", [software(), software("xmrig", version="6.26.0")])
def test_what_is_there_is_not_replaced(world: World, farm: Farm, known: SoftwareRequest) -> None:
    add_software(world.ports, farm.farm, software())
    with pytest.raises(Fault) as caught:
        add_software(world.ports, farm.farm, software(known.program, version=known.version))
    assert fault_of(caught) == ("software_known", 409)


def test_what_the_catalogue_cannot_install_may_be_added(world: World, farm: Farm) -> None:
    add_software(world.ports, farm.farm, software("gminer", version="3.44"))


def test_a_bad_path_is_refused(world: World, farm: Farm) -> None:
    with pytest.raises(Fault) as caught:
        add_software(world.ports, farm.farm, software(executable="a/../../b"))
    assert fault_of(caught) == ("bad_software", 422)
