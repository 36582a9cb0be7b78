"""Where a machine is, seen from an edge that tells of it, and who reads it."""

from __future__ import annotations

import pytest

from cloud.domain.seats import Claim, Found, Where
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.find_seats import Lookout
from tests.fakes.edges import Edge, new_edge
from tests.fakes.rosters import entry, listed, mac, machines_of, report_newest, tell, telling
from tests.fakes.world import Farm, World
from wire.edge import RosterEntry


@pytest.fixture
def edge(world: World, farm: Farm) -> Edge:
    return new_edge(world, farm, "one")


@pytest.fixture
def other(world: World, farm: Farm) -> Edge:
    return new_edge(world, farm, "two")


def _lookout(world: World, edge: Edge, *entries: RosterEntry, batches: tuple[int, ...] = (0,)) -> Lookout:
    return Lookout(world.ports, edge.principal(world), telling(entries, *batches).batches, 1)


def test_where_machines_are(world: World, edge: Edge, other: Edge) -> None:
    ours = machines_of(tell(world, edge, entry(1), entry(2), entry(60), entry(5)))
    tell(world, edge, entry(1), entry(2))
    theirs = machines_of(tell(world, other, entry(9)))[9]
    seen = _lookout(world, edge, entry(1), entry(2, added_at=200.0))
    names = [ours[1], ours[2], ours[60], ours[5], theirs, "nobody"]
    wheres = [Where.HERE, Where.LEAVING, Where.HERE, Where.BINNED, Where.ELSEWHERE, Where.GONE]
    assert [seen.where(name) for name in names] == list(map(Found, names, wheres))


def test_a_machine_whose_reader_has_lost_its_seat_is_free(world: World, edge: Edge, other: Edge) -> None:
    theirs = machines_of(tell(world, other, entry(9)))[9]
    seen = _lookout(world, edge)
    seen.put_seat(other.agent, 9, None)
    assert seen.where(theirs).where is Where.FREE


def test_a_claim_leads_to_what_is_known_alone(world: World, edge: Edge) -> None:
    machine = machines_of(tell(world, edge, entry(1)))[1]
    seen = _lookout(world, edge)
    assert [seen.lead(Claim("mac", mac(number))) for number in (1, 2)] == [machine, None]
    del world.store.items[next(key for key in world.store.items if key.sk == f"machine#{machine}")]
    assert _lookout(world, edge).lead(Claim("mac", mac(1))) is None


def test_a_seat_that_is_put_is_found_at_once(world: World, edge: Edge) -> None:
    machine = machines_of(tell(world, edge, entry(1)))[1]
    seen = _lookout(world, edge)
    assert seen.number_of(machine) == 1
    seat = seen.seat(1)
    seen.put_seat(edge.agent, 1, None)
    seen.put_seat(edge.agent, 70, seat)
    assert (seen.seat(1), seen.seat(70), seen.number_of(machine)) == (None, seat, 70)


def test_who_is_told_no_more_is_leaving_and_who_is_not_spoken_of_stays(world: World, edge: Edge) -> None:
    tell(world, edge, entry(1), entry(2), entry(60))
    assert _lookout(world, edge, entry(1)).leaving() == [2]
    assert _lookout(world, edge, entry(1, added_at=200.0), entry(2)).leaving() == [1]


@pytest.mark.parametrize(("deleted", "taken"), [(False, False), (True, True)])
def test_a_deleted_reader_reads_no_more(
    world: World, edge: Edge, other: Edge, deleted: bool, taken: bool
) -> None:
    theirs = machines_of(tell(world, other, entry(9)))[9]
    report_newest(world, other)
    machine = listed(world, edge.farm)[theirs]
    if deleted:
        delete_agent(world.ports, edge.farm, other.agent)
    seen = _lookout(world, edge)
    reader = seen.reader(machine)
    assert reader is not None
    assert (reader.agent, reader.number) == (other.agent, 9)
    assert seen.may_take_over(machine, reader, 0) is taken
