"""New accounts, which only the invited make."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloud.domain import keys
from cloud.domain.people import AuditEntry, Person
from cloud.domain.principals import AccountPrincipal, Actor
from cloud.domain.tokens import sha256
from cloud.usecases.authorise_person import authorise_account
from cloud.usecases.find_invitation import find_invitation
from cloud.usecases.join_by_invitation import join_by_invitation
from cloud.usecases.link_invitation import mail_invitation
from cloud.usecases.open_session import Origin
from cloud.usecases.sign_in import sign_in
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from tests.unit.cloud.usecases.seats import (
    ANN,
    BOB,
    UNKNOWN_SECRET,
    acts,
    fault_of,
    invited,
    places,
    roles,
    secret_of,
)
from wire.faults import Fault
from wire.people import Joining, Role

HOME = Origin("192.0.2.1", "a browser")


def _join(world: World, secret: str, email: str = ANN, password: str = PASSWORD) -> str:
    return join_by_invitation(world.ports, Joining(secret, email, password), HOME)


def _refused(world: World, secret: str, email: str = ANN, password: str = PASSWORD) -> tuple[str, int]:
    before = {key: item for key, item in world.store.items.items() if item.kind != "tries"}
    with pytest.raises(Fault) as caught:
        _join(world, secret, email, password)
    assert {key: item for key, item in world.store.items.items() if item.kind != "tries"} == before
    return fault_of(caught)


@pytest.mark.parametrize("email", [None, ANN])
def test_the_invited_get_an_account_a_place_and_a_session(
    world: World, farm: Farm, email: str | None
) -> None:
    made = invited(world, farm, Role.OPERATOR, ("Ann",), email)
    cookie = _join(world, secret_of(made), " Ann@example.test ")
    assert authorise_account(world.ports, cookie) == AccountPrincipal(ANN, sha256(cookie))
    person = world.store.items[keys.person(ANN)].read(Person)
    assert (person.email, person.farm, person.created_at) == (ANN, "", NOW)
    assert (places(world, farm.farm)[ANN].role, places(world, farm.farm)[ANN].clients) == (
        Role.OPERATOR,
        ("Ann",),
    )
    assert sign_in(world.ports, ANN, PASSWORD)


def test_both_logs_say_so(world: World, farm: Farm) -> None:
    secret = secret_of(invited(world, farm))
    world.ports = replace(world.ports, actor=Actor("", HOME.address))
    _join(world, secret)
    line = acts(world, farm.farm)[-1]
    assert (line.by, line.action) == (ANN, "accept_invitation")
    items = (item for item in world.store.items.values() if item.key.pk == keys.audit_pk(None))
    own = [item.read(AuditEntry) for item in items if item.kind == "auditentry"]
    assert (own[-1].by, own[-1].action, own[-1].thing) == (ANN, "create_account", f"account {ANN}")


def test_only_a_link_out_of_a_letter_proves_the_address(world: World, farm: Farm) -> None:
    """An owner who invites an address sees a link to it as well, and must not pass for its reader."""
    for email in (ANN, BOB):
        made = invited(world, farm, email=email)
        mailed = mail_invitation(world.ports, farm.farm, made.invitation.invitation)
        assert mailed is not None
        _join(world, secret_of(made) if email == ANN else mailed.link.partition("#/invitation/")[2], email)
    verified = {email: world.store.items[keys.person(email)].read(Person).verified for email in (ANN, BOB)}
    assert verified == {ANN: False, BOB: True}


def test_it_works_once(world: World, farm: Farm) -> None:
    secret = secret_of(invited(world, farm))
    _join(world, secret)
    assert _refused(world, secret, BOB) == ("invitation_unknown", 404)


@pytest.mark.parametrize(
    ("email", "password", "refusal"),
    [
        ("ann", PASSWORD, ("bad_email", 422)),
        ("a\x00nn@example.test", PASSWORD, ("bad_email", 422)),
        (ANN, "short", ("bad_password", 422)),
        (ANN, ANN.upper(), ("bad_password", 422)),
        (OWNER, PASSWORD, ("account_exists", 409)),
        ("OWNER@example.test", PASSWORD, ("account_exists", 409)),
    ],
)
def test_refused_the_invitation_stays_open(
    world: World, farm: Farm, email: str, password: str, refusal: tuple[str, int]
) -> None:
    secret = secret_of(invited(world, farm))
    assert _refused(world, secret, email, password) == refusal
    assert find_invitation(world.ports, secret).roll.farm == farm.farm
    assert _join(world, secret)


def test_an_invitation_to_an_address_is_for_that_address(world: World, farm: Farm) -> None:
    secret = secret_of(invited(world, farm, email=BOB))
    assert _refused(world, secret, ANN) == ("invited_another", 409)
    assert _refused(world, secret, OWNER) == ("invited_another", 409)


def test_without_an_invitation_nothing_is_told_of_accounts(world: World, farm: Farm) -> None:
    assert _refused(world, UNKNOWN_SECRET, OWNER) == _refused(world, UNKNOWN_SECRET, ANN)
    assert "tries" not in world.kinds()


def test_asking_who_has_an_account_is_slow(world: World, farm: Farm) -> None:
    world.farm("South", BOB)
    secret = secret_of(invited(world, farm))
    answers = [_refused(world, secret, (OWNER, BOB)[number % 2])[0] for number in range(25)]
    assert answers[:20] == ["account_exists"] * 20
    assert answers[20:] == ["too_many_sign_ins"] * 5
    assert _refused(world, secret, "unknown@example.test") == ("too_many_sign_ins", 429)
    elsewhere = Origin("198.51.100.7")
    assert join_by_invitation(world.ports, Joining(secret, ANN, PASSWORD), elsewhere)


def test_joining_costs_no_try(world: World, farm: Farm) -> None:
    """Or many who join from one office would keep the rest of it out."""
    _join(world, secret_of(invited(world, farm)))
    assert "tries" not in world.kinds()


def test_two_who_join_by_one_link_at_once_are_one_member(world: World, farm: Farm) -> None:
    secret = secret_of(invited(world, farm))
    # The first write counts the try; the second is the commit that makes the account.
    world.store.interruptions = [lambda: None, lambda: _join(world, secret, BOB)]
    assert _refused_now(world, secret) == ("invitation_unknown", 404)
    assert roles(world, farm.farm) == {OWNER: Role.OWNER, BOB: Role.VIEWER}
    assert keys.person(ANN) not in world.store.items


def test_two_accounts_for_one_address_at_once_are_one(world: World, farm: Farm) -> None:
    secrets = [secret_of(invited(world, farm)) for _ in range(2)]
    world.store.interruptions = [lambda: None, lambda: _join(world, secrets[1], ANN, "another-long-word")]
    assert _refused_now(world, secrets[0]) == ("account_exists", 409)
    assert sign_in(world.ports, ANN, "another-long-word")
    assert find_invitation(world.ports, secrets[0]).roll.farm == farm.farm


def _refused_now(world: World, secret: str) -> tuple[str, int]:
    with pytest.raises(Fault) as caught:
        _join(world, secret)
    return fault_of(caught)
