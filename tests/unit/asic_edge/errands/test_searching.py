"""A search from the dashboard: how far it is, what it finds, and how it ends."""

from __future__ import annotations

import asyncio
from pathlib import Path

from asic_edge.discovery.search import Unidentified
from asic_edge.errands.searching import NAME as FOUND_NAME
from asic_edge.errands.searching import Found
from asic_edge.native.client import NativeReader
from asic_edge.roster.entries import Entry
from asic_edge.roster.store import changing, read_roster
from asic_edge.settings.files import save
from asic_edge.simulator.device import Fault
from asic_edge.ways import Known, Ways
from tests.fakes.asic_errands import (
    Desk,
    FakeWays,
    found_before,
    identities,
    searching,
)
from tests.fakes.asic_hall import hall_of, until
from wire.edge import (
    FOUND_MAX,
    AddFound,
    EndSearch,
    ErrandResult,
    GivenErrand,
    Search,
    SearchState,
)


def test_a_search_tells_how_far_it_is_and_what_it_found_and_can_be_ended(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    errands = desk.errands

    async def story(places: tuple[str, ...]) -> None:
        with changing(tmp_path) as roster:
            roster.put(Entry(number=1, name="rack-1", address=places[0], added_at=1.0))
        desk.ways.hung = {places[1]}
        errands.take([GivenErrand(7, Search(places))])
        await until(lambda: errands.search and (errands.search.found, errands.search.unknown) == (1, 1))
        state = errands.search
        assert state
        assert (state.number, state.state, state.ranges) == (7, "running", places)
        assert (state.tried, state.total) == (3, 3)
        assert errands.done == 0
        news = errands.found_news()
        assert news
        assert [(each.address, each.name) for each in news] == [(places[0], "rack-1"), (places[2], None)]
        errands.found_told()
        errands.take([GivenErrand(8, EndSearch()), GivenErrand(9, EndSearch())])
        await desk.ended(9)

    searching(desk, 3, story)
    state = errands.search
    assert state
    assert state.state == "ended"
    assert errands.found_news() is None
    searched = f"3 of 3 addresses tried: 1 found, 1 not known. Searched: {', '.join(state.ranges)}."
    assert [(each.number, each.ok, each.text) for each in errands.results()] == [
        (7, True, searched),
        (8, True, "The search was ended."),
        (9, True, "No search is under way now."),
    ]
    again = Desk(tmp_path).errands
    assert again.search == state
    assert [each.address for each in again.found_news() or ()] != []


def test_a_new_search_ends_the_former_and_what_is_between_waits_its_turn(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    async def story(places: tuple[str, ...]) -> None:
        desk.ways.hung = {places[1]}
        desk.errands.take([GivenErrand(1, Search(places))])
        await until(lambda: desk.errands.search and desk.errands.search.found)
        desk.errands.take([GivenErrand(2, AddFound((places[0],), "{ip}"))])
        desk.errands.take([GivenErrand(3, Search((places[2],))), GivenErrand(4, Search((places[0],)))])
        await desk.ended(4)

    searching(desk, 3, story)
    told = [(each.number, each.ok) for each in desk.errands.results()]
    assert told == [(1, True), (2, True), (3, False), (4, True)]
    assert desk.errands.results()[2].text == "It was ended before it began."
    assert len(read_roster(tmp_path)) == 1
    assert desk.errands.search
    assert (desk.errands.search.number, desk.errands.search.total) == (4, 1)


def test_ranges_that_cannot_be_searched_leave_the_former_search(tmp_path: Path) -> None:
    ways = FakeWays()
    found_before(tmp_path, ways)
    desk = Desk(tmp_path, ways)
    (public,), (wrong,) = desk.done(Search(("8.8.8.0/24",))), desk.done(Search(("10.0.0",)))
    assert (public.ok, public.text) == (False, "8.8.8.0/24 is not within a private network.")
    assert "is no range of IPv4 addresses" in wrong.text
    assert desk.errands.search
    assert desk.errands.search.number == 1


def test_too_few_descriptors_fail_the_search_rather_than_to_call_devices_missing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    async def story() -> None:
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
        try:
            desk.errands.take([GivenErrand(1, Search(("10.255.255.0/24",)))])
            await desk.ended(1)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    asyncio.run(desk.running(story))
    (result,) = desk.errands.results()
    assert not result.ok
    assert "Too many files are open" in result.text
    assert desk.errands.search
    assert (desk.errands.search.state, "Too many" in desk.errands.search.reason) == ("failed", True)


def test_found_devices_are_told_when_they_change(tmp_path: Path) -> None:
    many = [f"10.1.{n // 250}.{n % 250 + 1}" for n in range(FOUND_MAX + 500)]
    known = tuple(Known(each, "library") for each in identities(many[:FOUND_MAX], "S19 Pro Hyd"))
    unknown = tuple(Unidentified(each, (80,), "is no ASIC that is known here") for each in many[FOUND_MAX:])
    state = SearchState(1, "done", 1.0, 9000, 9000, len(known), len(unknown))
    found = Found(agent="agent-1", state=state, found=known, unidentified=unknown)
    save(tmp_path / FOUND_NAME, found)
    errands = Desk(tmp_path, entry_at=lambda _: None).errands
    news = errands.found_news()
    assert news
    assert [each.address for each in news] == many[:FOUND_MAX]
    assert errands.found_news() == news
    errands.found_told()
    assert errands.found_news() is None


def test_a_pretended_hall_is_found_and_added(tmp_path: Path) -> None:
    """Through the real readers, one of them hung."""

    async def run() -> list[ErrandResult]:
        native = NativeReader()
        try:
            async with hall_of(
                "antminer", "whatsminer", "bitaxe", "iceriver", "whatsminer", vary=True
            ) as hall:
                *live, hung = hall.devices
                ways = Ways(native, 5.0)
                desk = Desk(tmp_path, ways)
                desk.errands.take([GivenErrand(1, Search((f"{hung.rpartition('.')[0]}.0/28",)))])
                await desk.running(lambda: desk.ended(1))
                await hall.set_fault(hung, Fault.GONE)
                desk.errands.take([GivenErrand(2, AddFound((*live, hung), "{make}-{ip4}"))])
                await desk.running(lambda: desk.ended(2))
                return list(desk.errands.results())
        finally:
            await native.close()

    searched, added = asyncio.run(run())
    assert searched.text.startswith("14 of 14 addresses tried: 5 found, 0 not known. Searched: 127.")
    assert added.counts == {"added": 4, "fault": 1}
    assert [each.name for each in read_roster(tmp_path)] == [
        "Antminer-1",
        "Whatsminer-2",
        "Bitaxe-3",
        "IceRiver-4",
    ]
