"""A draft is checked against all that it names, and refused with the place of what is wrong."""

from __future__ import annotations

import msgspec
import pytest

from cloud.usecases.find_playbooks import find_book
from cloud.usecases.resolve_draft import EXAMPLE, fill_draft, resolve_draft
from tests.fakes.templates import draft
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import Ids, filled_book
from tests.unit.cloud.usecases.seats import fault_of
from wire.assignments import System
from wire.faults import Fault
from wire.templates import PlaybookDraft, PoolChoice, ScriptProblem


def _refused(world: World, farm: Farm, wish: PlaybookDraft) -> tuple[str, str, str]:
    with pytest.raises(Fault) as caught:
        resolve_draft(find_book(world.ports, farm.farm)[0], wish)
    code, status = fault_of(caught)
    assert status == 422
    return code, caught.value.field, caught.value.message


def _draft(ids: Ids, script: str = "x\n") -> PlaybookDraft:
    return draft(ids.pool, ids.wallet, script=script)


def test_what_it_names_is_resolved(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    found = resolve_draft(find_book(world.ports, farm.farm)[0], draft(ids.pool, ids.wallet, " Monero "))
    assert found.draft.name == "Monero"
    assert [(each.address, each.mining_address) for each in found.pools] == [
        ("pool.example:3333", "an-account")
    ]
    assert found.archives.keys() == {System.LINUX}


def test_unknown_pools_and_wallets_are_named_by_their_place(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    good = PoolChoice(ids.pool, ids.wallet)
    for wrong, field in (
        (PoolChoice("x", ids.wallet), "pools[1].pool"),
        (PoolChoice(ids.pool, "x"), "pools[1].wallet"),
    ):
        wish = msgspec.structs.replace(_draft(ids), pools=(good, wrong))
        assert _refused(world, farm, wish)[:2] == ("unknown_template", field)


@pytest.mark.parametrize(
    ("script", "place"),
    [
        ("a\nb {{wallet}}\n", "line 2, column 3: {{wallet}} is no placeholder"),
        ("{{worker}", "line 1, column 1: {{ without its counterpart"),
        ("a\r\n", "line 1, column 2: a script cannot have a line end of Windows"),
        ("{{#pools}}x", "line 1, column 1: {{#pools}} without {{/pools}}"),
    ],
)
def test_a_wrong_script_is_refused_with_line_and_column(
    world: World, farm: Farm, script: str, place: str
) -> None:
    ids = filled_book(world, farm)
    code, field, message = _refused(world, farm, _draft(ids, script))
    assert (code, field) == ("bad_script", "scripts.linux-x64")
    assert place in message


@pytest.mark.parametrize(
    "changed",
    [
        {"program_version": "0.0.1"},
        {"program": "nothing"},
        {"program": "gminer", "program_version": "3.44"},
        {"scripts": {System.LINUX: "x", System.WINDOWS: "y"}, "program": "miniz", "program_version": "2.5e3"},
    ],
)
def test_what_has_no_digest_cannot_be_installed(world: World, farm: Farm, changed: dict[str, object]) -> None:
    ids = filled_book(world, farm)
    wish = msgspec.structs.replace(_draft(ids), **changed)
    assert _refused(world, farm, wish)[0] == "not_installable"


def test_what_would_grow_too_long_with_its_pools_is_refused(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    long = _draft(ids, "{{#pools}}" + "x" * 15_000 + "{{/pools}}")
    resolve_draft(find_book(world.ports, farm.farm)[0], long)
    wish = msgspec.structs.replace(long, pools=(PoolChoice(ids.pool, ids.wallet),) * 8)
    assert _refused(world, farm, wish)[0] == "bad_script"


def test_scripts_that_can_be_filled_are_beside_those_that_cannot(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    wish = msgspec.structs.replace(_draft(ids), scripts={System.LINUX: "{{worker}}", System.WINDOWS: "{{x}}"})
    filled = fill_draft(wish, resolve_draft(find_book(world.ports, farm.farm)[0], _draft(ids)).pools, EXAMPLE)
    assert filled.scripts == {System.LINUX: ("rig-1",)}
    (problem,) = filled.problems
    assert isinstance(problem, ScriptProblem)
    assert (problem.system, problem.line, problem.column) == (System.WINDOWS, 1, 1)
