"""One try and one verification, whoever is meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloud.domain import keys
from cloud.domain.tries import Tries
from cloud.usecases.check_password import check_password
from cloud.usecases.limit_tries import of_account, of_address
from tests.fakes.world import OWNER, PASSWORD, Farm, World


def _counts(world: World, address: str) -> list[int]:
    limits = of_account(OWNER, address), *of_address(address)
    found = (world.store.items.get(limit.key) for limit in limits)
    return [item.read(Tries).count if item else 0 for item in found]


def test_right_password_gives_the_account_and_the_address_its_try_back(world: World, farm: Farm) -> None:
    item = check_password(world.ports, OWNER, PASSWORD, "192.0.2.1")
    assert item == world.store.items[keys.person(OWNER)]
    assert _counts(world, "192.0.2.1") == [1, 0]


@pytest.mark.parametrize("email", [OWNER, "nobody@example.test"])
def test_wrong_password_stays_counted(world: World, farm: Farm, email: str) -> None:
    world.passwords.verified.clear()
    assert check_password(world.ports, email, "wrong", "192.0.2.1") is None
    assert len(world.passwords.verified) == 1
    assert _counts(world, "192.0.2.1") == [int(email == OWNER), 1]


def test_the_try_is_counted_before_it_is_verified(world: World, farm: Farm) -> None:
    seen = []
    verify = world.passwords.verify

    class Watching:
        hash = world.passwords.hash

        def verify(self, password: str, password_hash: str | None) -> bool:
            seen.append(_counts(world, "192.0.2.1"))
            return verify(password, password_hash)

    check_password(replace(world.ports, passwords=Watching()), OWNER, PASSWORD, "192.0.2.1")
    assert seen == [[1, 1]]
