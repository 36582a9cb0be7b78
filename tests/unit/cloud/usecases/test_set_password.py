"""A new password by the operator's word ends whatever was opened with the old one."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.domain.permissions import VIEW
from cloud.usecases.authorise_person import Proof, authorise_person
from cloud.usecases.renew_socket import renew_socket
from cloud.usecases.set_password import set_password
from cloud.usecases.sign_in import sign_in
from tests.fakes.second_factor import with_second_factor
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.faults import Fault

NEW = "quite-another"


def test_only_the_new_password_works(world: World, farm: Farm) -> None:
    set_password(world.ports, OWNER.upper(), NEW)
    assert sign_in(world.ports, OWNER, NEW)
    with pytest.raises(Fault, match="wrong"):
        sign_in(world.ports, OWNER, PASSWORD)


def test_sessions_and_sockets_opened_before_it_end(world: World, farm: Farm) -> None:
    other = world.farm("South", "south@example.test")
    world.watch(farm, "c1")
    world.watch(other, "c2")
    set_password(world.ports, OWNER, NEW)
    with pytest.raises(Fault, match="sign in"):
        authorise_person(world.ports, Proof(farm.cookie), VIEW)
    assert world.sockets.closed == ["c1"]
    assert not renew_socket(world.ports, "c1")
    assert renew_socket(world.ports, "c2")
    again = sign_in(world.ports, OWNER, NEW)
    assert authorise_person(world.ports, Proof(again), VIEW).farm == farm.farm
    assert authorise_person(world.ports, Proof(other.cookie), VIEW).farm == other.farm


def test_unknown_account(world: World) -> None:
    with pytest.raises(Fault) as caught:
        set_password(world.ports, OWNER, NEW)
    assert (caught.value.code, caught.value.status) == ("account_unknown", 404)
    assert world.store.items == {}


def test_two_changes_at_once_do_not_both_win(world: World, farm: Farm) -> None:
    world.store.interruptions = [lambda: set_password(world.ports, OWNER, "the first of two")]
    with pytest.raises(Fault) as caught:
        set_password(world.ports, OWNER, "the second of two")
    assert (caught.value.code, caught.value.status) == ("try_again", 409)
    assert sign_in(world.ports, OWNER, "the first of two")


def test_password_is_one_that_counts(world: World, farm: Farm) -> None:
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        set_password(world.ports, OWNER, "too short")
    assert caught.value.code == "bad_password"
    assert world.store.items == before


def test_second_factor_stays_unless_it_is_ended(world: World, farm: Farm) -> None:
    with_second_factor(world)
    set_password(world.ports, OWNER, NEW)
    with pytest.raises(Fault, match="code"):
        sign_in(world.ports, OWNER, NEW)
    set_password(world.ports, OWNER, NEW, end_second_factor=True)
    assert sign_in(world.ports, OWNER, NEW)
    assert world.store.items[keys.person(OWNER)].read(Person).recovery_sha256 == ()
