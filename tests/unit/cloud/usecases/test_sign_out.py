"""Signing out ends this session and no other."""

from __future__ import annotations

import pytest

from cloud.domain import keys, tokens
from cloud.usecases.authorise_person import authorise_account
from cloud.usecases.create_agent import create_agent
from cloud.usecases.publish_live import publish_live
from cloud.usecases.sign_in import sign_in
from cloud.usecases.sign_out import sign_out
from tests.fakes.people import member
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.faults import Fault
from wire.messages import AgentKind


def _sign_out(world: World, farm: Farm) -> None:
    sign_out(world.ports, farm.email, tokens.sha256(farm.cookie))


def test_cookie_stops_working_and_the_other_browsers_goes_on(world: World, farm: Farm) -> None:
    other = sign_in(world.ports, OWNER, PASSWORD)
    _sign_out(world, farm)
    with pytest.raises(Fault, match="sign in"):
        authorise_account(world.ports, farm.cookie)
    assert authorise_account(world.ports, other).email == OWNER


def test_twice_is_nothing(world: World, farm: Farm) -> None:
    _sign_out(world, farm)
    before = dict(world.store.items)
    _sign_out(world, farm)
    assert world.store.items == before


def test_no_more_figures_go_to_its_pages_and_the_other_browsers_stay(world: World, farm: Farm) -> None:
    other = Farm(farm.farm, farm.email, sign_in(world.ports, OWNER, PASSWORD))
    for connection in ("c1", "c2"):
        world.watch(farm, connection)
    world.watch(other, "c3")
    _sign_out(world, farm)
    create_agent(world.ports, farm.farm, "new", AgentKind.CPU_GPU)
    publish_live(world.ports, world.store.changes)
    assert world.sockets.closed == ["c1", "c2"]
    assert set(world.sockets.sent) == {"c3"}
    assert keys.connection("c1") not in world.store.items


def test_its_pages_of_every_farm_end_and_nobody_elses(world: World, farm: Farm) -> None:
    south = world.farm("South", "south@example.test")
    there = member(world, south, OWNER)._replace(cookie=farm.cookie)
    world.watch(farm, "c1")
    world.watch(there, "c2")
    world.watch(south, "c3")
    _sign_out(world, farm)
    assert sorted(world.sockets.closed) == ["c1", "c2"]


def test_of_an_account_that_has_gone(world: World, farm: Farm) -> None:
    del world.store.items[keys.person(OWNER)]
    _sign_out(world, farm)
    assert keys.session(OWNER, tokens.sha256(farm.cookie)) not in world.store.items
