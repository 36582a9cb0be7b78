"""A code counts once, and guessing is counted by the account alone."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.domain.tries import Tries
from cloud.ports import Item
from cloud.usecases.limit_tries import CODES_FREE, of_codes
from cloud.usecases.take_code import take_code
from tests.fakes.second_factor import Telephone, with_second_factor
from tests.fakes.world import OWNER, Farm, World
from wire.faults import Fault


@pytest.fixture
def telephone(world: World, farm: Farm) -> Telephone:
    found = with_second_factor(world)
    world.clock.advance(60)
    return found


def _account(world: World) -> Item:
    return world.store.items[keys.person(OWNER)]


def test_right_code_is_spent_and_wrong_ones_before_forgotten(world: World, telephone: Telephone) -> None:
    for _ in range(3):
        with pytest.raises(Fault, match="wrong, too old or was used"):
            take_code(world.ports, _account(world), "000000")
    assert world.store.items[of_codes(OWNER).key].read(Tries).count == 3
    item = take_code(world.ports, _account(world), telephone.code(world.clock()))
    assert item == _account(world)
    assert item.read(Person).totp_step == int(world.clock() // 30)
    assert of_codes(OWNER).key not in world.store.items


def test_status_is_the_askers(world: World, telephone: Telephone) -> None:
    with pytest.raises(Fault) as caught:
        take_code(world.ports, _account(world), "", status=403)
    assert (caught.value.code, caught.value.status, caught.value.field) == ("code_refused", 403, "code")


def test_guesses_run_out(world: World, telephone: Telephone) -> None:
    codes = []
    for number in range(CODES_FREE + 2):
        with pytest.raises(Fault) as caught:
            take_code(world.ports, _account(world), f"{number:06d}")
        codes.append(caught.value.code)
    assert codes == ["code_refused"] * CODES_FREE + ["too_many_sign_ins"] * 2


def test_what_was_read_before_somebody_elses_change_is_not_written_back(
    world: World, telephone: Telephone
) -> None:
    old, code = _account(world), telephone.code(world.clock())
    take_code(world.ports, old, telephone.recovery[0])
    with pytest.raises(Fault) as caught:
        take_code(world.ports, old, code)
    assert caught.value.code == "try_again"
    assert len(_account(world).read(Person).recovery_sha256) == 9
