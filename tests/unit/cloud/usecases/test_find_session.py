"""A session lasts until it ends, or its person has another password."""

from __future__ import annotations

from cloud.usecases.find_session import find_session
from cloud.usecases.set_password import set_password
from cloud.usecases.sign_out import sign_out
from tests.fakes.world import OWNER, Farm, World


def _found(world: World, digest: str) -> bool:
    session = find_session(world.ports, digest)
    return session is not None and session.email == OWNER


def test_a_session_is_found_by_the_digest_of_its_cookie(world: World, farm: Farm) -> None:
    assert _found(world, world.person(farm).session)
    assert find_session(world.ports, farm.cookie) is None


def test_it_ends_with_signing_out(world: World, farm: Farm) -> None:
    person = world.person(farm)
    sign_out(world.ports, person)
    assert not _found(world, person.session)


def test_it_ends_with_the_password(world: World, farm: Farm) -> None:
    person = world.person(farm)
    set_password(world.ports, OWNER, "another password")
    assert not _found(world, person.session)
