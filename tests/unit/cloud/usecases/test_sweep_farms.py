"""Every farm is swept, and one that cannot be swept holds up nobody."""

from __future__ import annotations

import logging

import pytest

from cloud.domain import keys
from cloud.domain.records import Agent
from cloud.ports import Item, Page, StoreUnavailable
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.keep_beat import keep_beat
from cloud.usecases.show_history import SPANS, show_history
from cloud.usecases.sweep_farms import sweep_farms
from tests.fakes.ports import fake_ports
from tests.fakes.reports import NOW, block, report
from tests.fakes.store import MemoryStore
from tests.fakes.world import World
from wire.live import MachineEvent, Transition


def test_without_farms_there_is_nothing_to_do(world: World) -> None:
    sweep_farms(world.ports)
    assert world.store.verbs == ["query"]


def test_silence_history_and_bin_of_every_farm() -> None:
    world = World(page_max=2)
    farms = [world.farm(f"farm {number}", f"p{number}@example.test") for number in range(5)]
    away = [world.sentry(farm, "away") for farm in farms]
    deleted = [world.sentry(farm, "deleted") for farm in farms]
    for farm, gone in zip(farms, deleted, strict=True):
        delete_agent(world.ports, farm.farm, gone.agent)
    for sentry in away:
        world.report(sentry, report(sentry.machine, [NOW], blocks=[block([NOW - 50])]))
    world.clock.advance(7 * 86_400)
    sweep_farms(world.ports)
    for farm, sentry, gone in zip(farms, away, deleted, strict=True):
        assert world.events(farm.farm) == [MachineEvent(NOW + 150, sentry.machine, Transition.OFFLINE)]
        agent = world.store.items[keys.agent(farm.farm, gone.agent)].read(Agent)
        assert agent.erased_at == world.clock.now
    world.clock.advance(3 * 86_400)  # its samples expire
    for sentry in away:
        assert show_history(world.ports, sentry.farm, sentry.machine, SPANS["30d"]).values == {
            "cpu_load_pct": [10.0, 10.0]
        }


class _BusyFor(MemoryStore):
    """Cannot answer queries of one farm."""

    busy: str = ""

    def query(
        self,
        pk: str,
        first: str,
        last: str,
        *,
        forwards: bool = True,
        limit: int = 1000,
        after: str | None = None,
    ) -> Page:
        if self.busy and pk.startswith(self.busy):
            raise StoreUnavailable("throttled")
        return super().query(pk, first, last, forwards=forwards, limit=limit, after=after)


def test_a_farm_that_cannot_be_swept_is_named_and_swept_the_next_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = World()
    world.store = _BusyFor(world.clock)
    world.ports = fake_ports(store=world.store, clock=world.clock, randomness=world.ports.randomness)
    farms = [world.farm(f"farm {number}", f"p{number}@example.test") for number in range(3)]
    for sentry in [world.sentry(farm) for farm in farms]:
        world.report(sentry, report(sentry.machine))
    world.clock.advance(1000)
    world.store.busy = keys.farm_pk(farms[1].farm)
    with caplog.at_level(logging.WARNING):
        sweep_farms(world.ports)
    world.store.busy = ""
    assert [len(world.events(farm.farm)) for farm in farms] == [1, 0, 1]
    assert farms[1].farm in caplog.text
    sweep_farms(world.ports)
    assert [len(world.events(farm.farm)) for farm in farms] == [1, 1, 1]


def test_a_store_that_fails_altogether_is_told_to_whoever_calls(world: World) -> None:
    world.store.failures = [StoreUnavailable("busy")]
    with pytest.raises(StoreUnavailable):
        sweep_farms(world.ports)


def test_sweeps_beside_beats_note_no_outage_of_the_commander(world: World) -> None:
    sentry = world.sentry(world.farm())
    world.report(sentry, report(sentry.machine))
    keep_beat(world.ports)
    world.clock.advance(3600)
    keep_beat(world.ports)
    sweep_farms(world.ports)
    assert world.events(sentry.farm) == []


def test_what_a_sweep_costs_when_nothing_happened(world: World) -> None:
    """Each minute, for each farm: it must not grow with what is stored."""
    farm = world.farm()
    for number in range(30):
        sentry = world.sentry(farm, f"rig-{number}")
        world.report(sentry, report(sentry.machine, blocks=[block([NOW - 50_000 + n]) for n in range(100)]))
    world.store.calls.clear()
    world.store.items_read = 0
    sweep_farms(world.ports)
    assert len(world.store.calls) == 9
    assert {call.verb for call in world.store.calls} == {"query", "get", "get_many"}
    assert world.store.items_read == 1 + 30 + 30
    assert not any(isinstance(about, Item) for call in world.store.calls for about in call.about)
