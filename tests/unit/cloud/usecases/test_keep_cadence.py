"""What a farm's agents are asked for is read and changed in one item, whoever changes it at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.records import Cadence
from cloud.ports import StoreUnavailable
from cloud.usecases.keep_cadence import PAUSE_MAX_S, change_cadence, find_cadence, find_pace, pause_s
from tests.fakes.world import Farm, World
from wire.live import FarmSettings, Pace


def _longer(cadence: Cadence) -> Cadence:
    return msgspec.structs.replace(cadence, watched_until=cadence.watched_until + 1)


def test_a_farm_without_settings_has_the_default(world: World, farm: Farm) -> None:
    assert find_cadence(world.ports, farm.farm) == Cadence()
    assert find_pace(world.ports, farm.farm) == Pace(10, 60, 90, 150)


def test_pace_is_what_the_settings_come_to(world: World, farm: Farm) -> None:
    settings = FarmSettings(report_interval_s=360)
    changed = change_cadence(world.ports, farm.farm, lambda _: Cadence(settings))
    assert changed == find_cadence(world.ports, farm.farm) == Cadence(settings)
    assert find_pace(world.ports, farm.farm) == Pace(60, 360, 540, 900)


def test_it_never_expires_and_each_change_is_a_revision(world: World, farm: Farm) -> None:
    for _ in range(3):
        change_cadence(world.ports, farm.farm, _longer)
    item = world.store.items[keys.cadence(farm.farm)]
    assert (item.revision, item.expires_at, item.watched) == (3, None, False)


@pytest.mark.parametrize("begun", [False, True])
def test_two_changes_at_once_are_both_kept(world: World, farm: Farm, begun: bool) -> None:
    if begun:
        change_cadence(world.ports, farm.farm, lambda _: Cadence(FarmSettings(report_interval_s=60)))
    settings = FarmSettings(report_interval_s=120)
    world.store.interruptions = [
        lambda: change_cadence(
            world.ports, farm.farm, lambda cadence: msgspec.structs.replace(cadence, settings=settings)
        )
    ]
    change_cadence(world.ports, farm.farm, _longer)
    assert find_cadence(world.ports, farm.farm) == Cadence(settings, 1)


def test_many_at_once_lose_no_change(world: World, farm: Farm) -> None:
    def until_it_is_kept(_: int) -> None:
        while True:
            try:
                change_cadence(world.ports, farm.farm, _longer)
            except StoreUnavailable:
                continue
            return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(until_it_is_kept, range(200)))
    assert find_cadence(world.ports, farm.farm).watched_until == 200


def test_what_changes_nothing_is_not_written(world: World, farm: Farm) -> None:
    change_cadence(world.ports, farm.farm, _longer)
    world.store.calls.clear()
    assert change_cadence(world.ports, farm.farm, lambda cadence: cadence) == Cadence(watched_until=1)
    assert world.store.verbs == ["get"]


def test_after_a_refused_write_it_pauses_longer_each_time(world: World, farm: Farm) -> None:
    pauses: list[int] = []

    def interrupt() -> None:
        # The other's own write takes the first of these two.
        world.store.interruptions[:] = [lambda: None, interrupt]
        change_cadence(world.ports, farm.farm, _longer)

    world.store.interruptions = [interrupt]
    with pytest.raises(StoreUnavailable):
        change_cadence(world.ports, farm.farm, _longer, pause=pauses.append)
    assert pauses == list(range(1, 10))


def test_pauses_are_short_and_never_in_step() -> None:
    taken = [pause_s(failed) for failed in range(1, 11) for _ in range(20)]
    assert len(set(taken)) == len(taken)
    assert 0 <= min(taken) <= max(taken) <= PAUSE_MAX_S
