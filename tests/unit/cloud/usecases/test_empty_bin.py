"""After seven days everything of a machine is gone, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.domain import keys
from cloud.domain.keys import Key
from cloud.domain.records import Agent, Arrival, Standing
from cloud.ports import Item, Ports, StoreUnavailable
from cloud.usecases.create_agent import create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.empty_bin import ITEMS_A_ROUND, empty_bin
from cloud.usecases.list_bin import list_bin
from cloud.usecases.note_silence import standings
from cloud.usecases.restore_agent import restore_agent
from cloud.usecases.store_report import store_report
from tests.fakes.reports import NOW, SPECS, block, report
from tests.fakes.time_and_chance import FakeClock
from tests.fakes.world import Farm, Sentry, World
from tests.unit.cloud.usecases.turns import interleave
from wire.faults import Fault
from wire.messages import AgentKind, Unread

WEEK_S = 7 * 86_400


def live(world: World, *sentries: Sentry) -> None:
    """Blocks, hours and days, specs, what could not be read, two outages and a return; then silence."""
    now = world.clock.now
    for number, sentry in enumerate(sentries):
        world.enrol(sentry, [f"mac {number}"])
    for turn in range(2):
        for sentry in sentries:
            closed = [block([now - 50_000 + 5000.0 * turn]), block([now - 50])]
            gap = Unread("cpu_temperature_c", "no sensor")
            sent = report(sentry.machine, [now - 10], blocks=closed, specs=SPECS, unread=[gap], sequence=turn)
            store_report(world.ports, Arrival(sentry.farm, world.clock.now, False, sent))
        world.sweep()
        world.clock.advance(1000)
        world.sweep()
        now = world.clock.now


def after_a_week(world: World) -> None:
    world.clock.advance(WEEK_S)
    empty_bin(world.ports, "farm_000001")


def of(sentry: Sentry, items: dict[Key, Item]) -> set[Key]:
    """The keys that name a machine or its agent, and those whose body does."""
    names = (sentry.machine, sentry.agent)
    return {
        key for key, item in items.items() if any(n in f"{key}" or n.encode() in item.body for n in names)
    }


def events_of(world: World, sentry: Sentry) -> list[str | None]:
    return [event.state for event in world.events(sentry.farm) if event.machine == sentry.machine]


def test_everything_of_the_machine_goes_but_the_name_of_its_agent(world: World, farm: Farm) -> None:
    sentry = world.sentry(farm)
    live(world, sentry)
    assert events_of(world, sentry) != []
    delete_agent(world.ports, farm.farm, sentry.agent)
    after_a_week(world)
    agent = keys.agent(farm.farm, sentry.agent)
    assert of(sentry, world.kept()) == {agent}
    kept = world.store.items[agent].read(Agent)
    assert (kept.name, kept.hardware, kept.stranger) == ("rig-1", (), None)
    assert kept.erased_at == world.clock.now
    assert world.store.items[agent].expires_at == world.clock.now + 90 * 86_400


def test_nothing_of_anybody_else_goes(world: World, farm: Farm) -> None:
    goes, stays = world.sentry(farm, "goes"), world.sentry(farm, "stays")
    south = world.farm("South", "south@example.test")
    theirs = world.sentry(south)
    live(world, goes, stays, theirs)
    before = world.kept()
    events = world.events(farm.farm)
    delete_agent(world.ports, farm.farm, goes.agent)
    after_a_week(world)
    after = world.kept()
    gone = before.keys() - after.keys()
    assert {key for key in gone if goes.machine not in f"{key}"} == set()
    changed = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    standing = keys.standing(farm.farm, goes.machine)
    assert changed == {keys.agent(farm.farm, goes.agent), standing}
    assert after.keys() - before.keys() == set()
    assert world.events(farm.farm) == [event for event in events if event.machine != goes.machine]
    assert events_of(world, stays) != []
    assert len(world.events(south.farm)) == len(events_of(world, stays))


def test_a_machine_whose_id_begins_like_another_takes_nothing_along(world: World, farm: Farm) -> None:
    sentry = world.sentry(farm)
    twin = sentry._replace(machine=sentry.machine + "0")
    for each in (sentry, twin):
        sent = report(each.machine, blocks=[block([NOW - 50])], specs=SPECS)
        store_report(world.ports, Arrival(farm.farm, NOW, False, sent))
    before = of(twin, world.store.items) - {keys.agent(farm.farm, sentry.agent)}
    delete_agent(world.ports, farm.farm, sentry.agent)
    after_a_week(world)
    assert {key for key in before if twin.machine in f"{key}"} <= set(world.store.items)


def test_not_a_second_too_early(world: World, farm: Farm, sentry: Sentry) -> None:
    live(world, sentry)
    delete_agent(world.ports, farm.farm, sentry.agent)
    before = dict(world.store.items)
    world.clock.advance(WEEK_S - 1)
    empty_bin(world.ports, farm.farm)
    assert world.store.items == before


def test_an_asic_edge_without_machine_is_erased(world: World, farm: Farm) -> None:
    edge = create_agent(world.ports, farm.farm, "lan", AgentKind.ASIC).agent
    delete_agent(world.ports, farm.farm, edge.agent)
    after_a_week(world)
    assert keys.binned(farm.farm, edge.agent) not in world.store.items
    assert world.store.items[keys.agent(farm.farm, edge.agent)].read(Agent).erased_at == world.clock.now


def test_emptied_again_and_again_changes_nothing(world: World, farm: Farm, sentry: Sentry) -> None:
    live(world, sentry)
    delete_agent(world.ports, farm.farm, sentry.agent)
    after_a_week(world)
    once = dict(world.store.items)
    for _ in range(3):
        world.clock.advance(1000)
        empty_bin(world.ports, farm.farm)
    assert world.store.items == once


def test_a_machine_that_was_never_silent_leaves_no_trace_among_the_silent(world: World, farm: Farm) -> None:
    sentry = world.sentry(farm)
    world.report(sentry, report(sentry.machine))
    delete_agent(world.ports, farm.farm, sentry.agent)
    after_a_week(world)
    assert of(sentry, world.kept()) == {keys.agent(farm.farm, sentry.agent)}
    assert standings(world.ports, farm.farm) == {}


def _deleted(world: World) -> tuple[Sentry, Sentry]:
    farm = world.farm()
    goes, stays = world.sentry(farm, "goes"), world.sentry(farm, "stays")
    live(world, goes, stays)
    delete_agent(world.ports, farm.farm, goes.agent)
    world.clock.advance(WEEK_S)
    return goes, stays


def _without_times(items: dict[Key, Item]) -> dict[Key, tuple[str, int | None]]:
    return {key: (item.kind, item.expires_at) for key, item in items.items()}


def test_an_erasure_that_dies_at_any_call_goes_on() -> None:
    whole = World()
    goes, _ = _deleted(whole)
    whole.store.calls.clear()
    empty_bin(whole.ports, goes.farm)
    for death in range(len(whole.store.calls)):
        world = World()
        _deleted(world)
        world.store.failures = [*[None] * death, StoreUnavailable("busy")]
        with pytest.raises(StoreUnavailable):
            empty_bin(world.ports, goes.farm)
        assert list_bin(world.ports, goes.farm).binned == []
        with pytest.raises(Fault):
            restore_agent(world.ports, goes.farm, goes.agent)
        empty_bin(world.ports, goes.farm)
        assert _without_times(world.store.items) == _without_times(whole.store.items)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 1), max_size=60), st.permutations(range(2)))
def test_two_at_once_erase_the_same(turns: list[int], order: list[int]) -> None:
    whole, world = World(), World()
    goes, _ = _deleted(whole)
    empty_bin(whole.ports, goes.farm)
    _deleted(world)
    jobs = [lambda ports: empty_bin(ports, goes.farm)] * 2
    interleave(world, jobs, turns, order)
    empty_bin(world.ports, goes.farm)
    assert _without_times(world.store.items) == _without_times(whole.store.items)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 1), max_size=60), st.permutations(range(2)))
def test_restored_at_the_last_moment_it_is_whole_or_gone(turns: list[int], order: list[int]) -> None:
    """The clock of the function that restores is a little behind that of the one that erases."""
    world = World()
    goes, _ = _deleted(world)
    before = {key for key in of(goes, world.kept()) if key.sk != f"binned#{goes.agent}"}

    def restore(ports: Ports) -> None:
        with suppress(Fault):
            restore_agent(replace(ports, clock=FakeClock(world.clock.now - 1)), goes.farm, goes.agent)

    interleave(world, [lambda ports: empty_bin(ports, goes.farm), restore], turns, order)
    machine = keys.machine(goes.farm, goes.machine)
    if machine in world.store.items:
        assert of(goes, world.kept()) == {*before, machine}
    else:
        assert of(goes, world.kept()) == {keys.agent(goes.farm, goes.agent)}


def test_deleted_restored_and_deleted_again_while_it_is_looked_at(world: World, farm: Farm) -> None:
    """What a sweep read of the bin a moment ago may be of an earlier deletion."""
    sentry = world.sentry(farm)
    live(world, sentry)
    delete_agent(world.ports, farm.farm, sentry.agent)
    world.clock.advance(WEEK_S)

    def meanwhile() -> None:
        world.clock.advance(-10)
        restore_agent(world.ports, farm.farm, sentry.agent)
        delete_agent(world.ports, farm.farm, sentry.agent)
        world.clock.advance(10)

    world.store.interruptions = [meanwhile]
    empty_bin(world.ports, farm.farm)
    assert [row.agent for row in list_bin(world.ports, farm.farm).binned] == [sentry.agent]
    restore_agent(world.ports, farm.farm, sentry.agent)
    assert world.blocks(sentry) != []


def _with_blocks(world: World, farm: Farm, counts: Sequence[int]) -> list[Sentry]:
    sentries = [world.sentry(farm, f"rig-{number}") for number in range(len(counts))]
    for sentry, count in zip(sentries, counts, strict=True):
        template = block([NOW - 50_000])
        sent = report(sentry.machine, [], blocks=[template])
        store_report(world.ports, Arrival(farm.farm, NOW, False, sent))
        body = world.store.items[keys.block(farm.farm, sentry.machine, NOW - 50_000)]
        for number in range(1, count):
            key = keys.block(farm.farm, sentry.machine, NOW - 50_000 + 3 * number)
            world.store.items[key] = Item(key, body.kind, body.body)
            world.store._note_key(key)
        delete_agent(world.ports, farm.farm, sentry.agent)
    world.clock.advance(WEEK_S)
    return sentries


def _left(world: World) -> int:
    return sum(item.kind == "closedblock" for item in world.store.items.values())


def test_a_long_history_goes_in_several_rounds(world: World, farm: Farm) -> None:
    (sentry,) = _with_blocks(world, farm, [2 * ITEMS_A_ROUND + 100])
    left = []
    for _ in range(4):
        empty_bin(world.ports, farm.farm)
        left.append(_left(world))
        assert list_bin(world.ports, farm.farm).binned == []
    assert left == [ITEMS_A_ROUND + 100, 100, 0, 0]
    assert of(sentry, world.kept()) == {keys.agent(farm.farm, sentry.agent)}


def test_many_machines_are_not_too_much_for_one_round(world: World, farm: Farm) -> None:
    """A sweep must end before the next silence is to be noted, and before a function's time is up."""
    sentries = _with_blocks(world, farm, [ITEMS_A_ROUND // 2] * 5)
    rounds = 0
    while _left(world):
        world.store.calls.clear()
        empty_bin(world.ports, farm.farm)
        rounds += 1
        assert world.store.verbs.count("write") <= ITEMS_A_ROUND + 10 * len(sentries)
        assert rounds < 10
    assert rounds > 1
    empty_bin(world.ports, farm.farm)
    assert not any(item.kind == "binned" for item in world.store.items.values())


def test_many_machines_that_never_reported_go_in_several_rounds(world: World, farm: Farm) -> None:
    for number in range(500):
        delete_agent(world.ports, farm.farm, world.sentry(farm, f"rig-{number}").agent)
    world.clock.advance(WEEK_S)
    left = []
    for _ in range(3):
        world.store.calls.clear()
        empty_bin(world.ports, farm.farm)
        assert world.store.verbs.count("write") <= ITEMS_A_ROUND + 10
        left.append(sum(item.kind == "binned" for item in world.store.items.values()))
    assert 0 < left[0] < 500
    assert left[1:] == [0, 0]


def test_silent_ones_of_the_same_shard_stay_known(world: World, farm: Farm) -> None:
    sentries = [world.sentry(farm, f"rig-{number}") for number in range(40)]
    live(world, *sentries)
    for sentry in sentries[::2]:
        delete_agent(world.ports, farm.farm, sentry.agent)
    after_a_week(world)
    found = standings(world.ports, farm.farm).values()
    known = {machine for item in found for machine in item.read(Standing).silent}
    assert known == {sentry.machine for sentry in sentries[1::2]}
