"""An agent is taken off: token revoked, machine gone, history left to expire."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.policy import DAY_S
from cloud.usecases.create_agent import create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.enrol_agent import enrol_agent
from tests.fakes.reports import NOW, SPECS, block, enrolment, report
from tests.fakes.world import Farm, Sentry, World
from wire.faults import Fault
from wire.messages import AgentKind, Unread


def test_machine_goes_and_history_stays(world: World, sentry: Sentry) -> None:
    closed, gap = block([NOW - 300]), Unread("cpu_temperature_c", "no sensor")
    world.report(sentry, report(sentry.machine, blocks=[closed], specs=SPECS, unread=[gap]))
    delete_agent(world.ports, sentry.farm, sentry.agent)
    assert world.kinds() == ["agent", "closedblock", "farm", "person", "rollup", "session"]


def test_record_of_the_agent_says_when_and_expires(world: World, sentry: Sentry) -> None:
    world.clock.advance(5)
    delete_agent(world.ports, sentry.farm, sentry.agent)
    item = world.store.items[keys.agent(sentry.farm, sentry.agent)]
    assert world.agent(sentry).revoked_at == NOW + 5
    assert item.expires_at == NOW + 5 + 90 * DAY_S
    assert item.revision == 2


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
    delete_agent(world.ports, farm.farm, made.agent.agent)
    assert world.kinds() == ["agent", "farm", "person", "session"]


def test_change_meanwhile_asks_to_try_again_and_deletes_nothing(world: World, sentry: Sentry) -> None:
    principal = world.principal(sentry)
    world.store.interruptions = [lambda: enrol_agent(world.ports, principal, enrolment())]
    with pytest.raises(Fault) as caught:
        delete_agent(world.ports, sentry.farm, sentry.agent)
    assert (caught.value.code, caught.value.status) == ("try_again", 409)
    assert world.agent(sentry).epoch == 1
    assert keys.machine(sentry.farm, sentry.machine) in world.store.items


def test_pages_are_told_that_a_machine_went(world: World, sentry: Sentry) -> None:
    world.store.changes.clear()
    delete_agent(world.ports, sentry.farm, sentry.agent)
    told = [(change.item.kind, change.removed) for change in world.store.changes]
    assert told == [("machine", True)]
