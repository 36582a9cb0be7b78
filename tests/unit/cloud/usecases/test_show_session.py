"""Who is signed in, and where."""

from __future__ import annotations

from cloud.domain import keys
from cloud.usecases.show_session import show_session
from tests.fakes.world import OWNER, Farm, World
from wire.live import SessionView


def test_address_and_farm(world: World, farm: Farm) -> None:
    assert show_session(world.ports, world.person(farm)) == SessionView(OWNER, farm.farm, "North")


def test_farm_without_a_record_is_called_by_its_id(world: World, farm: Farm) -> None:
    del world.store.items[keys.farm(farm.farm)]
    assert show_session(world.ports, world.person(farm)).farm_name == farm.farm
