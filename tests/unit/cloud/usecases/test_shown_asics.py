"""What pages see of an ASIC: its own page, and changes by the socket."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cloud.domain.permissions import Seat
from cloud.usecases.change_machine import change_machine
from cloud.usecases.publish_live import MACHINES_PER_DELTA, publish_live
from cloud.usecases.show_machine import show_machine
from tests.fakes.asic_reports import BOARDS, MINED, Shed, hand_over, shed, silent_for
from tests.fakes.people import member
from tests.fakes.reports import NOW
from tests.fakes.world import ALL, Farm, World
from wire.edge import Appliance, Login, Pool
from wire.live import Delta, MachineChange
from wire.messages import Specs, Unread
from wire.people import Role

SPECS = Specs(
    hostname="antminer-7",
    addresses=("10.1.2.3",),
    make="Bitmain",
    model="S19",
    firmware="Braiins OS",
    firmware_version="24.03",
    mac="02:00:00:00:00:01",
    serial="SN1",
)
APPLIANCE = Appliance((Pool(0, "pool.example.test:3333", "worker", True, True, 5, 0),), (), Login.WORKS, NOW)
LIMITED = Seat(Role.VIEWER, frozenset({"Ann"}))


@pytest.fixture
def edge(world: World, farm: Farm) -> Shed:
    return shed(world, farm.farm, 1, 2)


def test_all_of_an_asic_is_shown(edge: Shed, world: World) -> None:
    edge.tell(edge.told(edge.part(1, specs=SPECS, appliance=APPLIANCE)))
    view = show_machine(world.ports, edge.farm, edge.machines[1], ALL)
    assert (view.specs, view.appliance, view.silence, view.agent) == (SPECS, APPLIANCE, None, edge.agent)
    assert view.values == {name: values[0] for name, values in BOARDS.items() if "@" in name}
    assert (view.live.mining, view.live.values["power_w"]) == ([MINED], [3250.0])


def test_a_silent_asic_is_shown_with_its_reason_and_without_a_figure(edge: Shed, world: World) -> None:
    edge.tell(edge.told(edge.part(1, specs=SPECS, appliance=APPLIANCE)))
    edge.tell(edge.told(edge.part(1, silence=silent_for(2))))
    view = show_machine(world.ports, edge.farm, edge.machines[1], ALL)
    assert (view.silence, view.values, view.live.values, view.live.mining) == (silent_for(2), {}, {}, [()])
    assert (view.specs, view.appliance) == (SPECS, APPLIANCE)


def test_a_seat_of_some_clients_sees_nothing_of_the_lan(edge: Shed, world: World) -> None:
    gaps = (Unread("mac", "10.1.2.3 does not say"), Unread("hostname", "none"), Unread("power_w", "none"))
    told = replace(edge.part(1, specs=SPECS, appliance=APPLIANCE), unread=gaps)
    edge.tell(edge.told(told))
    whole = show_machine(world.ports, edge.farm, edge.machines[1], ALL)
    shown = Specs(make="Bitmain", model="S19", firmware="Braiins OS", firmware_version="24.03")
    assert show_machine(world.ports, edge.farm, edge.machines[1], LIMITED) == replace(
        whole, agent="", specs=shown, appliance=replace(APPLIANCE, login=None), unread=gaps[2:]
    )


def _sent(world: World, page: str) -> list[str]:
    """The machines of all deltas, in order; what is left unsent is published first."""
    publish_live(world.ports, world.store.changes)
    world.store.changes.clear()
    deltas = [message for message in world.sockets.read(page) if isinstance(message, Delta)]
    world.sockets.sent.clear()
    return [machine for delta in deltas for machine in delta.live.machine]


def test_a_page_is_sent_each_machine_of_a_batch_that_changed(edge: Shed, world: World, farm: Farm) -> None:
    for number in range(3, 100):
        edge.seat(number)
    world.watch(farm, "c1")
    edge.tell(edge.told(*map(edge.part, edge.machines)))
    world.store.calls.clear()
    publish_live(world.ports, world.store.changes)
    # Who looks, the seats of both batches at once, and the pace.
    assert world.store.verbs == ["query", "get_many", "get"]
    deltas = [message for message in world.sockets.read("c1") if isinstance(message, Delta)]
    assert [len(delta.live.machine) for delta in deltas] == [MACHINES_PER_DELTA, 99 - MACHINES_PER_DELTA]
    assert deltas[0].live.values["power_w"] == [3250.0] * MACHINES_PER_DELTA
    assert sorted(_sent(world, "c1")) == sorted([*edge.machines.values()] * 2)


def test_what_an_edge_said_of_a_machine_that_it_reads_no_more_is_not_sent(
    edge: Shed, world: World, farm: Farm
) -> None:
    other = shed(world, farm.farm, name="barn")
    world.watch(farm, "c1")
    edge.tell(edge.told(edge.part(1), edge.part(2)))
    hand_over(edge.machines[1], 1, edge, other)
    assert _sent(world, "c1") == [edge.machines[2]]
    other.tell(other.told(other.part(1)))
    assert _sent(world, "c1") == [edge.machines[1]]


def test_a_page_of_some_clients_is_sent_theirs_alone(edge: Shed, world: World, farm: Farm) -> None:
    change_machine(world.ports, farm.farm, edge.machines[2], MachineChange(client="Ann"), ALL)
    world.watch(member(world, farm, "ann@example.test", clients=("Ann",)), "ann")
    edge.tell(edge.told(edge.part(1), edge.part(2)))
    assert _sent(world, "ann") == [edge.machines[2]]


def test_a_delta_says_who_is_silent(edge: Shed, world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    edge.tell(edge.told(edge.part(1, silence=silent_for(1)), edge.part(2)))
    publish_live(world.ports, world.store.changes)
    (delta,) = [message for message in world.sockets.read("c1") if isinstance(message, Delta)]
    assert delta.live.silence == {edge.machines[1]: silent_for(1)}
    assert (delta.live.late_at[0], delta.live.values["power_w"]) == (NOW, [None, 3250.0])
