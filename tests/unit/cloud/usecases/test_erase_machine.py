"""An ASIC that lay in the bin for a week is gone with all that was known of it, and nothing else is."""

from __future__ import annotations

from contextlib import suppress

import pytest

from cloud.domain import keys
from cloud.domain.asic_records import Evidence, StoredAppliance
from cloud.domain.keys import Key
from cloud.domain.records import ClosedBlock, Event, StoredSpecs
from cloud.ports import Item, Put, StoreUnavailable
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.empty_bin import ITEMS_A_ROUND, empty_bin
from cloud.usecases.restore_agent import restore_agent
from cloud.usecases.store_events import event_writes
from tests.fakes.edges import Edge, new_edge
from tests.fakes.rosters import entry, in_bin, listed, mac, machines_of, report_newest, tell
from tests.fakes.world import Farm, World
from wire.edge import Appliance
from wire.faults import Fault
from wire.messages import Specs

WEEK_S = 7 * 86_400


@pytest.fixture
def edge(world: World, farm: Farm) -> Edge:
    made = new_edge(world, farm, "one")
    made.enrol(world)
    return made


def _live(world: World, farm: str, machine: str, blocks: int = 3) -> None:
    now = world.clock.now
    for number in range(blocks):
        key = keys.block(farm, machine, now - 10_000 + number)
        world.store.write(Put(Item.of(key, ClosedBlock(now, now, b"x"))))
    world.store.commit(event_writes(world.ports, farm, Event(now, machine, kind="device_message"), "1"))
    world.store.write(Put(Item.of(keys.specs(farm, machine), StoredSpecs(Specs()))))
    world.store.write(Put(Item.of(keys.appliance(farm, machine), StoredAppliance(Appliance()))))


def _of(world: World, *names: str) -> set[Key]:
    items = world.kept().items()
    return {key for key, item in items if any(n in f"{key}" or n.encode() in item.body for n in names)}


def test_everything_of_a_removed_machine_goes_after_a_week(world: World, edge: Edge) -> None:
    gone, stays = machines_of(tell(world, edge, entry(1, serial="S1"), entry(2))).values()
    for machine in (gone, stays):
        _live(world, edge.farm, machine)
    tell(world, edge, entry(2))
    before = _of(world, stays)
    world.clock.advance(WEEK_S - 1)
    empty_bin(world.ports, edge.farm)
    assert gone in in_bin(world, edge.farm)
    world.clock.advance(1)
    empty_bin(world.ports, edge.farm)
    assert (_of(world, gone), _of(world, stays)) == (set(), before)
    assert machines_of(tell(world, edge, entry(2), entry(3, 1)))[3] not in (gone, stays)


def test_a_deleted_edge_leaves_its_name_alone(world: World, edge: Edge) -> None:
    machines = machines_of(tell(world, edge, *(entry(number) for number in range(1, 61))))
    report_newest(world, edge)
    _live(world, edge.farm, machines[1])
    delete_agent(world.ports, edge.farm, edge.agent)
    world.clock.advance(WEEK_S)
    for _ in range(3):
        empty_bin(world.ports, edge.farm)
    assert _of(world, edge.agent, *machines.values()) == {keys.agent(edge.farm, edge.agent)}
    with pytest.raises(Fault):
        restore_agent(world.ports, edge.farm, edge.agent)


def test_an_erasure_that_dies_at_any_call_goes_on() -> None:
    for death in range(60):
        world = World()
        edge = new_edge(world, world.farm(), "one")
        edge.enrol(world)
        machine = machines_of(tell(world, edge, entry(1, serial="S1")))[1]
        _live(world, edge.farm, machine)
        tell(world, edge)
        world.clock.advance(WEEK_S)
        world.store.calls.clear()
        world.store.failures = [*[None] * death, StoreUnavailable("died")]
        with suppress(StoreUnavailable):
            empty_bin(world.ports, edge.farm)
        died, world.store.failures = len(world.store.calls) > death, []
        empty_bin(world.ports, edge.farm)
        assert _of(world, machine) == set()
        if not died:
            return
    pytest.fail("it makes more calls than were tried")


def test_told_while_it_is_being_erased_it_is_a_new_machine(world: World, edge: Edge) -> None:
    machine = machines_of(tell(world, edge, entry(1)))[1]
    _live(world, edge.farm, machine, ITEMS_A_ROUND + 50)
    tell(world, edge)
    world.clock.advance(WEEK_S)
    empty_bin(world.ports, edge.farm)
    assert in_bin(world, edge.farm)[machine].erased_at == world.clock.now
    anew = machines_of(tell(world, edge, entry(1)))[1]
    empty_bin(world.ports, edge.farm)
    assert (_of(world, machine), set(listed(world, edge.farm))) == (set(), {anew})
    item = world.store.items[keys.evidence(edge.farm, "mac", mac(1))]
    assert item.read(Evidence).machine == anew


def test_told_again_as_it_is_about_to_be_erased_it_stays(world: World, edge: Edge) -> None:
    machine = machines_of(tell(world, edge, entry(1)))[1]
    tell(world, edge)
    world.clock.advance(WEEK_S)
    world.store.interruptions = [lambda: tell(world, edge, entry(1))]
    empty_bin(world.ports, edge.farm)
    assert set(listed(world, edge.farm)) == {machine}
