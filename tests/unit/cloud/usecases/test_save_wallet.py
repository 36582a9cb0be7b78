"""Wallets are added and changed, and what pays to them changes with them."""

from __future__ import annotations

import msgspec
import pytest

from cloud.usecases.list_templates import list_templates
from cloud.usecases.save_pool import change_pool
from cloud.usecases.save_wallet import add_wallet, change_wallet
from tests.fakes.templates import pool, wallet
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book, version
from tests.unit.cloud.usecases.seats import acts, fault_of
from wire.faults import Fault
from wire.templates import Checked, Speed

_BTC = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"


def test_a_wallet_says_whether_its_address_was_checked(world: World, farm: Farm) -> None:
    known = add_wallet(world.ports, farm.farm, wallet("known", _BTC, "BTC"))
    other = add_wallet(world.ports, farm.farm, wallet("other"))
    assert (known.checked, other.checked) == (Checked.VALID, Checked.UNCHECKED)
    assert list_templates(world.ports, farm.farm).wallets == (known, other)


def test_a_letter_that_is_wrong_is_refused_and_nothing_kept(world: World, farm: Farm) -> None:
    with pytest.raises(Fault) as caught:
        add_wallet(world.ports, farm.farm, wallet("known", _BTC.replace("w508", "w509"), "BTC"))
    assert fault_of(caught) == ("bad_address", 422)
    assert list_templates(world.ports, farm.farm).wallets == ()


def test_a_changed_wallet_makes_a_new_version_of_what_pays_to_it(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    change_wallet(world.ports, farm.farm, ids.wallet, wallet(address="another"), Speed.CAREFUL)
    newest = version(world, farm, ids.playbook)
    assert (newest.told.version, newest.told.why) == (2, "wallet Ann changed")
    assert newest.told.wallets == ("another",)
    assert version(world, farm, ids.playbook, 1).told.wallets == ("an-account",)
    line = acts(world, farm.farm)[-1]
    assert (line.action, line.thing) == ("change_wallet", f"wallet {ids.wallet}")
    assert msgspec.json.decode(line.before) == {"address": "an-account"}
    assert msgspec.json.decode(line.after) == {"address": "another"}


def test_only_what_pays_to_it_changes(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    other = add_wallet(world.ports, farm.farm, wallet("Bob"))
    change_wallet(world.ports, farm.farm, other.wallet, wallet("Bob", "bobs"), Speed.CAREFUL)
    assert version(world, farm, ids.playbook).told.version == 1


def test_a_wallet_that_is_not_there_or_named_twice(world: World, farm: Farm) -> None:
    with pytest.raises(Fault) as caught:
        change_wallet(world.ports, farm.farm, "wallet_x", wallet(), Speed.CAREFUL)
    assert fault_of(caught) == ("wallet_unknown", 404)
    add_wallet(world.ports, farm.farm, wallet())
    with pytest.raises(Fault) as caught:
        add_wallet(world.ports, farm.farm, wallet("ann"))
    assert fault_of(caught) == ("name_taken", 409)


def test_a_wallet_does_not_come_to_be_of_another_coin_than_its_pool_pays(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    change_pool(world.ports, farm.farm, ids.pool, pool(coin="OTHER"), Speed.CAREFUL)
    with pytest.raises(Fault) as caught:
        change_wallet(world.ports, farm.farm, ids.wallet, wallet(coin="MORE"), Speed.CAREFUL)
    assert fault_of(caught) == ("wrong_coin", 422)
