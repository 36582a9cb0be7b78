"""Back to an earlier version, with the addresses of then."""

from __future__ import annotations

import pytest

from cloud.usecases.delete_template import delete_pool
from cloud.usecases.restore_version import restore_version
from cloud.usecases.save_playbook import change_playbook
from cloud.usecases.save_pool import add_pool, change_pool
from cloud.usecases.save_wallet import change_wallet
from tests.fakes.templates import draft, pool, wallet
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book, version
from tests.unit.cloud.usecases.seats import acts, fault_of
from wire.faults import Fault
from wire.templates import Speed, VersionRequest


def test_the_address_of_then_is_back(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    change_wallet(world.ports, farm.farm, ids.wallet, wallet(address="wrong"), Speed.CAREFUL)
    view = restore_version(world.ports, farm.farm, ids.playbook, VersionRequest(1))
    assert (view.newest.version, view.newest.why) == (3, "back to version 1")
    assert view.newest.wallets == ("an-account",)
    assert [version(world, farm, ids.playbook, number).told.wallets[0] for number in (1, 2, 3)] == [
        "an-account",
        "wrong",
        "an-account",
    ]
    assert acts(world, farm.farm)[-1].action == "restore_version"


def test_a_change_of_another_template_does_not_undo_it(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    change_wallet(world.ports, farm.farm, ids.wallet, wallet(address="wrong"), Speed.CAREFUL)
    restore_version(world.ports, farm.farm, ids.playbook, VersionRequest(1))
    change_pool(world.ports, farm.farm, ids.pool, pool(address="b.example:1"), Speed.CAREFUL)
    newest = version(world, farm, ids.playbook).told
    assert (newest.version, newest.pools, newest.wallets) == (4, ("b.example:1",), ("an-account",))


def test_a_version_of_a_pool_that_was_deleted_is_back_all_the_same(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    other = add_pool(world.ports, farm.farm, pool("Asia", "asia.example:1")).pool
    change_playbook(world.ports, farm.farm, ids.playbook, draft(other, ids.wallet), Speed.CAREFUL)
    delete_pool(world.ports, farm.farm, ids.pool)
    assert restore_version(world.ports, farm.farm, ids.playbook, VersionRequest(1)).newest.pools == (
        "pool.example:3333",
    )
    change_wallet(world.ports, farm.farm, ids.wallet, wallet(address="new"), Speed.CAREFUL)
    newest = version(world, farm, ids.playbook).told
    assert (newest.pools, newest.wallets) == (("pool.example:3333",), ("new",))


def test_the_present_name_stays(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    wish = draft(ids.pool, ids.wallet, "Renamed", "y\n")
    change_playbook(world.ports, farm.farm, ids.playbook, wish, Speed.CAREFUL)
    view = restore_version(world.ports, farm.farm, ids.playbook, VersionRequest(1))
    assert view.newest.draft == draft(ids.pool, ids.wallet, "Renamed")


@pytest.mark.parametrize("number", [2, 99])
def test_a_version_that_there_is_not(world: World, farm: Farm, number: int) -> None:
    ids = filled_book(world, farm)
    with pytest.raises(Fault) as caught:
        restore_version(world.ports, farm.farm, ids.playbook, VersionRequest(number))
    assert fault_of(caught) == ("version_unknown", 404)
    with pytest.raises(Fault) as caught:
        restore_version(world.ports, farm.farm, "playbook_x", VersionRequest(1))
    assert fault_of(caught) == ("playbook_unknown", 404)
