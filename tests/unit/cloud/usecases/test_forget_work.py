"""Nothing stays of what an erased rig was to run."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.rig_work import Work, WorkerName
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.empty_bin import empty_bin
from cloud.usecases.forget_work import forget_work
from tests.fakes.signing import Signing
from tests.fakes.world import Farm, Sentry, World, kind


def test_the_bin_takes_it_along(world: World, farm: Farm, sentry: Sentry) -> None:
    signing = Signing(world)
    world.enrol(sentry)
    assert keys.worker(farm.farm, "rig-1") in world.store.items
    delete_agent(world.ports, farm.farm, sentry.agent)
    world.clock.now += world.ports.policy.bin_s
    empty_bin(world.ports, farm.farm)
    assert signing.documents.bodies == {}
    assert not {kind(Work), kind(WorkerName)} & set(world.kinds())


def test_it_may_be_asked_twice(world: World, sentry: Sentry) -> None:
    Signing(world)
    world.enrol(sentry)
    for _ in range(2):
        forget_work(world.ports, sentry.farm, sentry.machine)
    assert kind(Work) not in world.kinds()
