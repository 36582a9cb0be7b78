"""Who did what in a farm, the newest first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloud.domain.audit import Act
from cloud.domain.principals import Actor
from cloud.usecases.keep_audit import commit_audited, note_account
from cloud.usecases.list_audit import PAGE_MAX, list_audit
from tests.fakes.reports import NOW
from tests.fakes.world import Farm, World
from wire.faults import Fault


def _do(world: World, farm: str, count: int) -> None:
    ports = replace(world.ports, actor=Actor("a@b.test", "192.0.2.1"))
    for number in range(count):
        act = Act("change_machine", f"machine m{number}", {"tags": ["a"]}, {"tags": [number, "é"]})
        assert commit_audited(ports, farm, act, [])


def test_a_line_is_shown_as_it_was_written(world: World, farm: Farm) -> None:
    _do(world, farm.farm, 1)
    (line, made) = list_audit(world.ports, farm.farm, None, 10).lines
    assert (line.number, line.at, line.by, line.address) == (2, NOW, "a@b.test", "192.0.2.1")
    assert (line.action, line.thing) == ("change_machine", "machine m0")
    assert (line.before, line.after) == ({"tags": ["a"]}, {"tags": [0, "é"]})
    assert line.previous == made.sha256
    assert (made.action, made.before, made.previous) == ("create_farm", None, "")


@pytest.mark.parametrize("page_max", [1, 3, 1000])
def test_pages_follow_one_another_and_lose_nothing(page_max: int) -> None:
    world = World(page_max=page_max)
    farm = world.farm().farm
    _do(world, farm, 11)
    numbers: list[int] = []
    after: str | None = None
    for _ in range(20):
        page = list_audit(world.ports, farm, after, 4)
        assert len(page.lines) <= 4
        numbers += [line.number for line in page.lines]
        after = page.next
        if after is None:
            break
    assert numbers == list(range(12, 0, -1))


def test_a_page_is_bounded_whatever_is_asked_for(world: World, farm: Farm) -> None:
    _do(world, farm.farm, PAGE_MAX + 1)
    assert len(list_audit(world.ports, farm.farm, None, 10**9).lines) == PAGE_MAX


def test_nobody_sees_the_lines_of_others(world: World, farm: Farm) -> None:
    south = world.farm("South", "south@example.test").farm
    note_account(world.ports, Act("sign_in", "person x"), who="x")
    _do(world, south, 2)
    assert [line.action for line in list_audit(world.ports, farm.farm, None, 10).lines] == ["create_farm"]


@pytest.mark.parametrize("after", ["", "head", "line#", "line# ", "event#000000000001", "line#" + "1" * 300])
def test_a_list_goes_on_only_where_a_page_ended(world: World, farm: Farm, after: str) -> None:
    with pytest.raises(Fault) as caught:
        list_audit(world.ports, farm.farm, after, 10)
    assert (caught.value.code, caught.value.status) == ("bad_after", 422)
