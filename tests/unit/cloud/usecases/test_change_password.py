"""Choosing another password takes the old one, and leaves one browser signed in."""

from __future__ import annotations

import pytest

from cloud.domain.principals import AccountPrincipal
from cloud.usecases.authorise_person import authorise_account
from cloud.usecases.change_password import change_password
from cloud.usecases.limit_tries import ACCOUNT_FREE
from cloud.usecases.list_sessions import list_sessions
from cloud.usecases.open_session import Origin
from cloud.usecases.sign_in import sign_in
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.faults import Fault
from wire.people import PasswordChange

NEW = "quite-another"
HERE, THERE = Origin("192.0.2.1"), Origin("192.0.2.2")


def _change(world: World, old: str = PASSWORD, new: str = NEW) -> str:
    return change_password(world.ports, OWNER, PasswordChange(old, new), HERE)


def _refusal(world: World, old: str, new: str = NEW) -> Fault:
    with pytest.raises(Fault) as caught:
        _change(world, old, new)
    return caught.value


def test_the_new_one_counts_and_every_other_session_and_socket_ends(world: World, farm: Farm) -> None:
    elsewhere = sign_in(world.ports, OWNER, PASSWORD, THERE)
    world.watch(farm, "c1")
    cookie = _change(world)
    account = authorise_account(world.ports, cookie)
    assert isinstance(account, AccountPrincipal)
    for old in (elsewhere, farm.cookie):
        with pytest.raises(Fault, match="sign in"):
            authorise_account(world.ports, old)
    assert world.sockets.closed == ["c1"]
    assert [row.current for row in list_sessions(world.ports, account).sessions] == [True]
    assert sign_in(world.ports, OWNER, NEW, THERE)


def test_wrong_old_password_counts_as_a_try_to_sign_in(world: World, farm: Farm) -> None:
    faults = [_refusal(world, "wrong") for _ in range(ACCOUNT_FREE + 1)]
    first, last = faults[0], faults[-1]
    assert (first.code, first.status, first.field) == ("password_wrong", 403, "old")
    assert (last.code, last.status) == ("too_many_sign_ins", 429)
    with pytest.raises(Fault, match="wait"):
        sign_in(world.ports, OWNER, PASSWORD, HERE)
    assert authorise_account(world.ports, farm.cookie).email == OWNER


@pytest.mark.parametrize("new", ["too short", OWNER])
def test_bad_new_password_costs_nothing(world: World, farm: Farm, new: str) -> None:
    world.passwords.verified.clear()
    before = dict(world.store.items)
    fault = _refusal(world, PASSWORD, new)
    assert (fault.code, fault.field) == ("bad_password", "new")
    assert world.passwords.verified == []
    assert world.store.items == before
