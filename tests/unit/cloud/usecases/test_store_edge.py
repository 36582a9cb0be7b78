"""How an edge is doing is kept as it last said it; what comes twice, late or in bulk does no harm."""

from __future__ import annotations

import base64
import random

import pytest
from msgspec.structs import replace

from cloud.domain import keys
from cloud.domain.asic_records import StoredEdge, StoredErrand, StoredFound
from cloud.domain.errands import checked
from cloud.domain.records import Arrival
from cloud.ports import MAX_BODY_BYTES
from cloud.usecases.give_errand import give_errand
from cloud.usecases.store_edge import store_edge
from tests.fakes.edges import Edge, edge_state, new_edge
from tests.fakes.reports import NOW
from tests.fakes.world import Farm, World
from wire.codec import MAX_INFLATED_BYTES, MAX_SENT_BYTES, encode, encode_report
from wire.edge import (
    CSV_MAX_LETTERS,
    ERRAND_LINES_MAX,
    FOUND_MAX,
    EdgeState,
    EndSearch,
    ErrandLine,
    ErrandResult,
    FoundDevice,
    ImportRows,
)
from wire.messages import Report

FOUND = FoundDevice("10.0.0.9", "MicroBT", "M30S")
_chance = random.Random(7)


@pytest.fixture
def edge(world: World, farm: Farm) -> Edge:
    return new_edge(world, farm)


def stored(world: World, edge: Edge) -> StoredEdge:
    return world.store.items[keys.edge(edge.farm, edge.agent)].read(StoredEdge)


def found(world: World, edge: Edge) -> tuple[FoundDevice, ...]:
    return world.store.items[keys.found(edge.farm, edge.agent)].read(StoredFound).found


def errand(world: World, edge: Edge, number: int = 1) -> StoredErrand:
    return world.store.items[keys.errand(edge.farm, edge.agent, number)].read(StoredErrand)


def ended(text: str, number: int = 1) -> ErrandResult:
    return ErrandResult(number, ok=True, text=text)


def noise(letters: int) -> str:
    """Text that cannot be packed into less than three quarters of its size."""
    return base64.b64encode(_chance.randbytes(letters)).decode()[:letters]


def test_the_state_is_kept_without_what_lies_beside_it(world: World, edge: Edge) -> None:
    state = edge_state(3, results=[ended("done", 3)], found=[FOUND], trouble=["no room"])
    edge.tell(world, state, interval_s=60, asked_s=120)
    kept = stored(world, edge)
    assert kept.state == replace(state, results=(), found=None)
    assert (kept.received_at, kept.interval_s, kept.stopped) == (NOW, 120, False)
    assert found(world, edge) == (FOUND,)


def test_a_usual_report_is_one_write(world: World, edge: Edge) -> None:
    report = Report(1, 1, NOW, 60, (), edge=edge_state())
    world.store.calls.clear()
    store_edge(world.ports, Arrival(edge.farm, NOW, False, report, 60, edge.agent))
    assert world.store.verbs == ["write"]


def test_the_newest_stays_whatever_the_order(world: World, edge: Edge) -> None:
    told: list[tuple[int, int]] = [(1, 7), (2, 1), (2, 3), (2, 3), (2, 2), (1, 9)]
    for epoch, sequence in told:
        state = edge_state(trouble=[f"{epoch}.{sequence}"], found=[replace(FOUND, model=f"{sequence}")])
        edge.tell(world, state, epoch=epoch, sequence=sequence)
    assert stored(world, edge).state.trouble == ("2.3",)
    assert found(world, edge) == (replace(FOUND, model="3"),)


def test_what_was_found_stands_until_something_else_is_told(world: World, edge: Edge) -> None:
    edge.tell(world, edge_state(found=[FOUND]))
    edge.tell(world, edge_state(), sequence=2)
    assert found(world, edge) == (FOUND,)
    edge.tell(world, edge_state(found=()), sequence=3)
    assert found(world, edge) == ()


def test_a_goodbye_is_kept(world: World, edge: Edge) -> None:
    edge.tell(world, edge_state(), goodbye=True)
    assert stored(world, edge).stopped is True


def test_a_report_of_machines_alone_and_one_of_nobody_change_nothing(world: World, edge: Edge) -> None:
    before = dict(world.store.items)
    silent, nobodys = Report(1, 1, NOW, 60, ()), Report(1, 1, NOW, 60, (), edge=edge_state())
    store_edge(world.ports, Arrival(edge.farm, NOW, False, silent, 60, edge.agent))
    store_edge(world.ports, Arrival(edge.farm, NOW, False, nobodys, 60))
    assert world.store.items == before


