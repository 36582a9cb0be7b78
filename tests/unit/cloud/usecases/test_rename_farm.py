"""Another name for a farm."""

from __future__ import annotations

import msgspec
import pytest

from cloud.usecases.change_farm import show_farm
from cloud.usecases.rename_farm import rename_farm
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.seats import acts, fault_of
from wire.faults import Fault


def test_another_name(world: World, farm: Farm) -> None:
    rename_farm(world.ports, farm.farm, " East ")
    assert show_farm(world.ports, farm.farm).name == "East"
    (line,) = acts(world, farm.farm)
    assert (line.action, line.thing) == ("rename_farm", f"farm {farm.farm}")
    assert msgspec.json.decode(line.before) == {"name": "North"}
    assert msgspec.json.decode(line.after) == {"name": "East"}


def test_the_same_name_is_nothing_done(world: World, farm: Farm) -> None:
    rename_farm(world.ports, farm.farm, "North")
    assert acts(world, farm.farm) == []


@pytest.mark.parametrize("name", ["", "x" * 81, "a\x00b"])
def test_it_can_be_seen(world: World, farm: Farm, name: str) -> None:
    with pytest.raises(Fault) as caught:
        rename_farm(world.ports, farm.farm, name)
    assert fault_of(caught) == ("bad_name", 422)


def test_two_names_at_once_are_not_mixed(world: World, farm: Farm) -> None:
    world.store.interruptions = [lambda: rename_farm(world.ports, farm.farm, "West")]
    with pytest.raises(Fault) as caught:
        rename_farm(world.ports, farm.farm, "East")
    assert fault_of(caught) == ("try_again", 409)
    assert show_farm(world.ports, farm.farm).name == "West"


def test_a_farm_that_has_gone_is_unknown(world: World) -> None:
    with pytest.raises(Fault) as caught:
        rename_farm(world.ports, "farm_x", "East")
    assert fault_of(caught) == ("farm_unknown", 404)
