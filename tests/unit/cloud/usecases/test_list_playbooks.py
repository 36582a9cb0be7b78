"""Playbooks by name, and the versions of one."""

from __future__ import annotations

import pytest

from cloud.domain.playbooks import VERSIONS_SHOWN_MAX
from cloud.usecases.list_playbooks import list_playbooks, playbook_view, show_playbook
from cloud.usecases.save_playbook import add_playbook, change_playbook
from tests.fakes.templates import draft
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book, version
from tests.unit.cloud.usecases.seats import fault_of
from wire.faults import Fault
from wire.templates import Speed


def test_they_stand_by_name(world: World, farm: Farm) -> None:
    assert list_playbooks(world.ports, farm.farm).playbooks == ()
    ids = filled_book(world, farm)
    add_playbook(world.ports, farm.farm, draft(ids.pool, ids.wallet, "aeon"))
    names = [view.newest.draft.name for view in list_playbooks(world.ports, farm.farm).playbooks]
    assert names == ["aeon", "Monero"]


def test_the_newest_versions_come_first(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    for number in range(VERSIONS_SHOWN_MAX + 1):
        wish = draft(ids.pool, ids.wallet, script=f"{number}\n")
        change_playbook(world.ports, farm.farm, ids.playbook, wish, Speed.CAREFUL)
    shown = [each.version for each in show_playbook(world.ports, farm.farm, ids.playbook).versions]
    assert shown == list(range(VERSIONS_SHOWN_MAX + 2, 2, -1))


def test_an_unknown_one_has_no_versions(world: World, farm: Farm) -> None:
    with pytest.raises(Fault) as caught:
        show_playbook(world.ports, farm.farm, "playbook_x")
    assert fault_of(caught) == ("playbook_unknown", 404)


def test_rigs_are_counted_and_those_that_wait_for_the_newest(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    newest = version(world, farm, ids.playbook)
    view = playbook_view(newest, {ids.playbook: {"machine_1": 1, "machine_2": 0}, "other": {"machine_3": 1}})
    assert (view.rigs, view.changed) == (2, 1)
