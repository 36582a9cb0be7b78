"""A report of an ASIC edge becomes one item for each batch, and blocks by their time."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace as with_ports

import pytest
from msgspec.structs import replace

from cloud.domain import keys
from cloud.domain.asic_records import LatestBatch, StoredAppliance
from cloud.domain.packing import unpack
from cloud.domain.records import ClosedBlock, Rollup, StoredSpecs, StoredUnread, decode_arrival
from cloud.ports import StoreUnavailable
from cloud.usecases.accept_report import accept_report
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.give_errand import give_errand
from cloud.usecases.store_report import store_report
from tests.fakes.asic_reports import BOARDS, MINED, Shed, hand_over, shed, silent_for
from tests.fakes.edges import edge_state
from tests.fakes.reports import NOW, SPECS, block
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.life import HOUR
from tests.unit.cloud.usecases.test_accept_report import FakeQueue
from wire.edge import Appliance, EndSearch, Login
from wire.messages import RigEvent, Unread

READ = Appliance(login=Login.WORKS, read_at=NOW)


@pytest.fixture
def edge(world: World, farm: Farm) -> Shed:
    return shed(world, farm.farm, 1, 2, 60)


def _batch(edge: Shed, batch: int = 0) -> LatestBatch:
    return edge.world.store.items[keys.latest_batch(edge.farm, edge.agent, batch)].read(LatestBatch)


def _blocks(world: World, machine: str) -> list[float]:
    """First times of the closed blocks, by time."""
    found = [
        item.read(ClosedBlock)
        for key, item in sorted(world.store.items.items())
        if key.pk.endswith(machine) and item.kind == "closedblock"
    ]
    return [unpack(each.packed).at[0] for each in found]


def test_newest_states_are_one_item_a_batch(edge: Shed, world: World) -> None:
    edge.tell(edge.told(edge.part(1), edge.part(60), edge.part(2, silence=silent_for(3))))
    first, silent = (edge.latest()[edge.machines[number]] for number in (1, 2))
    assert (first.values, first.mining[0].told(), first.sampled_at) == ({10: 3250.0, 25: 71.5}, *MINED, NOW)
    assert unpack(first.open) == block([NOW], BOARDS)
    assert (silent.values, silent.open, silent.mining) == ({}, b"", ())
    assert silent.silence == silent_for(3)
    assert set(edge.latest(1)) == {edge.machines[60]}
    assert (_batch(edge).received_at, _batch(edge).interval_s, _batch(edge).stopped) == (NOW, 60, False)
    assert world.kinds().count("latestbatch") == 2


def test_no_silence_begins_after_its_report_came(edge: Shed) -> None:
    edge.tell(edge.told(edge.part(1, silence=silent_for(2, since=1e11))))
    kept = edge.latest()[edge.machines[1]]
    assert (kept.silence, kept.sampled_at) == (silent_for(2, since=NOW), NOW)


def test_a_device_that_falls_silent_keeps_nothing_of_before(edge: Shed) -> None:
    edge.tell(edge.told(edge.part(1), edge.part(2)))
    for rounds in (1, 2):
        edge.tell(edge.told(edge.part(1, silence=silent_for(rounds)), edge.part(2)))
        kept = edge.latest()[edge.machines[1]]
        assert (kept.values, kept.open, kept.mining) == ({}, b"", ())
    edge.tell(edge.told(edge.part(1, NOW + 5), edge.part(2)))
    assert edge.latest()[edge.machines[1]].sampled_at == NOW + 5


def test_the_newest_stays_whatever_comes_when(edge: Shed, world: World) -> None:
    sent = [
        edge.told(edge.part(1, NOW - 99 + n, blocks=[block([NOW - 9000 + n], BOARDS)])) for n in range(100)
    ]
    sent += sent[::7]
    random.Random(3).shuffle(sent)
    for each in sent:
        edge.tell(each)
    assert edge.latest()[edge.machines[1]].sampled_at == NOW
    assert _blocks(world, edge.machines[1]) == [NOW - 9000 + n for n in range(100)]
    edge.tell(replace(edge.told(edge.part(1, NOW - 500)), epoch=2, sequence=0))
    assert edge.latest()[edge.machines[1]].sampled_at == NOW - 500


def test_what_a_device_is_comes_when_it_is_told_whichever_edge_tells(
    edge: Shed, world: World, farm: Farm
) -> None:
    machine = edge.machines[1]
    gap = Unread("power_w", "does not say")
    edge.epoch, edge.sequence = 9, 500
    first = edge.part(1, specs=SPECS, appliance=READ)
    edge.tell(edge.told(replace(first, unread=(gap,)), edge.part(2)))
    items = world.store.items
    assert items[keys.specs(farm.farm, machine)].read(StoredSpecs).specs == SPECS
    assert items[keys.unread(farm.farm, machine)].read(StoredUnread).unread == (gap,)
    assert items[keys.appliance(farm.farm, machine)].read(StoredAppliance).appliance == READ
    other = shed(world, farm.farm, name="barn")
    hand_over(machine, 3, edge, other)
    world.clock.advance(60)
    moved = replace(SPECS, firmware_version="2.0")
    other.tell(other.told(other.part(3, NOW + 60, specs=moved, appliance=Appliance())))
    assert items[keys.specs(farm.farm, machine)].read(StoredSpecs).specs == moved
    assert items[keys.appliance(farm.farm, machine)].read(StoredAppliance).appliance == Appliance()


def test_device_messages_are_kept_once_like_those_of_rigs(edge: Shed, world: World) -> None:
    message = RigEvent(7, NOW - 5, "device_message", "Fan 2 stands still", subject="fan-2")
    for _ in range(2):
        edge.tell(edge.told(edge.part(1, events=[message]), edge.part(2)))
    (event,) = world.events(edge.farm, edge.machines[1])
    assert (event.at, event.kind, event.reason) == (NOW - 5, "device_message", "Fan 2 stands still")


def test_blocks_roll_up_their_hour_when_it_is_over(edge: Shed, world: World) -> None:
    early, late = block([HOUR + 3000.0], BOARDS), block([HOUR + 3500.0, HOUR + 3610.0], BOARDS_TWICE)
    world.clock.now = HOUR + 3300
    edge.tell(edge.told(edge.part(1, HOUR + 3299, blocks=[early])))
    assert "rollup" not in world.kinds()
    world.clock.now = HOUR + 3660
    edge.tell(edge.told(edge.part(1, HOUR + 3659, blocks=[late]), edge.part(2, None, blocks=[late])))
    hours = [item.read(Rollup) for item in world.store.items.values() if item.kind == "rollup"]
    assert [(hour.from_at, hour.partial) for hour in hours] == [(HOUR, False)] * 2


BOARDS_TWICE = {name: [*values, *values] for name, values in BOARDS.items()}


def test_with_a_queue_only_what_is_to_be_stored_is_sent(edge: Shed, world: World, farm: Farm) -> None:
    other, queue = shed(world, farm.farm, name="barn"), FakeQueue()
    hand_over(edge.machines[1], 1, edge, other)
    sent = edge.told(edge.part(1), edge.part(2), edge=edge_state())
    before, ports = dict(world.store.items), with_ports(world.ports, queue=queue)
    reply = accept_report(ports, authorise_agent(ports, f"Bearer {edge.token}"), sent)
    assert world.store.items == before
    assert reply.released == (edge.machines[1],)
    arrival = decode_arrival(queue.sent[0])
    assert (arrival.agent, arrival.report.machines[1]) == (edge.agent, sent.machines[1])
    assert [part.open is None for part in arrival.report.machines] == [True, False]
    store_report(world.ports, arrival)
    queued = dict(world.store.items)
    edge.tell(sent)
    assert world.store.items == queued != before


@pytest.mark.parametrize("failing_call", range(7))
def test_report_cut_short_by_the_store_is_whole_after_the_next_try(
    edge: Shed, world: World, failing_call: int
) -> None:
    now = world.clock.now = HOUR + 7200.0
    message = RigEvent(7, now - 5, "device_message", "Fan 2 stands still")
    part = edge.part(1, now, blocks=[block([HOUR + 3590.0], BOARDS)], specs=SPECS, events=[message])
    sent = edge.told(part, edge.part(2, now), edge=edge_state())
    principal = authorise_agent(world.ports, f"Bearer {edge.token}")
    world.store.failures = [*[None] * failing_call, StoreUnavailable("busy")]
    with suppress(StoreUnavailable):
        accept_report(world.ports, principal, sent)
    world.store.failures.clear()
    accept_report(world.ports, principal, sent)
    kinds = world.kinds()
    kept = ("closedblock", "latestbatch", "storededge", "storedspecs", "toldevent", "rollup")
    assert [kinds.count(kind) for kind in kept] == [1] * 6


def test_only_the_newest_states_are_marked_as_watched(edge: Shed, world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    edge.tell(edge.told(edge.part(1, specs=SPECS, blocks=[block([NOW - 9])]), edge=edge_state()))
    marks = {item.kind: item.watched for item in world.store.items.values()}
    kinds = ("latestbatch", "closedblock", "storedspecs", "storededge")
    assert [marks[kind] for kind in kinds] == [True, False, False, False]


def test_a_whole_report_is_written_at_once(world: World, farm: Farm) -> None:
    edge = shed(world, farm.farm, *range(1, 120))
    closed = block([NOW + 20], BOARDS)
    parts = [edge.part(number, NOW + 30, blocks=[closed], specs=SPECS) for number in edge.machines]
    world.clock.advance(30)
    world.store.calls.clear()
    edge.tell(edge.told(*(replace(part, after=NOW + 10) for part in parts)))
    assert world.store.verbs == ["get_many", "get_many", "write_all"]


def _asked_s(edge: Shed, *numbers: int) -> float:
    parts = [edge.part(number) for number in numbers]
    return edge.tell(edge.told(*parts, edge=edge_state())).report_interval_s


def test_an_edge_is_quick_while_somebody_looks_at_it_or_at_one_of_its_machines(
    edge: Shed, world: World, farm: Farm
) -> None:
    sentry = world.sentry(farm)
    world.watch(farm, "c1")
    assert (_asked_s(edge, 1, 2), _asked_s(edge)) == (60, 60)
    world.look("c1", edge.machines[60])
    assert (_asked_s(edge, 60), _asked_s(edge, 1, 2), _asked_s(edge)) == (5, 5, 5)
    world.clock.advance(90)
    world.watch(farm, "c2")
    world.look("c2", sentry.machine)
    assert (_asked_s(edge, 1, 2), _asked_s(edge)) == (60, 60)


def test_an_edge_is_quick_while_an_errand_waits(edge: Shed, world: World, farm: Farm) -> None:
    give_errand(world.ports, farm.farm, edge.agent, EndSearch())
    reply = edge.tell(edge.told(edge.part(1), edge=edge_state()))
    assert ([given.number for given in reply.errands], reply.report_interval_s) == ([1], 5)
    reply = edge.tell(edge.told(edge.part(1), edge=edge_state(1)))
    assert (reply.errands, reply.report_interval_s, reply.watched) == ((), 60, None)
