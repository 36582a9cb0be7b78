"""What became of machines by itself, page by page, the newest first."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.records import Event
from cloud.ports import Item, Put
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.list_events import PAGE_MAX, list_events
from tests.fakes.reports import NOW, block, report
from tests.fakes.world import ALL, Farm, Sentry, World
from wire.faults import Fault
from wire.live import EventList, MachineEvent, Transition


def happen(
    world: World, sentry: Sentry, *times: float, expires_at: float | None = None
) -> list[MachineEvent]:
    """Offline at each of these times, as a sweep would note it; gives the events, newest first."""
    for at in times:
        event = Event(at, sentry.machine, Transition.OFFLINE)
        places = (
            keys.event(sentry.farm, at, sentry.machine),
            keys.machine_event(sentry.farm, sentry.machine, at),
        )
        world.store.commit([Put(Item.of(place, event, expires_at=expires_at)) for place in places])
    return [MachineEvent(at, sentry.machine, Transition.OFFLINE) for at in sorted(times, reverse=True)]


def pages(world: World, farm: str, machine: str | None, limit: int) -> list[EventList]:
    found = [list_events(world.ports, farm, machine, None, limit, ALL)]
    while (after := found[-1].next) is not None:
        found.append(list_events(world.ports, farm, machine, after, limit, ALL))
    return found


def test_nothing_happened(world: World, sentry: Sentry) -> None:
    for machine in (None, sentry.machine):
        assert list_events(world.ports, sentry.farm, machine, None, 50, ALL) == EventList([], None)


@pytest.mark.parametrize("limit", [1, 3, 50, PAGE_MAX])
def test_both_lists_are_paged_newest_first_without_gap_or_repeat(
    world: World, farm: Farm, limit: int
) -> None:
    one, two = world.sentry(farm, "one"), world.sentry(farm, "two")
    of_one = happen(world, one, *(NOW + 10.5 * number for number in range(30)))
    of_two = happen(world, two, *(NOW + 7.25 * number for number in range(30)))
    both = sorted([*of_one, *of_two], key=lambda event: (event.at, event.machine), reverse=True)
    for machine, expected in ((None, both), (one.machine, of_one), (two.machine, of_two)):
        found = pages(world, farm.farm, machine, limit)
        assert [event for page in found for event in page.events] == expected
        assert max(len(page.events) for page in found) <= limit


def test_two_machines_at_one_moment_are_two_events(world: World, farm: Farm) -> None:
    sentries = [world.sentry(farm, f"rig-{number}") for number in range(5)]
    for sentry in sentries:
        happen(world, sentry, NOW)
    found = [event for page in pages(world, farm.farm, None, 2) for event in page.events]
    assert sorted(event.machine for event in found) == sorted(sentry.machine for sentry in sentries)


def test_no_more_than_two_hundred_at_once(world: World, sentry: Sentry) -> None:
    expected = happen(world, sentry, *(NOW + number for number in range(PAGE_MAX + 1)))
    for machine in (None, sentry.machine):
        page = list_events(world.ports, sentry.farm, machine, None, 9999, ALL)
        assert page.events == expected[:PAGE_MAX]
        assert page.next is not None


def test_what_happens_while_pages_are_read_moves_nothing(world: World, sentry: Sentry) -> None:
    expected = happen(world, sentry, NOW, NOW + 1, NOW + 2)
    first = list_events(world.ports, sentry.farm, None, None, 2, ALL)
    happen(world, sentry, NOW + 3)
    second = list_events(world.ports, sentry.farm, None, first.next, 2, ALL)
    assert [*first.events, *second.events] == expected


def test_the_history_beside_them_is_no_event(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, blocks=[block([NOW - 50_000]), block([NOW - 10])]))
    expected = happen(world, sentry, NOW)
    assert list_events(world.ports, sentry.farm, sentry.machine, None, 50, ALL) == EventList(expected, None)


def test_expired_events_are_not_listed(world: World, sentry: Sentry) -> None:
    happen(world, sentry, NOW, expires_at=NOW + 10)
    world.clock.advance(10)
    for machine in (None, sentry.machine):
        assert list_events(world.ports, sentry.farm, machine, None, 50, ALL).events == []


def test_other_farms_events_are_not_listed(world: World, farm: Farm, sentry: Sentry) -> None:
    theirs = world.sentry(world.farm("South", "south@example.test"))
    happen(world, theirs, NOW)
    assert list_events(world.ports, farm.farm, None, None, 50, ALL).events == []


def test_unknown_other_farms_and_deleted_machines_look_alike(
    world: World, farm: Farm, sentry: Sentry
) -> None:
    theirs = world.sentry(world.farm("South", "south@example.test"))
    happen(world, theirs, NOW)
    happen(world, sentry, NOW)
    delete_agent(world.ports, farm.farm, sentry.agent)
    for machine in ("machine_x", theirs.machine, sentry.machine):
        with pytest.raises(Fault) as caught:
            list_events(world.ports, farm.farm, machine, None, 50, ALL)
        assert (caught.value.code, caught.value.status) == ("machine_unknown", 404)
    assert len(list_events(world.ports, farm.farm, None, None, 50, ALL).events) == 1


@pytest.mark.parametrize("after", ["", "~", "agent#x", "event#~", "event#", "\x00", "é", "x" * 5000])
def test_made_up_place_to_go_on_from_is_refused(world: World, sentry: Sentry, after: str) -> None:
    for machine in (None, sentry.machine):
        with pytest.raises(Fault) as caught:
            list_events(world.ports, sentry.farm, machine, after, 50, ALL)
        assert (caught.value.code, caught.value.status) == ("bad_after", 422)


def test_place_among_another_farms_events_shows_only_this_farms(world: World, sentry: Sentry) -> None:
    theirs = world.sentry(world.farm("South", "south@example.test"))
    happen(world, theirs, NOW + 5)
    expected = happen(world, sentry, NOW)
    after = keys.event(theirs.farm, NOW + 5, theirs.machine).sk
    assert list_events(world.ports, sentry.farm, None, after, 50, ALL).events == expected


def test_short_pages_of_the_store_lose_nothing() -> None:
    world = World(page_max=2)
    sentry = world.sentry(world.farm())
    expected = happen(world, sentry, *(NOW + number for number in range(9)))
    for machine in (None, sentry.machine):
        found = pages(world, sentry.farm, machine, 5)
        assert [event for page in found for event in page.events] == expected
