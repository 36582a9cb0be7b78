"""A draft is filled before it is kept."""

from __future__ import annotations

import pytest

from cloud.usecases.preview_playbook import preview_playbook
from tests.fakes.templates import draft
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book
from tests.unit.cloud.usecases.seats import fault_of
from wire.assignments import System
from wire.faults import Fault
from wire.templates import FilledPreview, ScriptProblem


def test_the_filled_script_is_shown_and_nothing_kept(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    before = world.kept()
    text = "exec ./xmrig -o pool.example:3333 -u an-account -p x --rig-id=rig-1\n"
    assert preview_playbook(world.ports, farm.farm, draft(ids.pool, ids.wallet)) == FilledPreview(
        {System.LINUX: (text,)}
    )
    assert world.kept() == before


def test_problems_are_all_told(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    wrong = draft(ids.pool, ids.wallet, script="{{a}}\n {{b}}")
    found = preview_playbook(world.ports, farm.farm, wrong).problems
    assert all(isinstance(each, ScriptProblem) for each in found)
    assert [(each.line, each.column) for each in found] == [(1, 1), (2, 2)]


def test_an_unknown_pool_is_refused(world: World, farm: Farm) -> None:
    with pytest.raises(Fault) as caught:
        preview_playbook(world.ports, farm.farm, draft("pool_x", "wallet_x"))
    assert fault_of(caught) == ("unknown_template", 422)
