"""Signing out ends this session and no other."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.usecases.authorise_person import authorise_person
from cloud.usecases.create_agent import create_agent
from cloud.usecases.publish_live import publish_live
from cloud.usecases.sign_in import sign_in
from cloud.usecases.sign_out import sign_out
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.faults import Fault
from wire.messages import AgentKind


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


def test_no_more_figures_go_to_its_pages_and_the_other_browsers_stay(world: World, farm: Farm) -> None:
    other = Farm(farm.farm, farm.email, sign_in(world.ports, OWNER, PASSWORD))
    for connection in ("c1", "c2"):
        world.watch(farm, connection)
    world.watch(other, "c3")
    sign_out(world.ports, world.person(farm))
    create_agent(world.ports, farm.farm, "new", AgentKind.CPU_GPU)
    publish_live(world.ports, world.store.changes)
    assert world.sockets.closed == ["c1", "c2"]
    assert set(world.sockets.sent) == {"c3"}
    assert keys.connection("c1") not in world.store.items
