"""Who may report what of which machine, and what is kept of an edge that reads a machine no more."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.fakes.asic_reports import BOARDS, REFUSES, Shed, hand_over, shed
from tests.fakes.edges import edge_state
from tests.fakes.reports import NOW, SPECS, block, report
from tests.fakes.world import Farm, Sentry, World
from wire.edge import Appliance
from wire.faults import Fault
from wire.messages import LogLines, MachineReport, Program, Report


@pytest.fixture
def edge(world: World, farm: Farm) -> Shed:
    return shed(world, farm.farm, 1, 2, 60)


def _refused(edge: Shed, *parts: MachineReport) -> tuple[str, int, str]:
    """What is refused; fails if anything was stored."""
    before = dict(edge.world.store.items)
    with pytest.raises(Fault) as caught:
        edge.tell(edge.told(*parts))
    assert edge.world.store.items == before
    return caught.value.code, caught.value.status, caught.value.field


def test_a_machine_without_a_seat_in_its_batch_refuses_the_whole_report(edge: Shed) -> None:
    one, sixty = edge.part(1), edge.part(60)
    wrong = ("machine_unknown", 404, "machines[1].machine")
    assert _refused(edge, one, replace(sixty, batch=0)) == wrong
    assert _refused(edge, one, replace(sixty, machine="machine_x")) == wrong
    assert _refused(edge, one, replace(sixty, batch=7)) == wrong


def test_another_edges_machine_is_unknown(edge: Shed, world: World, farm: Farm) -> None:
    other = shed(world, farm.farm, 1, name="barn")
    assert _refused(edge, other.part(1))[0] == "machine_unknown"


def test_the_newest_state_is_one_reading_or_silence(edge: Shed) -> None:
    two = replace(edge.part(1), open=block([NOW - 10, NOW]))
    both = replace(edge.part(1), silence=REFUSES)
    assert [_refused(edge, bad) for bad in (two, both)] == [("bad_reading", 422, "machines[0].open")] * 2


@pytest.mark.parametrize(
    "changes",
    [
        {"batch": None},
        {"programs": (Program("p", "trex", "running"),)},
        {"orders_done": 3},
        {"log": LogLines(1, "p", ("a line",))},
    ],
)
def test_what_only_rigs_tell_is_refused(edge: Shed, changes: dict[str, object]) -> None:
    assert _refused(edge, replace(edge.part(1), **changes)) == ("wrong_kind", 409, "machines[0]")


@pytest.mark.parametrize("changes", [{"batch": 0}, {"silence": REFUSES}, {"appliance": Appliance()}])
def test_what_only_edges_tell_is_refused_of_a_sentry(
    world: World, sentry: Sentry, changes: dict[str, object]
) -> None:
    sent = report(sentry.machine)
    for bad in (
        replace(sent, machines=(replace(sent.machines[0], **changes),)),
        replace(sent, edge=edge_state()),
        Report(1, 1, NOW, 60, (), edge=edge_state()),
    ):
        with pytest.raises(Fault, match="Only an ASIC edge") as caught:
            world.report(sentry, bad)
        assert (caught.value.code, caught.value.status) == ("wrong_kind", 409)


def test_a_machine_that_another_edge_reads_is_released_and_its_blocks_are_kept(
    edge: Shed, world: World, farm: Farm
) -> None:
    machine, other = edge.machines[1], shed(world, farm.farm, name="barn")
    hand_over(machine, 1, edge, other)
    told = edge.part(1, blocks=[block([NOW - 300], BOARDS)], specs=SPECS, appliance=Appliance())
    reply = edge.tell(edge.told(told, edge.part(2)))
    assert reply.released == (machine,)
    assert set(edge.latest()) == {edge.machines[2]}
    kinds = world.kinds()
    assert kinds.count("closedblock") == 1
    assert not {"storedspecs", "storedappliance"} & set(kinds)
    late = edge.part(1, None, blocks=[block([NOW - 200], BOARDS)])
    assert edge.tell(edge.told(late)).released == ()
    assert other.tell(other.told(other.part(1))).released == ()


def test_a_seat_that_a_stale_answer_misses_is_looked_up_again(edge: Shed, world: World) -> None:
    world.store.calls.clear()
    edge.tell(edge.told(edge.part(1), edge.part(2), edge.part(60)))
    # The token and the cadence, the seats of both batches; nobody looks, and nothing else is read.
    assert world.store.verbs == ["get_many", "get_many", "write_all"]
    world.store.calls.clear()
    with pytest.raises(Fault):
        edge.tell(edge.told(replace(edge.part(1), machine="machine_x")))
    assert world.store.verbs == ["get_many", "get_many", "get_many"]


@pytest.mark.parametrize("behind", [(1, 9), (2, 1)])
def test_a_copy_of_an_edge_is_refused_once_a_later_report_was_kept(
    edge: Shed, world: World, behind: tuple[int, int]
) -> None:
    edge.epoch, edge.sequence = 2, 1
    told = edge.told(edge.part(1), edge=edge_state())
    edge.tell(told)
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        edge.tell(replace(told, epoch=behind[0], sequence=behind[1]))
    assert (caught.value.code, caught.value.status) == ("enrolled_again", 409)
    assert world.store.items == before
    edge.tell(told)  # Twice is nothing to complain of.
