"""The secret of a letter sets a password, once and for an hour."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.domain.permissions import VIEW
from cloud.ports import Item, Put
from cloud.usecases.authorise_person import Proof, authorise_account, authorise_person
from cloud.usecases.reset_password import new_reset, reset_password
from cloud.usecases.set_password import set_password
from cloud.usecases.sign_in import sign_in
from tests.fakes.people import bearer_of
from tests.fakes.ports import FakePasswords
from tests.fakes.second_factor import with_second_factor
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.faults import Fault

NEW = "quite-another"


@pytest.fixture
def secret(world: World, farm: Farm) -> str:
    made = new_reset(world.ports, OWNER)
    assert made is not None
    return made


def _refusal(world: World, secret: str, new: str = NEW) -> tuple[str, int]:
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        reset_password(world.ports, secret, new)
    assert world.store.items == before
    return caught.value.code, caught.value.status


def test_new_password_counts_and_every_session_and_socket_ends(world: World, farm: Farm, secret: str) -> None:
    world.watch(farm, "c1")
    reset_password(world.ports, secret, NEW)
    assert sign_in(world.ports, OWNER, NEW)
    with pytest.raises(Fault, match="wrong"):
        sign_in(world.ports, OWNER, PASSWORD)
    with pytest.raises(Fault, match="sign in"):
        authorise_account(world.ports, farm.cookie)
    assert world.sockets.closed == ["c1"]


def test_secret_works_once_and_is_stored_nowhere(world: World, secret: str) -> None:
    assert all(secret not in f"{item}" for item in world.store.items.values())
    reset_password(world.ports, secret, NEW)
    assert _refusal(world, secret, "yet-another-one") == ("link_refused", 404)


def test_of_two_at_once_one_wins(world: World, secret: str) -> None:
    world.store.interruptions = [lambda: reset_password(world.ports, secret, "the first of two")]
    with pytest.raises(Fault, match="used"):
        reset_password(world.ports, secret, "the second of two")
    assert sign_in(world.ports, OWNER, "the first of two")


def test_secret_expires(world: World, secret: str) -> None:
    world.clock.advance(3600)
    assert _refusal(world, secret) == ("link_refused", 404)


def test_any_other_new_password_ends_it(world: World, secret: str) -> None:
    other = new_reset(world.ports, OWNER)
    set_password(world.ports, OWNER, "set meanwhile")
    assert _refusal(world, secret) == ("link_refused", 404)
    assert _refusal(world, other or "") == ("link_refused", 404)


def test_bad_password_leaves_the_link(world: World, secret: str) -> None:
    assert _refusal(world, secret, "too short") == ("bad_password", 422)
    assert _refusal(world, secret, OWNER) == ("bad_password", 422)
    reset_password(world.ports, secret, NEW)


class Counting(FakePasswords):
    """Counts what is hashed."""

    hashed = 0

    def hash(self, password: str) -> str:
        self.hashed += 1
        return super().hash(password)


def test_nothing_is_hashed_for_whoever_guesses(world: World, farm: Farm) -> None:
    """It would take 64 MB."""
    passwords = Counting()
    with pytest.raises(Fault, match="unknown"):
        reset_password(replace(world.ports, passwords=passwords), "x" * 43, NEW)
    assert passwords.hashed == 0


def test_account_is_verified_for_its_holder_reads_its_letters(world: World, secret: str) -> None:
    item = world.store.items[keys.person(OWNER)]
    unverified = msgspec.structs.replace(item.read(Person), verified=False, password_hash="")
    world.store.write(Put(Item.of(item.key, unverified, revision=7)))
    reset_password(world.ports, secret, NEW)
    assert world.store.items[item.key].read(Person).verified
    assert sign_in(world.ports, OWNER, NEW)


def test_second_factor_stays_on(world: World, secret: str) -> None:
    telephone = with_second_factor(world)
    reset_password(world.ports, secret, NEW)
    with pytest.raises(Fault) as caught:
        sign_in(world.ports, OWNER, NEW)
    assert caught.value.code == "code_wanted"
    assert sign_in(world.ports, OWNER, NEW, code=telephone.recovery[0])


def test_what_a_stranger_left_in_an_unverified_account_to_come_back_by_ends(
    world: World, farm: Farm, secret: str
) -> None:
    with_second_factor(world)
    key = bearer_of(world, farm.farm, OWNER)
    item = world.store.items[keys.person(OWNER)]
    strangers = msgspec.structs.replace(item.read(Person), verified=False, identity=("https://id.test", "7"))
    world.store.write(Put(Item.of(item.key, strangers, revision=item.revision + 1)))
    reset_password(world.ports, secret, NEW)
    assert sign_in(world.ports, OWNER, NEW)
    assert world.store.items[item.key].read(Person).identity is None
    with pytest.raises(Fault, match="not known"):
        authorise_person(world.ports, Proof(authorization=key), VIEW)


def test_api_tokens_outlive_a_reset_of_a_verified_account(world: World, farm: Farm, secret: str) -> None:
    key = bearer_of(world, farm.farm, OWNER)
    reset_password(world.ports, secret, NEW)
    assert authorise_person(world.ports, Proof(authorization=key), VIEW).email == OWNER


def test_no_account_no_secret(world: World) -> None:
    assert new_reset(world.ports, OWNER) is None
    assert world.store.items == {}
