"""A new password counts at once, the old one no more."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.usecases.authorise_person import authorise_person
from cloud.usecases.renew_socket import renew_socket
from cloud.usecases.set_password import set_password
from cloud.usecases.sign_in import sign_in
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.faults import Fault


def test_only_the_new_password_works(world: World, farm: Farm) -> None:
    set_password(world.ports, OWNER, "quite-another")
    assert sign_in(world.ports, OWNER, "quite-another")
    with pytest.raises(Fault, match="wrong"):
        sign_in(world.ports, OWNER, PASSWORD)
    assert world.store.items[keys.person(OWNER)].revision == 2


def test_sessions_and_sockets_opened_before_it_end(world: World, farm: Farm) -> None:
    other = world.farm("South", "south@example.test")
    world.watch(farm, "c1")
    world.watch(other, "c2")
    set_password(world.ports, OWNER, "quite-another")
    with pytest.raises(Fault, match="sign in"):
        authorise_person(world.ports, farm.cookie)
    assert world.sockets.closed == ["c1"]
    assert not renew_socket(world.ports, "c1")
    assert renew_socket(world.ports, "c2")
    again = sign_in(world.ports, OWNER, "quite-another")
    assert authorise_person(world.ports, again).farm == farm.farm
    assert authorise_person(world.ports, other.cookie).farm == other.farm


def test_unknown_account(world: World) -> None:
    with pytest.raises(Fault) as caught:
        set_password(world.ports, OWNER, "x")
    assert (caught.value.code, caught.value.status) == ("account_unknown", 404)
    assert world.store.items == {}


def test_two_changes_at_once_do_not_both_win(world: World, farm: Farm) -> None:
    world.store.interruptions = [lambda: set_password(world.ports, OWNER, "first")]
    with pytest.raises(Fault) as caught:
        set_password(world.ports, OWNER, "second")
    assert (caught.value.code, caught.value.status) == ("try_again", 409)
    assert sign_in(world.ports, OWNER, "first")
