"""The machines of an edge go into the bin with it, and come back with it, whatever dies on the way."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from cloud.domain.policy import Policy
from cloud.domain.records import Machine
from cloud.ports import StoreUnavailable
from cloud.usecases.bin_machine import bin_machines, still_read, unbin_machines
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.list_bin import list_bin
from cloud.usecases.restore_agent import restore_agent
from tests.fakes.edges import Edge, new_edge
from tests.fakes.rosters import check_seats, entry, in_bin, listed, machines_of, reads, tell
from tests.fakes.world import Farm, World
from wire.faults import Fault

COUNT = 120


@pytest.fixture
def edge(world: World, farm: Farm) -> Edge:
    made = new_edge(world, farm, "one")
    made.enrol(world)
    tell(world, made, *(entry(number, client="Ann") for number in range(1, COUNT + 1)))
    return made


def _told(world: World, edge: Edge) -> dict[str, Machine]:
    return listed(world, edge.farm)


def test_deleted_and_restored_everything_is_as_it_was(world: World, edge: Edge) -> None:
    before = _told(world, edge)
    delete_agent(world.ports, edge.farm, edge.agent)
    assert (_told(world, edge), len(in_bin(world, edge.farm))) == ({}, COUNT)
    assert [row.name for row in list_bin(world.ports, edge.farm).binned] == ["one"]
    restore_agent(world.ports, edge.farm, edge.agent)
    assert (_told(world, edge), in_bin(world, edge.farm)) == (before, {})
    check_seats(world, edge.farm, [edge])
    assert set(reads(tell(world, edge, *(entry(n, client="Ann") for n in range(1, COUNT + 1)))).values()) == {
        True
    }


def test_a_batch_is_one_commit(world: World, edge: Edge) -> None:
    world.store.calls.clear()
    bin_machines(world.ports, edge.farm, edge.agent, world.clock.now)
    assert [len(call.about) for call in world.store.calls if call.verb == "commit"] == [98, 100, 42]
    world.store.calls.clear()
    bin_machines(world.ports, edge.farm, edge.agent, world.clock.now)
    assert "commit" not in world.store.verbs


@pytest.mark.parametrize("verb", ["delete", "restore"])
def test_what_dies_on_the_way_is_ended_by_the_next_sweep(verb: str) -> None:
    def act(world: World, edge: Edge) -> None:
        done = delete_agent if verb == "delete" else restore_agent
        done(world.ports, edge.farm, edge.agent)

    for death in range(30):
        world = World()
        edge = new_edge(world, world.farm(), "one")
        edge.enrol(world)
        tell(world, edge, *(entry(number) for number in range(1, COUNT + 1)))
        if verb == "restore":
            delete_agent(world.ports, edge.farm, edge.agent)
        world.store.calls.clear()
        world.store.failures = [*[None] * death, StoreUnavailable("died")]
        with suppress(StoreUnavailable):
            act(world, edge)
        died, world.store.failures = len(world.store.calls) > death, []
        there = edge.record(world).binned_at is None
        world.sweep()
        assert (len(_told(world, edge)), len(in_bin(world, edge.farm))) == (
            (COUNT, 0) if there else (0, COUNT)
        )
        if not died:
            return
    pytest.fail("it makes more calls than were tried")


def test_a_machine_that_another_edge_took_meanwhile_stays_there(world: World, farm: Farm, edge: Edge) -> None:
    other = new_edge(world, farm, "two")
    tell(world, other, entry(1), entry(2))
    delete_agent(world.ports, edge.farm, edge.agent)
    assert reads(tell(world, other, entry(1), entry(2))) == {1: True, 2: True}
    restore_agent(world.ports, edge.farm, edge.agent)
    assert (len(_told(world, edge)), in_bin(world, edge.farm)) == (COUNT, {})
    check_seats(world, edge.farm, [edge, other])
    found = machines_of(tell(world, other, entry(1), entry(2)))
    assert {_told(world, edge)[machine].agent for machine in found.values()} == {other.agent}


def test_an_edge_that_is_there_keeps_what_it_reads(world: World, edge: Edge) -> None:
    machines = list(_told(world, edge).values())
    assert still_read(world.ports, edge.farm, machines) == {machine.machine for machine in machines}
    delete_agent(world.ports, edge.farm, edge.agent)
    assert still_read(world.ports, edge.farm, machines) == set()
    unbin_machines(world.ports, edge.farm, edge.agent)
    assert len(_told(world, edge)) == COUNT


def test_it_does_not_come_back_into_a_farm_without_room_for_all_of_it(world: World, edge: Edge) -> None:
    delete_agent(world.ports, edge.farm, edge.agent)
    world.ports = replace(world.ports, policy=Policy(machines_per_farm_max=COUNT - 1))
    with pytest.raises(Fault) as caught:
        restore_agent(world.ports, edge.farm, edge.agent)
    assert (caught.value.code, len(in_bin(world, edge.farm))) == ("farm_full", COUNT)
    world.ports = replace(world.ports, policy=Policy(machines_per_farm_max=COUNT))
    restore_agent(world.ports, edge.farm, edge.agent)
    assert len(listed(world, edge.farm)) == COUNT


def test_deleting_it_twice_is_not_found(world: World, edge: Edge) -> None:
    delete_agent(world.ports, edge.farm, edge.agent)
    with pytest.raises(Fault, match="no such agent"):
        delete_agent(world.ports, edge.farm, edge.agent)
