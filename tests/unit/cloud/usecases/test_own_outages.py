"""The commander's own outage is not its machines' silence."""

from __future__ import annotations

from dataclasses import replace
from heapq import heapify, heappop, heappush
from random import Random

import pytest

from cloud.__main__ import LOCAL_POLICY
from cloud.domain.policy import Policy
from cloud.domain.state import RETURN_S
from cloud.usecases.keep_beat import keep_beat
from tests.fakes.reports import NOW
from tests.fakes.world import Farm, Sentry, World
from tests.unit.cloud.usecases.silences import OFFLINE, happened, tell
from wire.uplink.backoff import Backoff


def _live_through(world: World, seconds: float, *sentries: Sentry) -> None:
    """The commander beats and sweeps each 10 s, and these machines report each minute."""
    for tenth in range(int(seconds / 10)):
        if tenth % 6 == 0:
            for sentry in sentries:
                tell(world, sentry)
        keep_beat(world.ports)
        world.sweep()
        world.clock.advance(10)


def test_the_commanders_own_outage_marks_nobody(world: World, farm: Farm) -> None:
    sentries = [world.sentry(farm, f"rig-{number}") for number in range(3)]
    for _ in range(3):
        _live_through(world, 300, *sentries)
        world.clock.advance(7200)
        keep_beat(world.ports)
        world.sweep()
        world.clock.advance(50)
    _live_through(world, 300, *sentries)
    assert world.events(farm.farm) == []


@pytest.mark.parametrize("outage_s", [20, 50, 80, 100, 140, 300, 1000, 10_000])
@pytest.mark.parametrize("edition", ["aws", "one machine"])
def test_agents_that_pause_longer_and_longer_find_their_commander_back_in_time(
    edition: str, outage_s: int
) -> None:
    """Each tries again by its own back-off; in AWS the schedule's minute is not the outage's."""
    is_local = edition == "one machine"
    world = World()
    world.ports = replace(world.ports, policy=LOCAL_POLICY if is_local else Policy())
    farm, chance = world.farm(), Random(outage_s)
    each_s = world.ports.policy.report_interval_s
    away_at, back_at = NOW + 600, NOW + 600 + outage_s
    due = [(NOW + chance.uniform(0, each_s), n, world.sentry(farm), Backoff(chance)) for n in range(40)]
    rounds = [NOW + 3 + 10 * n if is_local else NOW + 50 + 60 * n for n in range(3000)]
    rounds = [at for at in rounds if not away_at <= at < back_at and at < back_at + 1000]
    starts_at = back_at if is_local else -1.0
    happens = [*due, *((at, -1, None, None) for at in {*rounds, *([starts_at] if is_local else [])})]
    heapify(happens)
    while happens:
        at, number, sentry, backoff = heappop(happens)
        world.clock.now = at
        if sentry is None or backoff is None:
            keep_beat(world.ports, starts=at == starts_at)
            world.sweep()
        elif at < back_at + 600:
            is_away = away_at <= at < back_at
            if not is_away:
                tell(world, sentry, interval_s=each_s)
                backoff.reset()
            heappush(happens, (at + (backoff.next_s() if is_away else each_s), number, sentry, backoff))
    found = [event for event in world.events(farm.farm) if event.at < back_at + 600]
    assert found == []


def test_who_does_not_return_after_the_commanders_outage_is_noted_then(world: World, farm: Farm) -> None:
    stays, goes = world.sentry(farm, "stays"), world.sentry(farm, "goes")
    _live_through(world, 300, stays, goes)
    world.clock.advance(7200)
    back_at = world.clock.now
    _live_through(world, 600, stays)
    assert happened(world, stays) == []
    assert happened(world, goes) == [(back_at + RETURN_S + 150, OFFLINE)]


@pytest.mark.parametrize("before_s", range(130, 170, 3))
def test_who_was_offline_when_the_commander_fell_stays_so_and_is_noted_once(
    world: World, sentry: Sentry, before_s: int
) -> None:
    """Its deadline may lie between the last beat, the last sweep and the fall itself."""
    began = tell(world, sentry)
    while world.clock.now < began + before_s:
        if int(world.clock.now) % 10 == 0:
            keep_beat(world.ports)
        world.sweep()
        world.clock.advance(1)
    world.clock.advance(3000)
    _live_through(world, 900)
    assert [state for _, state in happened(world, sentry)] == [OFFLINE]
