"""A browser left signed in somewhere is signed out from here, at once."""

from __future__ import annotations

import pytest

from cloud.domain import tokens
from cloud.usecases.authorise_person import authorise_account
from cloud.usecases.end_session import end_other_sessions, end_session
from cloud.usecases.list_sessions import list_sessions
from cloud.usecases.renew_socket import renew_socket
from cloud.usecases.sign_in import sign_in
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.faults import Fault


def _is_signed_in(world: World, cookie: str) -> bool:
    try:
        return bool(authorise_account(world.ports, cookie))
    except Fault:
        return False


def test_one_ends_with_its_sockets_and_no_other(world: World, farm: Farm) -> None:
    other = farm._replace(cookie=sign_in(world.ports, OWNER, PASSWORD))
    world.watch(farm, "c1")
    world.watch(other, "c2")
    account = authorise_account(world.ports, farm.cookie)
    end_session(world.ports, account, tokens.sha256(other.cookie))
    assert not _is_signed_in(world, other.cookie)
    assert _is_signed_in(world, farm.cookie)
    assert world.sockets.closed == ["c2"]
    assert not renew_socket(world.ports, "c2")
    assert renew_socket(world.ports, "c1")


def test_all_others_end(world: World, farm: Farm) -> None:
    others = [sign_in(world.ports, OWNER, PASSWORD) for _ in range(3)]
    world.watch(farm._replace(cookie=others[0]), "c1")
    south = world.farm("South", "south@example.test")
    account = authorise_account(world.ports, farm.cookie)
    end_other_sessions(world.ports, account)
    assert [_is_signed_in(world, cookie) for cookie in others] == [False] * 3
    assert _is_signed_in(world, farm.cookie)
    assert _is_signed_in(world, south.cookie)
    assert world.sockets.closed == ["c1"]
    assert len(list_sessions(world.ports, account).sessions) == 1


@pytest.mark.parametrize("session", ["", "x", "0" * 64])
def test_unknown_session(world: World, farm: Farm, session: str) -> None:
    account = authorise_account(world.ports, farm.cookie)
    with pytest.raises(Fault) as caught:
        end_session(world.ports, account, session)
    assert (caught.value.code, caught.value.status) == ("session_unknown", 404)


def test_somebody_elses_session_is_as_unknown(world: World, farm: Farm) -> None:
    south = world.farm("South", "south@example.test")
    account = authorise_account(world.ports, farm.cookie)
    with pytest.raises(Fault) as caught:
        end_session(world.ports, account, tokens.sha256(south.cookie))
    assert caught.value.code == "session_unknown"
    assert _is_signed_in(world, south.cookie)
