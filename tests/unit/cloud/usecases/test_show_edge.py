"""An edge as it is shown: what it said, when silence means something, and its errands, newest first."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cloud.domain import errands
from cloud.usecases.give_errand import give_errand
from cloud.usecases.show_edge import ERRANDS_SHOWN, show_edge
from tests.fakes.edges import Edge, edge_state, new_edge
from tests.fakes.reports import NOW
from tests.fakes.world import Farm, Sentry, World
from wire.edge import EndSearch, ErrandLine, ErrandResult, FoundDevice
from wire.edge_page import EdgeView
from wire.faults import Fault

ENDED = ErrandResult(1, ok=True, text="done", counts={"added": 1}, lines=(ErrandLine("1", "added", "new"),))


@pytest.fixture
def edge(world: World, farm: Farm) -> Edge:
    return new_edge(world, farm)


def show(world: World, edge: Edge) -> EdgeView:
    return show_edge(world.ports, edge.farm, edge.agent)


def give(world: World, edge: Edge, count: int = 1) -> None:
    for _ in range(count):
        give_errand(world.ports, edge.farm, edge.agent, EndSearch())


def test_one_that_never_reported(world: World, edge: Edge) -> None:
    view = show(world, edge)
    assert (view.agent.agent, view.agent.name, view.server_at) == (edge.agent, "shed", NOW)
    assert (view.received_at, view.late_at, view.offline_at, view.state) == (None, None, None, None)
    assert (view.stopped, view.found, view.errands) == (False, (), ())


def test_one_that_reports(world: World, edge: Edge) -> None:
    found = FoundDevice("10.0.0.9")
    edge.tell(world, edge_state(found=[found], searching=4))
    world.clock.advance(5)
    view = show(world, edge)
    assert (view.server_at, view.received_at) == (NOW + 5, NOW)
    assert (view.late_at, view.offline_at) == (NOW + 90, NOW + 150)
    assert view.state == edge_state(searching=4)
    assert view.found == (found,)


def test_one_that_is_asked_seldom_has_more_time(world: World, edge: Edge) -> None:
    edge.tell(world, edge_state(), interval_s=60, asked_s=600)
    assert show(world, edge).late_at == NOW + 900


def test_one_that_said_goodbye(world: World, edge: Edge) -> None:
    edge.tell(world, edge_state(), goodbye=True)
    assert show(world, edge).stopped is True


def test_errands_are_the_newest_first_without_their_lines(world: World, edge: Edge) -> None:
    give(world, edge, 3)
    edge.tell(world, edge_state(1, results=[ENDED]))
    shown = show(world, edge).errands
    assert [each.number for each in shown] == [3, 2, 1]
    assert [each.result for each in shown] == [None, None, replace(ENDED, lines=())]
    assert {each.kind for each in shown} == {"end_search"}
    world.clock.advance(900)
    late = show(world, edge).errands[0]
    assert late.expired is True
    assert late.result == ErrandResult(3, ok=False, text=errands.TOO_LATE)


def test_many_are_not_all_shown_and_another_edges_never(farm: Farm, world: World, edge: Edge) -> None:
    give(world, new_edge(world, farm))
    for number in range(1, ERRANDS_SHOWN + 3):
        give(world, edge)
        edge.tell(world, edge_state(number), sequence=number)
    shown = [each.number for each in show(world, edge).errands]
    assert shown == list(range(ERRANDS_SHOWN + 2, 2, -1))


def test_short_pages_of_the_store_are_gone_through() -> None:
    world = World(page_max=2)
    edge = new_edge(world, world.farm())
    give(world, edge, 5)
    assert [each.number for each in show(world, edge).errands] == [5, 4, 3, 2, 1]


def test_a_sentry_is_none(world: World, sentry: Sentry) -> None:
    with pytest.raises(Fault, match="sentry of a rig"):
        show_edge(world.ports, sentry.farm, sentry.agent)
