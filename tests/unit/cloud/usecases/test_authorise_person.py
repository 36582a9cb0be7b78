"""Who a cookie belongs to, and until when."""

from __future__ import annotations

import pytest

from cloud.domain import keys, tokens
from cloud.domain.principals import PersonPrincipal
from cloud.domain.records import Session
from cloud.domain.session_cookie import new_cookie
from cloud.ports import Delete, Item, Put
from cloud.usecases.authorise_person import authorise_person
from cloud.usecases.set_password import set_password
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, Farm, World
from wire.faults import Fault


def test_cookie_proves_the_person(world: World, farm: Farm) -> None:
    expected = PersonPrincipal(OWNER, farm.farm, tokens.sha256(farm.cookie))
    assert authorise_person(world.ports, farm.cookie) == expected


@pytest.mark.parametrize("cookie", [None, "", "unknown", "é" * 100])
def test_anything_else_is_not_signed_in(world: World, farm: Farm, cookie: str | None) -> None:
    with pytest.raises(Fault) as caught:
        authorise_person(world.ports, cookie)
    assert (caught.value.code, caught.value.status) == ("not_signed_in", 401)


def test_digest_of_a_session_is_no_cookie(world: World, farm: Farm) -> None:
    with pytest.raises(Fault, match="sign in"):
        authorise_person(world.ports, tokens.sha256(farm.cookie))


def test_session_expires(world: World, farm: Farm) -> None:
    world.clock.advance(world.ports.policy.session_s - 1)
    assert authorise_person(world.ports, farm.cookie).farm == farm.farm
    world.clock.advance(1)
    with pytest.raises(Fault, match="sign in"):
        authorise_person(world.ports, farm.cookie)


def test_store_is_not_asked_without_a_cookie(world: World) -> None:
    with pytest.raises(Fault):
        authorise_person(world.ports, None)
    assert world.store.calls == []


def test_one_read_for_session_and_person(world: World, farm: Farm) -> None:
    world.store.calls.clear()
    authorise_person(world.ports, farm.cookie)
    assert world.store.verbs == ["get_many"]


def test_a_new_password_ends_every_session_before_it(world: World, farm: Farm) -> None:
    set_password(world.ports, OWNER, "quite-another")
    with pytest.raises(Fault, match="sign in"):
        authorise_person(world.ports, farm.cookie)


def _older_session(world: World, farm: Farm) -> str:
    """As programs before passwords were counted kept it: bytes without the field, a cookie without a name."""
    cookie = "c" * 43
    key = keys.session(tokens.sha256(cookie))
    body = b'{"email":"%s","farm":"%s","created_at":%f}' % (OWNER.encode(), farm.farm.encode(), NOW)
    world.store.write(Put(Item(key, "session", body, expires_at=int(NOW) + 1000)))
    return cookie


def test_session_of_an_older_program_goes_on_until_the_password_changes(world: World, farm: Farm) -> None:
    cookie = _older_session(world, farm)
    assert authorise_person(world.ports, cookie).farm == farm.farm
    set_password(world.ports, OWNER, "quite-another")
    with pytest.raises(Fault, match="sign in"):
        authorise_person(world.ports, cookie)


def test_session_of_nobody_is_none(world: World, farm: Farm) -> None:
    world.store.write(Delete(keys.person(OWNER)))
    with pytest.raises(Fault, match="sign in"):
        authorise_person(world.ports, farm.cookie)


def test_another_person_cannot_be_put_behind_a_secret(world: World, farm: Farm) -> None:
    world.farm("South", "south@example.test")
    secret = farm.cookie.partition(".")[0]
    with pytest.raises(Fault, match="sign in"):
        authorise_person(world.ports, new_cookie(secret, "south@example.test"))


def test_sessions_are_kept_by_generation(world: World, farm: Farm) -> None:
    set_password(world.ports, OWNER, "quite-another")
    item = world.store.items[keys.session(tokens.sha256(farm.cookie))]
    assert item.read(Session).generation == 0
