"""An agent is taken off: its token refused, its machine in the bin, everything else left as it is."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.records import Agent, Binned, Machine
from cloud.ports import Item, StoreUnavailable
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.change_machine import change_machine
from cloud.usecases.create_agent import create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.enrol_agent import enrol_agent
from cloud.usecases.list_bin import list_bin
from cloud.usecases.restore_agent import restore_agent
from tests.fakes.reports import NOW, SPECS, block, enrolment, report
from tests.fakes.world import ALL, Farm, Sentry, World
from wire.faults import Fault
from wire.live import MachineChange
from wire.messages import AgentKind, Unread


def _machine(world: World, sentry: Sentry) -> Machine:
    return world.store.items[keys.machine(sentry.farm, sentry.machine)].read(Machine)


def test_only_the_machine_leaves_and_everything_else_stays(world: World, sentry: Sentry) -> None:
    closed, gap = block([NOW - 300]), Unread("cpu_temperature_c", "no sensor")
    world.report(sentry, report(sentry.machine, blocks=[closed], specs=SPECS, unread=[gap]))
    before, machine = world.kept(), _machine(world, sentry)
    world.clock.advance(5)
    binned = delete_agent(world.ports, sentry.farm, sentry.agent)
    assert binned == Binned(sentry.agent, "rig-1", machine, NOW + 5)
    gone, kept = keys.machine(sentry.farm, sentry.machine), keys.binned(sentry.farm, sentry.agent)
    agent = keys.agent(sentry.farm, sentry.agent)
    assert set(world.kept()) == {*before, kept} - {gone}
    assert world.store.items[kept] == Item.of(kept, binned)
    untouched = set(before) - {gone, agent}
    assert {key: world.store.items[key] for key in untouched} == {key: before[key] for key in untouched}


def test_record_of_the_agent_says_when_and_does_not_expire_before_it_is_erased(
    world: World, sentry: Sentry
) -> None:
    world.clock.advance(5)
    delete_agent(world.ports, sentry.farm, sentry.agent)
    item = world.store.items[keys.agent(sentry.farm, sentry.agent)]
    assert (world.agent(sentry).binned_at, world.agent(sentry).erased_at) == (NOW + 5, None)
    assert (item.expires_at, item.revision) == (None, 2)


def test_token_is_refused_at_once(world: World, sentry: Sentry) -> None:
    delete_agent(world.ports, sentry.farm, sentry.agent)
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        world.report(sentry, report(sentry.machine))
    assert (caught.value.code, caught.value.status) == ("agent_deleted", 403)
    assert world.store.items == before


def test_deleting_twice_is_not_found(world: World, sentry: Sentry) -> None:
    delete_agent(world.ports, sentry.farm, sentry.agent)
    with pytest.raises(Fault) as caught:
        delete_agent(world.ports, sentry.farm, sentry.agent)
    assert (caught.value.code, caught.value.status) == ("agent_unknown", 404)


def test_another_farms_agent_is_not_found_and_untouched(world: World, sentry: Sentry) -> None:
    other = world.farm("South", "south@example.test")
    before = dict(world.store.items)
    with pytest.raises(Fault, match="no such agent"):
        delete_agent(world.ports, other.farm, sentry.agent)
    assert world.store.items == before


def test_asic_edge_without_a_machine_is_deleted(world: World, farm: Farm) -> None:
    made = create_agent(world.ports, farm.farm, "lan", AgentKind.ASIC)
    assert delete_agent(world.ports, farm.farm, made.agent.agent).machine is None
    kinds = {"agent", "binned", "farm", "farmentry", "members", "person", "session"}
    assert set(world.kinds()) - {"auditentry", "audithead"} == kinds


def test_change_meanwhile_asks_to_try_again_and_deletes_nothing(world: World, sentry: Sentry) -> None:
    principal = world.principal(sentry)
    world.store.interruptions = [lambda: enrol_agent(world.ports, principal, enrolment())]
    with pytest.raises(Fault) as caught:
        delete_agent(world.ports, sentry.farm, sentry.agent)
    assert (caught.value.code, caught.value.status) == ("try_again", 409)
    assert world.agent(sentry).epoch == 1
    assert keys.machine(sentry.farm, sentry.machine) in world.store.items
    assert list_bin(world.ports, sentry.farm).binned == []


def test_a_label_that_is_changed_at_the_same_moment_is_not_lost(world: World, sentry: Sentry) -> None:
    change = MachineChange(place="row 9", tags=("new",))
    world.store.interruptions = [
        lambda: change_machine(world.ports, sentry.farm, sentry.machine, change, ALL),
    ]
    with pytest.raises(Fault) as caught:
        delete_agent(world.ports, sentry.farm, sentry.agent)
    assert (caught.value.code, caught.value.status) == ("try_again", 409)
    delete_agent(world.ports, sentry.farm, sentry.agent)
    restore_agent(world.ports, sentry.farm, sentry.agent)
    assert (_machine(world, sentry).labels.place, _machine(world, sentry).labels.tags) == ("row 9", ("new",))


@pytest.mark.parametrize("failing_call", range(3))
def test_cut_short_by_the_store_nothing_is_half_deleted(
    world: World, sentry: Sentry, failing_call: int
) -> None:
    before = dict(world.store.items)
    world.store.failures = [*[None] * failing_call, StoreUnavailable("busy")]
    with pytest.raises(StoreUnavailable):
        delete_agent(world.ports, sentry.farm, sentry.agent)
    assert world.store.items == before
    assert authorise_agent(world.ports, sentry.bearer).agent == before[
        keys.agent(sentry.farm, sentry.agent)
    ].read(Agent)


def test_pages_are_told_that_a_machine_went(world: World, sentry: Sentry) -> None:
    world.store.changes.clear()
    delete_agent(world.ports, sentry.farm, sentry.agent)
    told = [(change.item.kind, change.removed) for change in world.store.changes]
    assert told == [("machine", True)]
