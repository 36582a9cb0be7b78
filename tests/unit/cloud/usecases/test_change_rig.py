"""What an owner wants of a rig is kept over whatever else happens to its agent's record."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.records import Agent, Machine
from cloud.ports import Item, Put, StoreUnavailable
from cloud.usecases.change_machine import change_machine
from cloud.usecases.change_rig import change_rig
from cloud.usecases.create_agent import create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.give_order import give_order
from tests.fakes.reports import NOW
from tests.fakes.world import ALL, Farm, Sentry, World
from wire.faults import Fault
from wire.live import MachineChange, OrderRequest
from wire.messages import Action, AgentKind, WatchedProgram

WATCHED = (WatchedProgram("p", "xmrig", 18088),)


def _watch(agent: Agent) -> Agent:
    return msgspec.structs.replace(agent, watched=WATCHED)


def _change(world: World, farm: str, machine: str) -> None:
    change_rig(
        world.ports, farm, machine, _watch, "watch_programs", lambda old, new: (old.watched, new.watched)
    )


def _refused(world: World, farm: str, machine: str) -> tuple[str, int, str]:
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        _change(world, farm, machine)
    assert world.store.items == before
    return caught.value.code, caught.value.status, caught.value.message


def test_the_change_is_kept_with_one_read_of_each_and_of_the_audit_log(world: World, sentry: Sentry) -> None:
    world.store.calls.clear()
    _change(world, sentry.farm, sentry.machine)
    assert world.agent(sentry).watched == WATCHED
    assert world.store.verbs == ["get", "get", "get", "commit"]


def test_no_change_is_no_write(world: World, sentry: Sentry) -> None:
    _change(world, sentry.farm, sentry.machine)
    before = dict(world.store.items)
    _change(world, sentry.farm, sentry.machine)
    assert world.store.items == before


def test_no_change_beside_an_order_that_is_too_late_is_no_line_of_the_log(
    world: World, farm: Farm, sentry: Sentry
) -> None:
    _change(world, farm.farm, sentry.machine)
    give_order(world.ports, farm.farm, sentry.machine, OrderRequest(Action.STOP, "p"))
    lines = world.audit(farm.farm)
    world.clock.advance(5000)
    _change(world, farm.farm, sentry.machine)
    assert world.audit(farm.farm) == lines
    assert [line.action for line in lines[-2:]] == ["watch_programs", "give_order"]


def test_unknown_other_farms_and_deleted_machines_look_alike(world: World, sentry: Sentry) -> None:
    south = world.farm("South", "south@example.test").farm
    unknown = _refused(world, sentry.farm, "machine_x")
    assert unknown[:2] == ("machine_unknown", 404)
    assert _refused(world, south, sentry.machine) == unknown
    delete_agent(world.ports, sentry.farm, sentry.agent)
    assert _refused(world, sentry.farm, sentry.machine) == unknown


def test_a_machine_of_an_asic_edge_takes_nothing(world: World, farm: Farm) -> None:
    edge = create_agent(world.ports, farm.farm, "lan", AgentKind.ASIC).agent.agent
    asic = Machine("asic_1", "S19", AgentKind.ASIC, edge, NOW)
    world.store.write(Put(Item.of(keys.machine(farm.farm, "asic_1"), asic)))
    assert _refused(world, farm.farm, "asic_1")[:2] == ("not_a_rig", 409)


def test_deleted_in_between_it_takes_nothing(world: World, sentry: Sentry) -> None:
    world.store.interruptions = [lambda: delete_agent(world.ports, sentry.farm, sentry.agent)]
    with pytest.raises(Fault) as caught:
        _change(world, sentry.farm, sentry.machine)
    assert caught.value.code == "machine_unknown"
    assert world.agent(sentry).watched == ()


def test_what_else_changes_at_the_same_moment_stays(world: World, sentry: Sentry) -> None:
    rename = MachineChange(name="barn 7")
    world.store.interruptions = [
        lambda: change_machine(world.ports, sentry.farm, sentry.machine, rename, ALL),
        lambda: None,
        lambda: world.enrol(sentry),
    ]
    _change(world, sentry.farm, sentry.machine)
    agent = world.agent(sentry)
    assert (agent.name, agent.epoch, agent.watched) == ("barn 7", 1, WATCHED)


def test_unending_changes_end_in_try_again(world: World, sentry: Sentry) -> None:
    key = keys.agent(sentry.farm, sentry.agent)

    def touch() -> None:
        world.store.interruptions[:] = [lambda: None, touch]
        item = world.store.items[key]
        world.store.write(Put(Item.of(key, item.read(Agent), revision=item.revision + 1)))

    world.store.interruptions = [touch]
    with pytest.raises(Fault) as caught:
        _change(world, sentry.farm, sentry.machine)
    assert (caught.value.code, caught.value.status) == ("try_again", 409)


def test_orders_that_are_too_late_go_with_any_change(world: World, farm: Farm, sentry: Sentry) -> None:
    give_order(world.ports, farm.farm, sentry.machine, OrderRequest(Action.STOP, "p"))
    world.clock.advance(5000)
    _change(world, farm.farm, sentry.machine)
    assert world.agent(sentry).orders == ()
    assert [(told.at, told.kind) for told in world.events(farm.farm)] == [(NOW + 900, "order_expired")]


@pytest.mark.parametrize("failing_call", range(4))
def test_cut_short_nothing_is_half_changed(world: World, sentry: Sentry, failing_call: int) -> None:
    give_order(world.ports, sentry.farm, sentry.machine, OrderRequest(Action.STOP, "p"))
    world.clock.advance(5000)
    before = dict(world.store.items)
    world.store.failures = [*[None] * failing_call, StoreUnavailable("busy")]
    with pytest.raises(StoreUnavailable):
        _change(world, sentry.farm, sentry.machine)
    assert world.store.items == before
