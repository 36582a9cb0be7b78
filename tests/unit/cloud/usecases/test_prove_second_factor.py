"""A code of the offered secret turns the second factor on."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.domain.second_factor import kept
from cloud.usecases.offer_second_factor import offer_second_factor
from cloud.usecases.prove_second_factor import prove_second_factor
from cloud.usecases.sign_in import sign_in
from tests.fakes.second_factor import Telephone, with_second_factor
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.faults import Fault


def _refusal(world: World, code: str) -> tuple[str, int]:
    with pytest.raises(Fault) as caught:
        prove_second_factor(world.ports, OWNER, code)
    return caught.value.code, caught.value.status


def test_signing_in_takes_a_code_from_now_on(world: World, farm: Farm) -> None:
    telephone = with_second_factor(world)
    person = world.store.items[keys.person(OWNER)].read(Person)
    assert (person.totp_secret, person.totp_offered) == (telephone.secret, None)
    with pytest.raises(Fault) as caught:
        sign_in(world.ports, OWNER, PASSWORD)
    assert caught.value.code == "code_wanted"
    world.clock.advance(30)
    assert sign_in(world.ports, OWNER, PASSWORD, code=telephone.code(world.clock()))


def test_code_of_the_proof_is_spent(world: World, farm: Farm) -> None:
    telephone = with_second_factor(world)
    with pytest.raises(Fault) as caught:
        sign_in(world.ports, OWNER, PASSWORD, code=telephone.code(world.clock()))
    assert caught.value.code == "code_refused"


def test_ten_recovery_codes_are_shown_and_only_their_digests_kept(world: World, farm: Farm) -> None:
    telephone = with_second_factor(world)
    assert len(set(telephone.recovery)) == 10
    item = world.store.items[keys.person(OWNER)]
    assert item.read(Person).recovery_sha256 == kept(telephone.recovery)
    bare = [code.replace("-", "").encode() for code in telephone.recovery]
    assert all(code not in item.body for code in bare)
    for code in telephone.recovery:
        assert sign_in(world.ports, OWNER, PASSWORD, code=code)


def test_nothing_offered(world: World, farm: Farm) -> None:
    assert _refusal(world, "123456") == ("second_factor_not_offered", 409)
    with_second_factor(world)
    assert _refusal(world, "123456") == ("second_factor_not_offered", 409)


def test_wrong_code_leaves_the_offer(world: World, farm: Farm) -> None:
    offer = Telephone(offer_second_factor(world.ports, OWNER, PASSWORD).secret, [])
    assert _refusal(world, "000000") == ("code_refused", 422)
    assert _refusal(world, offer.code(world.clock() - 90)) == ("code_refused", 422)
    assert len(prove_second_factor(world.ports, OWNER, offer.code(world.clock())).codes) == 10
