"""A session lasts until it ends, or its person has another password."""

from __future__ import annotations

from cloud.domain import keys, tokens
from cloud.domain.people import Membership, Person
from cloud.ports import Item, Put
from cloud.usecases.find_session import find_membership, find_person
from cloud.usecases.set_password import set_password
from cloud.usecases.sign_out import sign_out
from tests.fakes.people import member, remove_member
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, Farm, World
from wire.people import Role


def _found(world: World, farm: Farm) -> bool:
    person = find_person(world.ports, farm.email, tokens.sha256(farm.cookie))
    return person is not None and person.email == farm.email


def _place(world: World, farm: Farm, of: str) -> Membership | None:
    return find_membership(world.ports, farm.email, tokens.sha256(farm.cookie), of)


def test_a_session_is_found_by_its_person_and_the_digest_of_its_cookie_in_one_read(
    world: World, farm: Farm
) -> None:
    world.store.calls.clear()
    assert _found(world, farm)
    assert world.store.verbs == ["get_many"]
    assert find_person(world.ports, OWNER, farm.cookie) is None


def test_nobody_has_another_persons_session(world: World, farm: Farm) -> None:
    south = world.farm("South", "south@example.test")
    assert not _found(world, south._replace(email=OWNER))
    assert _place(world, farm, south.farm) is None


def test_it_ends_with_signing_out(world: World, farm: Farm) -> None:
    sign_out(world.ports, OWNER, tokens.sha256(farm.cookie))
    assert not _found(world, farm)
    assert _place(world, farm, farm.farm) is None


def test_it_ends_with_the_password(world: World, farm: Farm) -> None:
    set_password(world.ports, OWNER, "another password")
    assert not _found(world, farm)


def test_it_ends_with_its_time(world: World, farm: Farm) -> None:
    world.clock.advance(world.ports.policy.session_s)
    assert not _found(world, farm)


def test_the_place_is_of_the_farm_that_is_asked_for(world: World, farm: Farm) -> None:
    south = world.farm("South", "south@example.test")
    member(world, south, OWNER, Role.VIEWER, ("Ann",))
    assert _place(world, farm, farm.farm) == Membership(Role.OWNER, None, NOW)
    assert _place(world, farm, south.farm) == Membership(Role.VIEWER, ("Ann",), NOW)
    remove_member(world, south.farm, OWNER)
    assert _place(world, farm, south.farm) is None
    assert _place(world, farm, "farm_unknown") is None


def test_person_of_an_older_program_owns_their_farm(world: World, farm: Farm) -> None:
    older = Person(OWNER, farm.farm, "hash", NOW)
    world.ports.store.write(Put(Item.of(keys.person(OWNER), older, revision=2)))
    assert _place(world, farm, farm.farm) == Membership(Role.OWNER, None, NOW)
