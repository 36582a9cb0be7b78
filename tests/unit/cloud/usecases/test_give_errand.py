"""An errand waits for the edge's next report, in the order in which it was given, and is audited."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.asic_records import StoredErrand
from cloud.domain.errands import WAITING_MAX
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.give_errand import give_errand
from cloud.usecases.show_errand import show_errand
from tests.fakes.edges import Edge, edge_state, new_edge
from tests.fakes.reports import NOW
from tests.fakes.world import Farm, World
from wire.edge import AddFound, EndSearch, Errand, ErrandResult, GivenErrand, ImportRows, Search
from wire.edge_page import ErrandView
from wire.faults import Fault

SEARCH = Search(("10.0.0.0/24",))


@pytest.fixture
def edge(world: World, farm: Farm) -> Edge:
    return new_edge(world, farm)


def give(world: World, edge: Edge, errand: Errand = SEARCH) -> ErrandView:
    return give_errand(world.ports, edge.farm, edge.agent, errand)


def test_it_is_shown_and_sent_with_the_next_answer(world: World, edge: Edge) -> None:
    assert give(world, edge) == ErrandView(1, "search", NOW)
    assert give(world, edge, EndSearch()).number == 2
    assert edge.tell(world, edge_state()) == (GivenErrand(1, SEARCH), GivenErrand(2, EndSearch()))


def test_it_is_kept_for_a_day(world: World, edge: Edge) -> None:
    give(world, edge)
    item = world.store.items[keys.errand(edge.farm, edge.agent, 1)]
    assert item.expires_at == NOW + 86_400
    assert item.read(StoredErrand).errand == SEARCH


def test_a_preview_is_told_from_what_changes_the_roster_after_it_has_ended_too(
    world: World, edge: Edge
) -> None:
    for number, apply in enumerate((False, True), 1):
        assert give(world, edge, ImportRows("address\n10.0.0.1\n", apply=apply)).preview is not apply
        edge.tell(world, edge_state(number, results=[ErrandResult(number, True, "")]), sequence=number)
        shown = show_errand(world.ports, edge.farm, edge.agent, str(number))
        assert (shown.preview, shown.result is None) == (not apply, False)


def test_two_at_once_get_two_numbers(world: World, edge: Edge) -> None:
    world.store.interruptions = [lambda: give(world, edge, EndSearch())]
    assert give(world, edge).number == 2
    assert edge.tell(world, edge_state()) == (GivenErrand(1, EndSearch()), GivenErrand(2, SEARCH))


def test_who_finds_it_changed_again_and_again_is_told_to_try_again(world: World, edge: Edge) -> None:
    def change() -> None:
        key = keys.agent(edge.farm, edge.agent)
        item = world.store.items[key]
        world.store.items[key] = replace(item, revision=item.revision + 1)

    world.store.interruptions = [change] * 20
    with pytest.raises(Fault) as caught:
        give(world, edge)
    assert (caught.value.code, caught.value.status) == ("try_again", 409)
    world.store.interruptions = []
    assert give(world, edge).number == 1


def test_no_more_than_ten_wait_and_late_ones_make_room(world: World, edge: Edge) -> None:
    for _ in range(WAITING_MAX):
        give(world, edge)
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        give(world, edge)
    assert (caught.value.code, caught.value.status) == ("too_many_errands", 409)
    assert world.store.items == before
    world.clock.advance(900)
    assert give(world, edge).number == WAITING_MAX + 1
    assert len(edge.record(world).errands) == 1


def test_the_audit_log_holds_no_rows(world: World, edge: Edge) -> None:
    give(world, edge, ImportRows("name,mac\nsecret-row,\n", apply=True))
    line = world.audit(edge.farm)[-1]
    assert (line.action, line.thing) == ("give_errand", f"agent {edge.agent}")
    assert line.after == {"name": "shed", "kind": "import_rows", "lines": 2, "apply": True}
    assert "secret-row" not in msgspec.json.encode(world.audit(edge.farm)).decode()


def test_a_refused_one_leaves_no_trace(world: World, edge: Edge) -> None:
    before = dict(world.store.items)
    with pytest.raises(Fault, match="can be seen"):
        give(world, edge, AddFound(("10.0.0.1",), place="a\nb"))
    assert world.store.items == before


def test_an_edge_in_the_bin_takes_none(world: World, edge: Edge) -> None:
    delete_agent(world.ports, edge.farm, edge.agent)
    with pytest.raises(Fault, match="no such agent"):
        give(world, edge)
