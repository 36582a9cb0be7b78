"""Closed blocks are written together, and once."""

from __future__ import annotations

from cloud.domain.records import Arrival
from cloud.usecases.store_blocks import store_blocks
from tests.fakes.reports import NOW, block, machine_report, report
from tests.fakes.world import Sentry, World


def test_the_blocks_of_several_machines_are_one_call(world: World, sentry: Sentry) -> None:
    fuller, part = block([NOW + 10, NOW + 20]), block([NOW + 10])
    machines = [
        machine_report(name, [], blocks=[part, block([NOW + 40])], after=NOW)
        for name in (sentry.machine, "m2")
    ]
    arrival = Arrival(sentry.farm, NOW + 60, False, report(sentry.machine))
    world.store.calls.clear()
    store_blocks(world.ports, arrival, machines)
    assert world.store.verbs == ["write_all"]
    store_blocks(world.ports, arrival, [machine_report(sentry.machine, [], blocks=[fuller], after=NOW)])
    store_blocks(world.ports, arrival, machines)
    assert world.blocks(sentry) == [fuller, block([NOW + 40])]


def test_without_blocks_the_store_is_not_called(world: World, sentry: Sentry) -> None:
    sent = report(sentry.machine)
    world.store.calls.clear()
    store_blocks(world.ports, Arrival(sentry.farm, NOW, False, sent), sent.machines)
    assert world.store.calls == []
