"""Out of the bin everything is as it was, and on the rig nothing was to be done."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.records import Agent, Machine
from cloud.ports import StoreUnavailable
from cloud.usecases.change_machine import change_machine
from cloud.usecases.create_agent import create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.empty_bin import empty_bin
from cloud.usecases.list_agents import list_agents
from cloud.usecases.list_machines import list_machines
from cloud.usecases.restore_agent import restore_agent
from cloud.usecases.show_history import SPANS, show_history
from cloud.usecases.show_machine import show_machine
from tests.fakes.reports import NOW, SPECS, block, report
from tests.fakes.world import ALL, Farm, Sentry, World
from wire.faults import Fault
from wire.live import MachineChange, ParkedFor, Parking
from wire.messages import AgentKind, Unread

WEEK_S = 7 * 86_400


def _lived(world: World, sentry: Sentry) -> None:
    """Labels, history, specs, events: everything that a machine can have."""
    world.enrol(sentry, ["mac"])
    parking = Parking(ParkedFor.REPAIR, "fan")
    change = MachineChange("barn 7", "row 7", ("quiet",), "Ann", parking)
    change_machine(world.ports, sentry.farm, sentry.machine, change, ALL)
    closed, gap = block([NOW - 300, NOW - 290]), Unread("cpu_temperature_c", "no sensor")
    world.report(sentry, report(sentry.machine, blocks=[closed], specs=SPECS, unread=[gap]))


def _refused(world: World, farm: str, agent: str) -> Fault:
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        restore_agent(world.ports, farm, agent)
    assert world.store.items == before
    assert (caught.value.code, caught.value.status) == ("agent_unknown", 404)
    return caught.value


def test_everything_is_as_it_was(world: World, sentry: Sentry) -> None:
    _lived(world, sentry)
    before = world.kept()
    delete_agent(world.ports, sentry.farm, sentry.agent)
    world.clock.advance(WEEK_S - 1)
    restore_agent(world.ports, sentry.farm, sentry.agent)
    after = world.kept()
    assert after.keys() == before.keys()
    agent, machine = keys.agent(sentry.farm, sentry.agent), keys.machine(sentry.farm, sentry.machine)
    assert after.pop(agent).read(Agent) == before.pop(agent).read(Agent)
    assert after.pop(machine).read(Machine) == before.pop(machine).read(Machine)
    assert after == before


def test_pages_show_it_as_before(world: World, sentry: Sentry) -> None:
    _lived(world, sentry)

    def shown() -> tuple[object, ...]:
        farm, machine = sentry.farm, sentry.machine
        history = show_history(world.ports, farm, machine, SPANS["1h"])
        page = list_machines(world.ports, farm, None, 10, ALL)
        return history, page, show_machine(world.ports, farm, machine, ALL), list_agents(world.ports, farm)

    before = shown()
    delete_agent(world.ports, sentry.farm, sentry.agent)
    restore_agent(world.ports, sentry.farm, sentry.agent)
    assert shown() == before


def test_the_token_works_again_and_what_was_kept_meanwhile_arrives(world: World, sentry: Sentry) -> None:
    _lived(world, sentry)
    delete_agent(world.ports, sentry.farm, sentry.agent)
    world.clock.advance(3000)
    kept = block([NOW + 100, NOW + 110])
    sent = report(sentry.machine, [NOW + 2990], blocks=[block([NOW]), kept], sequence=2)
    with pytest.raises(Fault, match="restored"):
        world.report(sentry, sent)
    restore_agent(world.ports, sentry.farm, sentry.agent)
    assert world.report(sentry, sent).sequence == 2
    shown = show_history(world.ports, sentry.farm, sentry.machine, SPANS["1h"])
    assert shown.at == [NOW - 300, NOW - 290, NOW, NOW + 100, NOW + 110, NOW + 2990]


def test_an_asic_edge_is_restored(world: World, farm: Farm) -> None:
    edge = create_agent(world.ports, farm.farm, "lan", AgentKind.ASIC).agent
    delete_agent(world.ports, farm.farm, edge.agent)
    restore_agent(world.ports, farm.farm, edge.agent)
    assert list_agents(world.ports, farm.farm).agents == [edge]


def test_deleted_restored_deleted_and_restored(world: World, sentry: Sentry) -> None:
    _lived(world, sentry)
    for _ in range(3):
        world.clock.advance(WEEK_S - 10)  # each time it lies there anew
        delete_agent(world.ports, sentry.farm, sentry.agent)
        world.clock.advance(WEEK_S - 10)
        empty_bin(world.ports, sentry.farm)
        restore_agent(world.ports, sentry.farm, sentry.agent)
    assert show_machine(world.ports, sentry.farm, sentry.machine, ALL).labels.place == "row 7"


@pytest.mark.parametrize("erased", [False, True])
def test_after_seven_days_it_is_too_late(world: World, sentry: Sentry, erased: bool) -> None:
    delete_agent(world.ports, sentry.farm, sentry.agent)
    world.clock.advance(WEEK_S)
    if erased:
        empty_bin(world.ports, sentry.farm)
    _refused(world, sentry.farm, sentry.agent)


def test_what_was_never_deleted_is_not_in_the_bin(world: World, sentry: Sentry) -> None:
    _refused(world, sentry.farm, sentry.agent)
    _refused(world, sentry.farm, "agent_x")
    delete_agent(world.ports, sentry.farm, sentry.agent)
    restore_agent(world.ports, sentry.farm, sentry.agent)
    _refused(world, sentry.farm, sentry.agent)


def test_another_farm_restores_nothing_of_ours(world: World, sentry: Sentry) -> None:
    south = world.farm("South", "south@example.test")
    delete_agent(world.ports, sentry.farm, sentry.agent)
    _refused(world, south.farm, sentry.agent)


def test_an_agent_that_is_being_erased_is_refused(world: World, sentry: Sentry) -> None:
    """By its own mark: the clock of the function that erases may be ahead of ours."""
    delete_agent(world.ports, sentry.farm, sentry.agent)
    key = keys.agent(sentry.farm, sentry.agent)
    item = world.store.items[key]
    erased = msgspec.structs.replace(item.read(Agent), erased_at=NOW)
    world.store.items[key] = type(item).of(key, erased, revision=item.revision + 1)
    _refused(world, sentry.farm, sentry.agent)


def test_two_at_once_restore_it_once(world: World, sentry: Sentry) -> None:
    delete_agent(world.ports, sentry.farm, sentry.agent)
    world.store.interruptions = [lambda: restore_agent(world.ports, sentry.farm, sentry.agent)]
    with pytest.raises(Fault) as caught:
        restore_agent(world.ports, sentry.farm, sentry.agent)
    assert (caught.value.code, caught.value.status) == ("try_again", 409)
    assert show_machine(world.ports, sentry.farm, sentry.machine, ALL).name == "rig-1"


@pytest.mark.parametrize("failing_call", range(2))
def test_cut_short_nothing_is_half_restored(world: World, sentry: Sentry, failing_call: int) -> None:
    delete_agent(world.ports, sentry.farm, sentry.agent)
    before = dict(world.store.items)
    world.store.failures = [*[None] * failing_call, StoreUnavailable("busy")]
    with pytest.raises(StoreUnavailable):
        restore_agent(world.ports, sentry.farm, sentry.agent)
    assert world.store.items == before


def test_pages_are_told_that_a_machine_came(world: World, sentry: Sentry) -> None:
    delete_agent(world.ports, sentry.farm, sentry.agent)
    world.store.changes.clear()
    restore_agent(world.ports, sentry.farm, sentry.agent)
    told = [(change.item.kind, change.removed) for change in world.store.changes]
    assert told == [("machine", False)]