def test_the_first_result_stays_and_what_was_asked_is_forgotten(world: World, edge: Edge) -> None:
    give_errand(world.ports, edge.farm, edge.agent, ImportRows("name\nrow\n"))
    edge.tell(world, edge_state(1, results=[ended("first")]), sequence=2)
    for sequence in (1, 2, 3):
        edge.tell(world, edge_state(1, results=[ended("second")]), sequence=sequence)
    kept = errand(world, edge)
    assert (kept.result, kept.errand) == (ended("first"), None)
    assert world.store.items[keys.errand(edge.farm, edge.agent, 1)].expires_at == NOW + 86_400


def test_two_that_store_a_result_at_once_keep_one(world: World, edge: Edge) -> None:
    give_errand(world.ports, edge.farm, edge.agent, EndSearch())
    state = edge_state(1, results=[ended("mine")])
    theirs = replace(state, results=(ended("theirs"),))
    world.store.interruptions = [lambda: edge.tell(world, theirs)]
    edge.tell(world, state, sequence=2)
    assert errand(world, edge).result == ended("theirs")


def test_a_result_of_what_is_not_kept_is_dropped(world: World, edge: Edge) -> None:
    give_errand(world.ports, edge.farm, edge.agent, EndSearch())
    world.clock.advance(86_400)
    edge.tell(world, edge_state(7, results=[ended("late"), ended("never given", 7)]))
    assert world.store.get(keys.errand(edge.farm, edge.agent, 1)) is None
    assert keys.errand(edge.farm, edge.agent, 7) not in world.store.items


def test_what_an_honest_edge_can_find_and_tell_at_most_fits(world: World, edge: Edge) -> None:
    devices = [
        FoundDevice(
            f"10.0.{n // 250}.{n % 250}", "MicroBT", f"M30S+ V{n % 40}", f"row {n // 40}-{n % 40:02d}"
        )
        for n in range(FOUND_MAX)
    ]
    lines = [
        ErrandLine(
            str(n), "fault", f"The MAC 02:00:00:00:{n // 256:02X}:{n % 256:02X} stands in line {n - 1} too."
        )
        for n in range(1, ERRAND_LINES_MAX + 1)
    ]
    give_errand(world.ports, edge.farm, edge.agent, EndSearch())
    result = replace(ended("1 of 2,000 rows added."), lines=tuple(lines))
    state = edge_state(1, results=[result], found=devices)
    assert len(encode_report(Report(1, 1, NOW, 60, (), edge=state))) < MAX_SENT_BYTES
    assert len(encode(Report(1, 1, NOW, 60, (), edge=state))) < MAX_INFLATED_BYTES
    edge.tell(world, state)
    assert found(world, edge) == tuple(devices)
    assert errand(world, edge).result == result


def test_whatever_fits_into_a_report_can_be_kept(world: World, edge: Edge) -> None:
    """As hard to pack as it can be; a report is refused before it is larger than this."""
    give_errand(world.ports, edge.farm, edge.agent, EndSearch())
    devices = [FoundDevice("10.0.0.1", noise(200), noise(200)) for _ in range(600)]
    lines = [ErrandLine(noise(60), "fault", noise(300)) for _ in range(700)]
    told: list[EdgeState] = [
        edge_state(1, results=[replace(ended("done"), lines=tuple(lines))]),
        edge_state(1, found=devices),
        edge_state(1, trouble=[noise(300)] * 10),
    ]
    for sequence, state in enumerate(told):
        sent = len(encode_report(Report(1, sequence, NOW, 60, (), edge=state)))
        assert sequence == 2 or 0.7 * MAX_SENT_BYTES < sent < MAX_SENT_BYTES
        edge.tell(world, state, sequence=sequence)
    assert found(world, edge) == tuple(devices)
    assert len(errand(world, edge).packed_result) < MAX_BODY_BYTES


def test_the_largest_errand_can_be_kept(world: World, edge: Edge) -> None:
    largest = ImportRows(noise(CSV_MAX_LETTERS))
    assert checked(largest) == largest
    give_errand(world.ports, edge.farm, edge.agent, largest)
    assert errand(world, edge).errand == largest
