"""A new password counts at once, the old one no more."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.usecases.set_password import set_password
from cloud.usecases.sign_in import sign_in
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.faults import Fault


def test_only_the_new_password_works(world: World, farm: Farm) -> None:
    set_password(world.ports, OWNER, "quite-another")
    assert sign_in(world.ports, OWNER, "quite-another")
    with pytest.raises(Fault, match="wrong"):
        sign_in(world.ports, OWNER, PASSWORD)
    assert world.store.items[keys.person(OWNER)].revision == 2


def test_unknown_account(world: World) -> None:
    with pytest.raises(Fault) as caught:
        set_password(world.ports, OWNER, "x")
    assert (caught.value.code, caught.value.status) == ("account_unknown", 404)
    assert world.store.items == {}


def test_two_changes_at_once_do_not_both_win(world: World, farm: Farm) -> None:
    world.store.interruptions = [lambda: set_password(world.ports, OWNER, "first")]
    with pytest.raises(Fault) as caught:
        set_password(world.ports, OWNER, "second")
    assert (caught.value.code, caught.value.status) == ("try_again", 409)
    assert sign_in(world.ports, OWNER, "first")
