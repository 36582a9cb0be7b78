"""Playbooks and their versions."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain.playbooks import USERS_MAX
from cloud.usecases.save_playbook import add_playbook, change_playbook
from tests.fakes.templates import SCRIPT, draft
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book, version
from tests.unit.cloud.usecases.seats import acts, fault_of
from wire.faults import Fault
from wire.templates import Speed


def test_a_playbook_begins_with_version_1(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    made = version(world, farm, ids.playbook)
    assert (made.told.version, made.told.by, made.told.why) == (1, "commander", "made")
    assert made.told.draft == draft(ids.pool, ids.wallet)
    assert (made.told.pools, made.told.wallets) == (("pool.example:3333",), ("an-account",))


def test_a_change_is_a_new_version_and_the_old_one_stays(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    wish = draft(ids.pool, ids.wallet, "Renamed", SCRIPT + "# more\n")
    view = change_playbook(world.ports, farm.farm, ids.playbook, wish, Speed.CAREFUL)
    assert (view.newest.version, view.newest.draft, view.rigs, view.changed) == (2, wish, 0, 0)
    assert version(world, farm, ids.playbook, 1).told.draft.name == "Monero"
    line = acts(world, farm.farm)[-1]
    assert (line.action, line.thing) == ("change_playbook", f"playbook {ids.playbook}")
    assert msgspec.json.decode(line.after) == {"name": "Renamed", "version": 2, "wallets": ["an-account"]}


def test_no_change_is_no_version(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    same = change_playbook(world.ports, farm.farm, ids.playbook, draft(ids.pool, ids.wallet), Speed.CAREFUL)
    assert same.newest.version == 1


def test_a_name_is_taken_once(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    with pytest.raises(Fault) as caught:
        add_playbook(world.ports, farm.farm, draft(ids.pool, ids.wallet, "monero"))
    assert fault_of(caught) == ("name_taken", 409)


def test_an_unknown_one_cannot_be_changed(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    with pytest.raises(Fault) as caught:
        change_playbook(world.ports, farm.farm, "playbook_x", draft(ids.pool, ids.wallet), Speed.CAREFUL)
    assert fault_of(caught) == ("playbook_unknown", 404)


def test_a_template_has_so_many_users_that_one_commit_can_change_them(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    for number in range(USERS_MAX - 1):
        add_playbook(world.ports, farm.farm, draft(ids.pool, ids.wallet, f"more {number}"))
    with pytest.raises(Fault) as caught:
        add_playbook(world.ports, farm.farm, draft(ids.pool, ids.wallet, "one more"))
    assert fault_of(caught) == ("too_many_users", 409)
    wish = draft(ids.pool, ids.wallet, script="y\n")
    assert change_playbook(world.ports, farm.farm, ids.playbook, wish, Speed.CAREFUL).newest.version == 2


def test_two_changes_at_once_are_not_mixed(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    first, second = (draft(ids.pool, ids.wallet, script=f"{name}\n") for name in ("first", "second"))
    ports = world.ports
    world.store.interruptions = [
        lambda: change_playbook(ports, farm.farm, ids.playbook, first, Speed.CAREFUL)
    ]
    with pytest.raises(Fault) as caught:
        change_playbook(ports, farm.farm, ids.playbook, second, Speed.CAREFUL)
    assert fault_of(caught) == ("try_again", 409)
    assert version(world, farm, ids.playbook).told.draft == first
