"""Whose account a provider's word opens, and whose it must never open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.ports import Item, Put, Voucher, Write
from cloud.usecases.accept_invitation import accept_invitation
from cloud.usecases.invite_person import invite_person
from cloud.usecases.recognise_person import recognise_person
from tests.fakes.provider import ISSUER
from tests.fakes.store import MemoryStore
from tests.fakes.world import OWNER, Farm, World
from wire.faults import Fault
from wire.people import InvitationRequest, Role

GUEST = "guest@example.test"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def farm(world: World) -> Farm:
    return world.farm()


def _voucher(email: str | None = OWNER, subject: str = "subject-1", *, verified: bool = True) -> Voucher:
    return Voucher(ISSUER, subject, email, email_verified=verified)


def _person(world: World, email: str = OWNER) -> Person:
    return world.store.items[keys.person(email)].read(Person)


def _change(world: World, person: Person) -> None:
    item = world.store.items[keys.person(person.email)]
    world.store.write(Put(Item.of(item.key, person, revision=item.revision + 1)))


def _refused(world: World, voucher: Voucher) -> str:
    before = dict(world.store.items)
    with pytest.raises(Fault) as refused:
        recognise_person(world.ports, voucher)
    assert world.store.items == before
    return refused.value.code


def _invite(world: World, farm: Farm, email: str | None = GUEST, role: Role = Role.VIEWER) -> str:
    """The secret of its link."""
    made = invite_person(world.ports, farm.farm, OWNER, InvitationRequest(role, email=email))
    return made.link.rpartition("/")[2]


def test_a_verified_account_is_linked_and_then_known_by_its_subject(world: World, farm: Farm) -> None:
    linked = recognise_person(world.ports, _voucher(" Owner@Example.TEST "))
    assert linked == _person(world)
    assert (linked.email, linked.identity) == (OWNER, (ISSUER, "subject-1"))
    for email in ("moved@example.test", None):
        assert recognise_person(world.ports, _voucher(email, verified=False)) == linked


def test_an_address_that_the_provider_did_not_verify_opens_nothing(world: World, farm: Farm) -> None:
    assert _refused(world, _voucher(verified=False)) == "no_account"
    assert _refused(world, _voucher(None)) == "no_account"
    assert _refused(world, _voucher(" ")) == "no_account"
    assert _refused(world, _voucher("x" * 400)) == "no_account"


def test_an_account_that_nobody_confirmed_is_not_taken_over(world: World, farm: Farm) -> None:
    """Whoever made it in another's name would else stay in, by the password, once the other links it."""
    _change(world, msgspec.structs.replace(_person(world), verified=False))
    assert _refused(world, _voucher()) == "account_unverified"


def test_an_account_of_an_older_program_was_made_by_the_operator(world: World, farm: Farm) -> None:
    old = msgspec.structs.replace(_person(world), verified=False, farm=farm.farm, farms={})
    _change(world, old)
    assert recognise_person(world.ports, _voucher()).memberships.keys() == {farm.farm}


def test_an_address_given_to_somebody_else_opens_nothing_of_the_first(world: World, farm: Farm) -> None:
    recognise_person(world.ports, _voucher())
    assert _refused(world, _voucher(subject="subject-2")) == "other_identity"


def test_another_provider_takes_the_place_of_the_first(world: World, farm: Farm) -> None:
    recognise_person(world.ports, _voucher())
    moved = replace(_voucher(), issuer="https://new.example.test")
    assert recognise_person(world.ports, moved).identity == ("https://new.example.test", "subject-1")
    assert keys.identity(ISSUER, "subject-1") not in world.store.items
    assert _refused(world, _voucher("other@example.test")) == "no_account"


def test_nobody_makes_an_account_for_themselves(world: World, farm: Farm) -> None:
    _invite(world, farm, "somebody.else@example.test")
    _invite(world, farm, None)
    assert _refused(world, _voucher(GUEST)) == "no_account"


def test_who_is_invited_gets_an_account_without_a_password(world: World, farm: Farm) -> None:
    secret = _invite(world, farm, role=Role.OPERATOR)
    made = recognise_person(world.ports, _voucher(GUEST.upper()))
    assert made == _person(world, GUEST)
    assert (made.email, made.password_hash, made.verified, made.memberships) == (GUEST, "", True, {})
    assert recognise_person(world.ports, _voucher(None)) == made
    accept_invitation(world.ports, GUEST, secret)
    assert recognise_person(world.ports, _voucher(None)).memberships.keys() == {farm.farm}
    assert _refused(world, _voucher(GUEST, "subject-2")) == "other_identity"


def test_a_withdrawn_or_expired_invitation_opens_nothing(world: World, farm: Farm) -> None:
    _invite(world, farm)
    world.clock.advance(world.ports.policy.invitation_s)
    with pytest.raises(Fault) as refused:
        recognise_person(world.ports, _voucher(GUEST))
    assert refused.value.code == "no_account"


def test_a_lost_link_is_written_again(world: World, farm: Farm) -> None:
    linked = recognise_person(world.ports, _voucher())
    del world.store.items[keys.identity(ISSUER, "subject-1")]
    assert recognise_person(world.ports, _voucher()) == linked
    assert recognise_person(world.ports, _voucher(None)) == linked


def test_a_link_that_the_account_does_not_confirm_is_void(world: World, farm: Farm) -> None:
    recognise_person(world.ports, _voucher())
    _change(world, msgspec.structs.replace(_person(world), identity=None))
    assert _refused(world, _voucher(None)) == "no_account"


class Hurried(MemoryStore):
    """Somebody changes the account just before the first commit."""

    hurry: Person | None = None

    def commit(self, writes: Sequence[Write]) -> bool:
        if self.hurry is not None:
            person, self.hurry = self.hurry, None
            item = self.items[keys.person(person.email)]
            self.write(Put(Item.of(item.key, person, revision=item.revision + 1)))
        return super().commit(writes)


def test_a_change_meanwhile_is_not_overwritten(world: World, farm: Farm) -> None:
    store = Hurried(world.clock)
    store.items.update(world.store.items)
    store.hurry = msgspec.structs.replace(_person(world), generation=7)
    ports = replace(world.ports, store=store)
    assert recognise_person(ports, _voucher()).generation == 7
    kept = store.items[keys.person(OWNER)].read(Person)
    assert (kept.generation, kept.identity) == (7, (ISSUER, "subject-1"))
