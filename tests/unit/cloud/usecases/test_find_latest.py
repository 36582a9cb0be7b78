"""The newest state of rigs and ASICs alike; of an ASIC only what the edge says that reads it."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.records import Machine
from cloud.usecases.find_latest import find_latest, find_machine
from cloud.usecases.list_machines import list_machines
from tests.fakes.asic_reports import hand_over, shed, silent_for
from tests.fakes.reports import NOW, report
from tests.fakes.world import ALL, Farm, Sentry, World
from wire.faults import Fault
from wire.messages import AgentKind


def _machines(world: World, farm: str) -> list[Machine]:
    prefix = keys.MACHINE_PREFIX
    items = world.store.query(keys.farm_pk(farm), prefix, prefix + "~").items
    return [item.read(Machine) for item in items]


def test_rigs_and_asics_are_found_together_and_a_batch_is_read_once(
    world: World, farm: Farm, sentry: Sentry
) -> None:
    edge = shed(world, farm.farm, *range(1, 40), 60)
    quiet = edge.seat(70)
    world.report(sentry, report(sentry.machine))
    edge.tell(edge.told(*(edge.part(number) for number in edge.machines if number != 70)))
    machines = _machines(world, farm.farm)
    world.store.calls.clear()
    found = find_latest(world.ports, farm.farm, machines)
    assert set(found) == {machine.machine for machine in machines} - {quiet}
    (call,) = world.store.calls
    assert len(call.about) == 3


def test_a_row_that_an_edge_left_there_is_not_believed(world: World, farm: Farm) -> None:
    first, second = shed(world, farm.farm, 1, 2), shed(world, farm.farm, name="barn")
    machine = first.machines[1]
    first.tell(first.told(first.part(1), first.part(2)))
    hand_over(machine, 1, first, second)
    assert machine not in find_latest(world.ports, farm.farm, _machines(world, farm.farm))
    second.tell(second.told(second.part(1, silence=silent_for(2))))
    assert find_latest(world.ports, farm.farm, _machines(world, farm.farm))[machine].silence is not None


def test_a_machine_without_a_seat_has_told_nothing(world: World, farm: Farm) -> None:
    assert find_latest(world.ports, farm.farm, [Machine("m1", "one", AgentKind.ASIC, "agent_1", NOW)]) == {}
    assert find_latest(world.ports, farm.farm, []) == {}


def test_one_machine_is_found_with_what_else_is_asked_for(world: World, farm: Farm, sentry: Sentry) -> None:
    edge, beside = shed(world, farm.farm, 1), keys.farm(farm.farm)
    for machine in (sentry.machine, edge.machines[1]):
        found = find_machine(world.ports, farm.farm, machine, [beside])
        assert (found.machine.machine, found.latest, beside in found.items) == (machine, None, True)
    edge.tell(edge.told(edge.part(1)))
    latest = find_machine(world.ports, farm.farm, edge.machines[1]).latest
    assert latest is not None
    assert latest.sampled_at == NOW
    with pytest.raises(Fault, match="no such machine"):
        find_machine(world.ports, farm.farm, "machine_x")


def test_a_list_shows_no_figure_of_a_silent_asic(world: World, farm: Farm) -> None:
    edge = shed(world, farm.farm, 1, 2, 3)
    edge.tell(edge.told(*(edge.part(number) for number in (1, 2, 3))))
    world.clock.advance(60)
    late, offline = (edge.part(number, silence=silent_for(number)) for number in (1, 2))
    edge.tell(edge.told(late, offline, edge.part(3, NOW + 60)))
    live = list_machines(world.ports, farm.farm, None, 10, ALL).live
    assert live.values["power_w"] == [None, None, 3250.0]
    assert [bool(row) for row in live.mining] == [False, False, True]
    assert live.sampled_at == [None, None, NOW + 60]
    assert live.late_at == [NOW + 60, NOW + 60, NOW + 150]
    assert live.offline_at == [NOW + 210, NOW + 60, NOW + 210]
