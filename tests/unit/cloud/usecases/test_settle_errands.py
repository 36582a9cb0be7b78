"""What an edge is sent: each errand until it is done, for 15 minutes, and not after an enrolment."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.domain import keys
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.give_errand import give_errand
from cloud.usecases.restore_agent import restore_agent
from cloud.usecases.settle_errands import settle_errands
from cloud.usecases.show_errand import show_errand
from tests.fakes.edges import Edge, edge_state, new_edge
from tests.fakes.reports import NOW
from tests.fakes.world import Farm, World
from wire.edge import EndSearch, ErrandResult, ImportRows


def settle(world: World, edge: Edge, done: int = 0) -> list[int]:
    """The numbers that the answer holds."""
    principal = edge.principal(world)
    return [each.number for each in settle_errands(world.ports, principal, done, world.ports.clock())]


def give(world: World, edge: Edge, count: int = 1) -> None:
    for _ in range(count):
        give_errand(world.ports, edge.farm, edge.agent, EndSearch())


def test_it_comes_again_until_it_is_done(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    give(world, edge, 2)
    assert settle(world, edge) == [1, 2]
    assert settle(world, edge, done=1) == [2]
    assert [each.number for each in edge.record(world).errands] == [2]
    assert settle(world, edge, done=2) == []
    assert edge.record(world).errands == ()
    give(world, edge)
    assert settle(world, edge, done=2) == [3]


def test_a_usual_report_asks_the_store_for_nothing(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    give(world, edge)
    assert settle(world, edge, done=1) == []
    principal = edge.principal(world)
    world.store.calls.clear()
    assert settle_errands(world.ports, principal, 1, NOW) == ()
    assert world.store.calls == []


def test_who_knows_an_older_record_writes_nothing(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    give(world, edge)
    before = edge.principal(world)
    assert settle(world, edge, done=1) == []
    world.store.calls.clear()
    assert settle_errands(world.ports, before, 1, NOW) == ()
    assert world.store.verbs == ["get"]


def test_after_fifteen_minutes_it_is_not_sent_any_more(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    give(world, edge)
    world.clock.advance(899)
    assert settle(world, edge) == [1]
    world.clock.advance(1)
    assert settle(world, edge) == []
    assert edge.record(world).errands == ()


def test_one_that_never_enrolled_takes_what_waited_for_it(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    give(world, edge)
    world.clock.advance(1)
    edge.enrol(world)
    assert settle(world, edge) == [1]
    assert settle(world, edge, done=1) == []
    assert show_errand(world.ports, edge.farm, edge.agent, "1").expired is False


def test_another_enrolment_and_the_bin_drop_what_waits(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    edge.enrol(world)
    give(world, edge)
    world.clock.advance(1)
    edge.enrol(world)
    assert settle(world, edge) == []
    assert show_errand(world.ports, edge.farm, edge.agent, "1").expired is True
    give(world, edge)
    delete_agent(world.ports, farm.farm, edge.agent)
    restore_agent(world.ports, farm.farm, edge.agent)
    assert settle(world, edge) == []


def test_two_that_change_it_at_once_do_no_harm(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    give(world, edge)
    world.store.interruptions = [lambda: give(world, edge)]
    assert settle(world, edge, done=1) == []
    assert settle(world, edge, done=1) == [2]
    assert [each.number for each in edge.record(world).errands] == [2]


def test_what_is_not_kept_any_more_is_not_sent(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    give(world, edge, 2)
    del world.store.items[keys.errand(edge.farm, edge.agent, 1)]
    edge.tell(world, edge_state(results=[ErrandResult(2, ok=True, text="done before it was told")]))
    assert settle(world, edge) == []


def test_large_ones_go_one_after_the_other(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    for _ in range(3):
        give_errand(world.ports, edge.farm, edge.agent, ImportRows("x" * 150_000))
    assert [settle(world, edge, done) for done in range(4)] == [[1], [2], [3], []]


STEPS = st.lists(
    st.sampled_from(["give", "report", "answer lost", "replay", "enrol", "new folder", "minutes"]),
    min_size=10,
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_whatever_happens_each_is_done_once_at_most_and_the_first_result_stays(steps: list[str]) -> None:
    world = World()
    edge = new_edge(world, world.farm())
    edge.enrol(world)
    done: list[int] = []
    first: dict[int, str] = {}
    state, epoch, remembered = edge_state(), 1, 0
    for sequence, step in enumerate(steps):
        match step:
            case "give" if len(edge.record(world).errands) < 10:
                give(world, edge)
            case "enrol" | "new folder":
                world.clock.advance(1)
                edge.enrol(world)
                epoch, remembered = epoch + 1, 0 if step == "new folder" else remembered
            case "minutes":
                world.clock.advance(400)
            case "replay":
                edge.tell(world, state, epoch=epoch, sequence=sequence)
            case "report" | "answer lost":
                results = [ErrandResult(done[-1], ok=True, text=f"step {sequence}")] if done else []
                first = {each.number: each.text for each in results} | first
                state = edge_state(remembered, results=results)
                answer = edge.tell(world, state, epoch=epoch, sequence=sequence)
                new = [each.number for each in answer if each.number > remembered]
                if step == "report" and new:
                    done += new
                    remembered = new[-1]
    assert done == sorted(set(done))
    for number, text in first.items():
        assert show_errand(world.ports, edge.farm, edge.agent, str(number)).result == ErrandResult(
            number, ok=True, text=text
        )
