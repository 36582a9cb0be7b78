"""Ending the second factor takes what signing in takes."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.usecases.end_second_factor import end_second_factor
from cloud.usecases.limit_tries import ACCOUNT_FREE
from cloud.usecases.sign_in import sign_in
from tests.fakes.second_factor import Telephone, with_second_factor
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.faults import Fault
from wire.people import SecondFactorEnd


@pytest.fixture
def telephone(world: World, farm: Farm) -> Telephone:
    found = with_second_factor(world)
    world.clock.advance(60)
    return found


def _end(world: World, password: str, code: str) -> None:
    end_second_factor(world.ports, OWNER, SecondFactorEnd(password, code))


def _refusal(world: World, password: str, code: str) -> tuple[str, int, str]:
    with pytest.raises(Fault) as caught:
        _end(world, password, code)
    return caught.value.code, caught.value.status, caught.value.field


def test_password_and_code_end_it(world: World, telephone: Telephone) -> None:
    _end(world, PASSWORD, telephone.code(world.clock()))
    person = world.store.items[keys.person(OWNER)].read(Person)
    assert (person.totp_secret, person.recovery_sha256) == (None, ())
    assert sign_in(world.ports, OWNER, PASSWORD)


def test_a_recovery_code_will_do(world: World, telephone: Telephone) -> None:
    _end(world, PASSWORD, telephone.recovery[3])
    assert sign_in(world.ports, OWNER, PASSWORD)


def test_neither_alone(world: World, telephone: Telephone) -> None:
    code = telephone.code(world.clock())
    assert _refusal(world, "wrong", code) == ("password_wrong", 403, "password")
    assert _refusal(world, PASSWORD, "000000") == ("code_refused", 403, "code")
    assert _refusal(world, PASSWORD, "") == ("code_refused", 403, "code")
    assert world.store.items[keys.person(OWNER)].read(Person).totp_secret


def test_it_counts_as_tries_to_sign_in(world: World, telephone: Telephone) -> None:
    codes = [_refusal(world, "wrong", "")[0] for _ in range(ACCOUNT_FREE + 1)]
    assert codes == ["password_wrong"] * ACCOUNT_FREE + ["too_many_sign_ins"]


def test_nothing_to_end(world: World, farm: Farm) -> None:
    assert _refusal(world, PASSWORD, "123456")[:2] == ("second_factor_off", 409)
