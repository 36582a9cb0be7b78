"""One errand, with every line of what came of it."""

from __future__ import annotations

import pytest

from cloud.domain.errands import DELETED
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.give_errand import give_errand
from cloud.usecases.restore_agent import restore_agent
from cloud.usecases.show_errand import show_errand
from tests.fakes.edges import edge_state, new_edge
from tests.fakes.world import Farm, World
from wire.edge import ErrandLine, ErrandResult, Search
from wire.faults import Fault

ENDED = ErrandResult(1, ok=True, text="done", lines=(ErrandLine("10.0.0.1", "added", "new"),))


def test_it_is_shown_with_every_line(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    given = give_errand(world.ports, farm.farm, edge.agent, Search(("10.0.0.0/24",)))
    assert show_errand(world.ports, farm.farm, edge.agent, "1") == given
    edge.tell(world, edge_state(1, results=[ENDED]))
    assert show_errand(world.ports, farm.farm, edge.agent, "1").result == ENDED


def test_a_long_search_is_not_late_while_it_goes_on(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    give_errand(world.ports, farm.farm, edge.agent, Search(("10.0.0.0/16",)))
    world.clock.advance(1000)
    edge.tell(world, edge_state(searching=1))
    assert show_errand(world.ports, farm.farm, edge.agent, "1").result is None
    edge.tell(world, edge_state(1, results=[ENDED]), sequence=2)
    view = show_errand(world.ports, farm.farm, edge.agent, "1")
    assert (view.result, view.expired) == (ENDED, False)


def test_one_that_waited_when_its_edge_was_deleted_says_so_at_once(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    for _ in range(2):
        give_errand(world.ports, farm.farm, edge.agent, Search(("10.0.0.0/24",)))
    edge.tell(world, edge_state(1))
    delete_agent(world.ports, farm.farm, edge.agent)
    restore_agent(world.ports, farm.farm, edge.agent)
    done, waited = (show_errand(world.ports, farm.farm, edge.agent, number) for number in "12")
    assert (done.expired, done.result) == (False, None)
    assert waited.expired
    assert waited.result == ErrandResult(2, ok=False, text=DELETED)
    give_errand(world.ports, farm.farm, edge.agent, Search(("10.0.0.0/24",)))
    assert show_errand(world.ports, farm.farm, edge.agent, "3").expired is False


@pytest.mark.parametrize("number", ["2", "0", "x", "-1", "1" * 13, "\u0661", "9" * 12])
def test_one_that_is_not_there(world: World, farm: Farm, number: str) -> None:
    edge = new_edge(world, farm)
    give_errand(world.ports, farm.farm, edge.agent, Search(("10.0.0.0/24",)))
    with pytest.raises(Fault) as caught:
        show_errand(world.ports, farm.farm, edge.agent, number)
    assert (caught.value.code, caught.value.status) == ("errand_unknown", 404)


def test_after_a_day_it_is_gone(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    give_errand(world.ports, farm.farm, edge.agent, Search(("10.0.0.0/24",)))
    world.clock.advance(86_400)
    with pytest.raises(Fault, match="over a day old"):
        show_errand(world.ports, farm.farm, edge.agent, "1")
