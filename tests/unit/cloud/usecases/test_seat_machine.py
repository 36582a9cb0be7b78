"""One device after the other gets its seat; what two edges disagree on is settled at the next telling."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cloud.domain import keys
from cloud.domain.asic_records import Evidence, KeptSeat, Seats
from tests.fakes.edges import Edge, new_edge
from tests.fakes.rosters import check_seats, entry, in_bin, listed, mac, machines_of, reads, tell
from tests.fakes.world import Farm, World

OLD, NEW = 901, 902


@pytest.fixture
def edge(world: World, farm: Farm) -> Edge:
    return new_edge(world, farm, "one")


@pytest.fixture
def other(world: World, farm: Farm) -> Edge:
    return new_edge(world, farm, "two")


def _seat(world: World, edge: Edge, number: int) -> KeptSeat:
    item = world.store.items[keys.seats(edge.farm, edge.agent, number // 50)]
    return item.read(Seats).seats[number]


def _lead(world: World, farm: str, mac_number: int) -> str | None:
    item = world.store.items.get(keys.evidence(farm, "mac", mac(mac_number)))
    return item.read(Evidence).machine if item else None


SAME = replace(entry(1, NEW), former_macs=(mac(OLD),))


def test_a_seat_keeps_what_leads_to_its_machine(world: World, edge: Edge) -> None:
    machine = machines_of(tell(world, edge, replace(SAME, serial="S1")))[1]
    seat = _seat(world, edge, 1)
    assert (seat.machine, seat.reads, seat.added_at, seat.since) == (machine, True, 100.0, world.clock.now)
    assert (seat.macs, seat.serial) == ((mac(NEW), mac(OLD)), "Antminer\nS1")
    assert [_lead(world, edge.farm, number) for number in (OLD, NEW)] == [machine] * 2


def test_a_claim_that_is_taken_back_leads_nowhere(world: World, edge: Edge) -> None:
    machine = machines_of(tell(world, edge, SAME))[1]
    tell(world, edge, entry(1, OLD))
    assert [_lead(world, edge.farm, number) for number in (OLD, NEW)] == [machine, None]


def test_claims_of_another_seat_stay(world: World, edge: Edge, other: Edge) -> None:
    machine = machines_of(tell(world, edge, SAME))[1]
    tell(world, other, SAME)
    tell(world, other, entry(1, OLD))
    assert [_lead(world, edge.farm, number) for number in (OLD, NEW)] == [machine] * 2


def test_where_another_edge_saw_the_new_board_first_the_histories_meet_there(
    world: World, edge: Edge, other: Edge
) -> None:
    before = machines_of(tell(world, edge, entry(1, OLD)))[1]
    theirs = machines_of(tell(world, other, entry(7, NEW)))[7]
    reply = tell(world, edge, SAME)
    assert (machines_of(reply), reads(reply)) == ({1: theirs}, {1: False})
    assert (set(listed(world, edge.farm)), set(in_bin(world, edge.farm))) == ({theirs}, {before})
    # And back, when the answer is taken back.
    assert machines_of(tell(world, edge, entry(1, OLD))) == {1: before}
    assert set(listed(world, edge.farm)) == {theirs, before}


def test_an_answer_after_the_board_stood_alone_keeps_the_long_history(world: World, edge: Edge) -> None:
    """ "Different" first, then taken back and "the same": in one telling, or the board's entry goes first."""
    before = machines_of(tell(world, edge, entry(1, OLD), entry(2, NEW)))
    assert machines_of(tell(world, edge, SAME)) == {1: before[1]}
    assert set(in_bin(world, edge.farm)) == {before[2]}
    again = machines_of(tell(world, edge, entry(1, OLD), entry(3, NEW)))
    tell(world, edge, entry(1, OLD))
    assert again[1] == before[1]
    assert machines_of(tell(world, edge, SAME)) == {1: before[1]}


def test_edges_that_disagree_whether_it_is_the_same_count_each_board_once(
    world: World, edge: Edge, other: Edge
) -> None:
    machine = machines_of(tell(world, edge, SAME))[1]
    theirs = machines_of(tell(world, other, entry(1, OLD), entry(2, NEW)))
    assert (theirs[1], theirs[2] != machine) == (machine, True)
    check_seats(world, edge.farm, [edge, other])
    # The first edge's seat was set back, so its next telling follows the board that it sees.
    assert not _seat(world, edge, 1).reads
    assert machines_of(tell(world, edge, SAME)) == {1: theirs[2]}
    assert set(listed(world, edge.farm)) == set(theirs.values())


def test_an_address_finds_its_machine_of_the_bin_when_it_learns_its_mac(world: World, edge: Edge) -> None:
    before = machines_of(tell(world, edge, entry(1)))[1]
    short = machines_of(tell(world, edge, entry(2, 0)))[2]
    assert machines_of(tell(world, edge, entry(2, 1))) == {2: before}
    assert set(in_bin(world, edge.farm)) == {short}


def test_a_serial_number_that_many_have_proves_nothing_within_an_edge(world: World, edge: Edge) -> None:
    same = [entry(number, 0, serial="0000") for number in (1, 2, 3)]
    machines = machines_of(tell(world, edge, *same))
    assert len(set(machines.values())) == 3
    assert machines_of(tell(world, edge, *same)) == machines


def test_only_its_reader_says_what_model_a_machine_is(world: World, edge: Edge, other: Edge) -> None:
    machine = machines_of(tell(world, edge, entry(1)))[1]
    tell(world, other, entry(1, model="S19 (unknown)"))
    assert listed(world, edge.farm)[machine].model == "Antminer S19"
