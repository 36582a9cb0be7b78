"""Events for who sees some clients' machines: all of theirs, in order, and nothing that tells of others."""

from __future__ import annotations

import random

import pytest

from cloud.domain import keys
from cloud.domain.permissions import Seat
from cloud.domain.records import Event
from cloud.ports import Put
from cloud.usecases.change_machine import change_machine
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.find_seen_events import SCANNED_MAX, find_seen_events
from cloud.usecases.list_events import list_events
from cloud.usecases.store_events import event_writes
from tests.fakes.reports import NOW
from tests.fakes.world import ALL, Farm, Sentry, World
from wire.live import EventList, MachineChange, MachineEvent, Transition
from wire.people import Role

ANN = Seat(Role.VIEWER, frozenset({"Ann"}))


def _of(world: World, farm: Farm, client: str | None, name: str = "rig") -> Sentry:
    sentry = world.sentry(farm, name)
    change_machine(world.ports, farm.farm, sentry.machine, MachineChange(client=client), ALL)
    return sentry


def _happen(world: World, sentry: Sentry, at: float, tail: str = "") -> None:
    event = Event(at, sentry.machine, Transition.OFFLINE, reason=f"{sentry.machine} {at} {tail}")
    for write in event_writes(world.ports, sentry.farm, event, tail):
        assert isinstance(write, Put)
        world.store.write(write)


def _random_events(world: World, sentries: list[Sentry], count: int, seed: int) -> None:
    """Often several in one millisecond, of one machine and of many, with tails before and after its id."""
    chance = random.Random(seed)
    for _ in range(count):
        tail = chance.choice(["", "0000000000000001", "0000000000000002", "order-1", "zzz"])
        _happen(world, chance.choice(sentries), NOW - chance.randrange(12), tail)


def _pages(world: World, farm: str, seat: Seat, limit: int) -> list[EventList]:
    pages = [list_events(world.ports, farm, None, None, limit, seat)]
    while (after := pages[-1].next) is not None:
        pages.append(list_events(world.ports, farm, None, after, limit, seat))
    return pages


def _events(pages: list[EventList]) -> list[MachineEvent]:
    return [event for page in pages for event in page.events]


def _fill_with_others(world: World, bob: Sentry, count: int) -> None:
    for number in range(count):
        _happen(world, bob, NOW + 1 + number / 1000)


@pytest.mark.parametrize("page_max", [3, 1_000_000], ids=["asked of each machine", "found among all"])
@pytest.mark.parametrize("seed", range(3))
def test_they_are_the_farms_events_less_those_of_others_on_as_many_pages(seed: int, page_max: int) -> None:
    """Few are looked through among all where the store gives short pages."""
    world = World(page_max=page_max)
    farm = world.farm()
    ann, bob = [_of(world, farm, "Ann", f"ann-{n}") for n in range(3)], _of(world, farm, "Bob")
    _random_events(world, [*ann, bob], 60, seed)
    own = {sentry.machine for sentry in ann}
    expected = [e for e in _events(_pages(world, farm.farm, ALL, 200)) if e.machine in own]
    farm_keys = {key.sk for key in world.store.items if key.sk.rpartition("#")[2] in own}
    for limit in (1, 7, len(expected), 200):
        pages = _pages(world, farm.farm, ANN, limit)
        assert _events(pages) == expected
        assert {len(page.events) for page in pages[:-1]} <= {limit}
        assert pages[-1].events != []
        assert {page.next for page in pages} - {None} <= farm_keys


def test_their_own_list_is_the_same_whatever_happens_to_others(world: World, farm: Farm) -> None:
    ann, bob = _of(world, farm, "Ann"), _of(world, farm, "Bob")
    for number in range(5):
        _happen(world, ann, NOW - number)
    before = _pages(world, farm.farm, ANN, 2)
    _fill_with_others(world, bob, 50)
    _random_events(world, [bob], 50, seed=3)
    assert _pages(world, farm.farm, ANN, 2) == before
    assert len(before) == 3


def test_who_sees_no_machine_costs_no_search(world: World, farm: Farm) -> None:
    bob = _of(world, farm, "Bob")
    _happen(world, bob, NOW)
    world.store.calls.clear()
    assert find_seen_events(world.ports, farm.farm, ANN, None, 10) == []
    assert world.store.verbs == ["query"]


def test_machines_that_are_gone_are_not_shown(world: World, farm: Farm) -> None:
    stays, goes = _of(world, farm, "Ann"), _of(world, farm, "Ann")
    for sentry in (stays, goes):
        _happen(world, sentry, NOW)
    delete_agent(world.ports, farm.farm, goes.agent)
    assert [event.machine for event in _events(_pages(world, farm.farm, ANN, 50))] == [stays.machine]
    assert len(_events(_pages(world, farm.farm, Seat(Role.VIEWER), 50))) == 2


def test_search_among_all_is_bounded(world: World, farm: Farm) -> None:
    ann, bob = _of(world, farm, "Ann"), _of(world, farm, "Bob")
    _happen(world, ann, NOW - 5)
    _fill_with_others(world, bob, SCANNED_MAX + 500)
    world.store.items_read = 0
    (found,) = find_seen_events(world.ports, farm.farm, ANN, None, 10)
    assert found.farm_sk == keys.event(farm.farm, NOW - 5, ann.machine).sk
    assert world.store.items_read == SCANNED_MAX + 3  # two machines and an event


def test_going_on_reads_nothing_newer_again() -> None:
    world = World(page_max=3)
    farm = world.farm()
    ann, bob = _of(world, farm, "Ann"), _of(world, farm, "Bob")
    for number in range(50):
        _happen(world, ann, NOW - number)
        _happen(world, bob, NOW - 49.5 + number / 1000)
    before = keys.event(farm.farm, NOW - 48, ann.machine).sk
    world.store.items_read = 0
    (found,) = find_seen_events(world.ports, farm.farm, ANN, before, 10)
    assert found.event.at == NOW - 49
    assert world.store.items_read == 2 + 5 * 3 + 2  # machines, others' events, its own from `before` on
