"""Pools are added and changed, and what uses them changes with them."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain.playbooks import TEMPLATES_MAX
from cloud.usecases.list_templates import list_templates
from cloud.usecases.save_pool import add_pool, change_pool
from tests.fakes.templates import pool
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book, version
from tests.unit.cloud.usecases.seats import acts, fault_of
from wire.faults import Fault
from wire.templates import Speed


def test_a_pool_is_kept_with_who_added_it(world: World, farm: Farm) -> None:
    added = add_pool(world.ports, farm.farm, pool(tls=True, coin="XMR"))
    assert added.entry == pool(tls=True, coin="XMR")
    assert (added.changed_at, added.changed_by, added.used) == (world.clock.now, "commander", ())
    assert list_templates(world.ports, farm.farm).pools == (added,)


def test_a_changed_pool_makes_a_new_version_of_what_uses_it(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    world.clock.advance(60)
    changed = change_pool(world.ports, farm.farm, ids.pool, pool(address="new.example:1"), Speed.CAREFUL)
    assert [(use.playbook, use.name, use.rigs) for use in changed.used] == [(ids.playbook, "Monero", 0)]
    newest = version(world, farm, ids.playbook)
    assert (newest.told.version, newest.told.why) == (2, "pool Europe changed")
    assert (newest.told.pools, newest.told.at) == (("new.example:1",), world.clock.now)
    assert version(world, farm, ids.playbook, 1).told.pools == ("pool.example:3333",)


def test_another_name_alone_makes_no_new_version(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    assert change_pool(world.ports, farm.farm, ids.pool, pool("Asia"), Speed.AT_ONCE).entry.name == "Asia"
    assert version(world, farm, ids.playbook).told.version == 1


def test_no_change_is_nothing_done(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    done = len(acts(world, farm.farm))
    change_pool(world.ports, farm.farm, ids.pool, pool(" Europe"), Speed.CAREFUL)
    assert len(acts(world, farm.farm)) == done


def test_the_audit_log_holds_no_password(world: World, farm: Farm) -> None:
    secret = msgspec.structs.replace(pool(), password="hidden-word")
    added = add_pool(world.ports, farm.farm, secret)
    change_pool(world.ports, farm.farm, added.pool, pool(address="b.example:1"), Speed.CAREFUL)
    lines = acts(world, farm.farm)
    assert [line.action for line in lines] == ["add_pool", "change_pool"]
    assert b"hidden-word" not in msgspec.json.encode(lines)
    assert msgspec.json.decode(lines[1].after) == {"address": "b.example:1", "password": "(a password)"}


def test_a_name_is_taken_once(world: World, farm: Farm) -> None:
    first = add_pool(world.ports, farm.farm, pool())
    with pytest.raises(Fault) as caught:
        add_pool(world.ports, farm.farm, pool("EUROPE"))
    assert fault_of(caught) == ("name_taken", 409)
    change_pool(world.ports, farm.farm, first.pool, pool("europe"), Speed.CAREFUL)


def test_an_unknown_pool_cannot_be_changed(world: World, farm: Farm) -> None:
    with pytest.raises(Fault) as caught:
        change_pool(world.ports, farm.farm, "pool_x", pool(), Speed.CAREFUL)
    assert fault_of(caught) == ("pool_unknown", 404)


def test_a_pool_does_not_come_to_pay_another_coin_than_its_wallets_are_for(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    with pytest.raises(Fault, match=r"In the playbook Monero: The pool .* pays XMR") as caught:
        change_pool(world.ports, farm.farm, ids.pool, pool(coin="XMR"), Speed.CAREFUL)
    assert (*fault_of(caught), caught.value.field) == ("wrong_coin", 422, "coin")
    assert version(world, farm, ids.playbook).told.version == 1


def test_there_are_not_too_many(world: World, farm: Farm) -> None:
    for number in range(TEMPLATES_MAX):
        add_pool(world.ports, farm.farm, pool(f"pool {number}"))
    with pytest.raises(Fault) as caught:
        add_pool(world.ports, farm.farm, pool("one more"))
    assert fault_of(caught) == ("too_many_templates", 409)


def test_two_changes_at_once_are_not_mixed(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    other = pool(address="first.example:1")
    world.store.interruptions = [lambda: change_pool(world.ports, farm.farm, ids.pool, other, Speed.CAREFUL)]
    with pytest.raises(Fault) as caught:
        change_pool(world.ports, farm.farm, ids.pool, pool(address="second.example:1"), Speed.CAREFUL)
    assert fault_of(caught) == ("try_again", 409)
    assert version(world, farm, ids.playbook).told.pools == ("first.example:1",)
