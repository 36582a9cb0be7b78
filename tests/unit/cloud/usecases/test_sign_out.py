"""Signing out ends this session and no other."""

from __future__ import annotations

import pytest

from cloud.usecases.authorise_person import authorise_person
from cloud.usecases.sign_in import sign_in
from cloud.usecases.sign_out import sign_out
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.faults import Fault


def test_cookie_stops_working_and_the_other_browsers_goes_on(world: World, farm: Farm) -> None:
    other = sign_in(world.ports, OWNER, PASSWORD)
    sign_out(world.ports, world.person(farm))
    with pytest.raises(Fault, match="sign in"):
        authorise_person(world.ports, farm.cookie)
    assert authorise_person(world.ports, other).email == OWNER


def test_twice_is_nothing(world: World, farm: Farm) -> None:
    person = world.person(farm)
    sign_out(world.ports, person)
    before = dict(world.store.items)
    sign_out(world.ports, person)
    assert world.store.items == before
