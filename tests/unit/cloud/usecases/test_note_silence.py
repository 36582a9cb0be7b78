"""Each silence and each return is noted once, whoever sweeps, dies or sweeps at once."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.domain import keys
from cloud.domain.records import Arrival
from cloud.ports import MAX_COMMIT_WRITES, Item, Put, StoreUnavailable
from cloud.usecases.change_farm import change_farm_settings
from cloud.usecases.change_machine import change_machine
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.note_silence import note_silence, standings
from cloud.usecases.restore_agent import restore_agent
from cloud.usecases.store_report import store_report
from tests.fakes.reports import NOW, report
from tests.fakes.store import Call
from tests.fakes.world import ALL, Farm, Sentry, World
from tests.unit.cloud.usecases.life import a_world, kept
from tests.unit.cloud.usecases.silences import OFFLINE, ONLINE, PARKED, STOPPED, happened, note, silent, tell
from tests.unit.cloud.usecases.turns import interleave
from wire.live import FarmSettings, MachineChange, MachineEvent, Transition


def test_a_machine_that_was_never_heard_of_is_not_silent(world: World, farm: Farm, sentry: Sentry) -> None:
    world.clock.advance(10_000)
    note(world)
    assert (happened(world, sentry), silent(world, farm.farm)) == ([], set())


def test_who_reports_makes_no_event_and_no_write(world: World, sentry: Sentry) -> None:
    world.store.calls.clear()
    for _ in range(5):
        tell(world, sentry)
        world.clock.advance(100)
        note(world)
    assert happened(world, sentry) == []
    assert "commit" not in world.store.verbs


def test_offline_from_its_deadline_on_and_back_with_its_report(world: World, sentry: Sentry) -> None:
    tell(world, sentry)
    world.clock.now = NOW + 149.9
    note(world)
    assert happened(world, sentry) == []
    world.clock.now = NOW + 1000
    note(world)
    assert happened(world, sentry) == [(NOW + 150, OFFLINE)]
    world.clock.now = NOW + 2000
    back = tell(world, sentry)
    world.clock.advance(5)
    note(world)
    assert happened(world, sentry) == [(NOW + 150, OFFLINE), (back, ONLINE)]
    assert silent(world, sentry.farm) == set()


def test_a_goodbye_is_noted_and_no_outage_follows(world: World, sentry: Sentry) -> None:
    tell(world, sentry, goodbye=True)
    note(world)
    world.clock.advance(100_000)
    note(world)
    assert happened(world, sentry) == [(NOW, STOPPED)]
    back = tell(world, sentry)
    note(world)
    assert happened(world, sentry) == [(NOW, STOPPED), (back, ONLINE)]


def test_offline_and_then_stopped_by_a_late_goodbye(world: World, sentry: Sentry) -> None:
    tell(world, sentry)
    world.clock.advance(1000)
    note(world)
    last_words = tell(world, sentry, goodbye=True)
    note(world)
    assert happened(world, sentry) == [(NOW + 150, OFFLINE), (last_words, STOPPED)]


def test_back_and_gone_again_between_two_sweeps_is_one_more_outage(world: World, sentry: Sentry) -> None:
    tell(world, sentry)
    world.clock.advance(1000)
    note(world)
    back = tell(world, sentry)
    world.clock.advance(1000)
    note(world)
    assert happened(world, sentry) == [(NOW + 150, OFFLINE), (back + 150, OFFLINE)]


def test_events_are_kept_for_ninety_days(world: World, sentry: Sentry) -> None:
    tell(world, sentry)
    world.clock.advance(1000)
    note(world)
    expected = int(NOW + 150 + 90 * 86_400)
    of_events = [item.expires_at for item in world.store.items.values() if item.kind == "event"]
    assert of_events == [expected, expected]
    assert {item.expires_at for item in standings(world.ports, sentry.farm).values()} == {None}
    assert not any(item.watched for item in world.store.items.values() if item.kind in {"event", "standing"})


def test_a_slow_agent_is_given_time_by_its_own_interval(world: World, sentry: Sentry) -> None:
    tell(world, sentry, interval_s=360)
    world.clock.advance(899)
    note(world)
    assert happened(world, sentry) == []
    world.clock.advance(1)
    note(world)
    assert happened(world, sentry) == [(NOW + 900, OFFLINE)]


@pytest.mark.parametrize(
    "limits",
    [FarmSettings(offline_after_s=100), FarmSettings(360), FarmSettings(offline_after_s=86_400)],
    ids=["narrower", "economy", "a day"],
)
def test_changed_limits_repeat_no_event_and_call_nobody_back(
    world: World, sentry: Sentry, limits: FarmSettings
) -> None:
    tell(world, sentry)
    world.clock.advance(200)
    note(world)
    for chosen in (limits, FarmSettings(), limits):
        change_farm_settings(world.ports, sentry.farm, chosen)
        note(world)
        world.clock.advance(100)
    world.clock.advance(100_000)
    note(world)
    assert happened(world, sentry) == [(NOW + 150, OFFLINE)]
    back = tell(world, sentry)
    note(world)
    assert happened(world, sentry) == [(NOW + 150, OFFLINE), (back, ONLINE)]


def test_limits_count_from_when_they_are_set(world: World, sentry: Sentry) -> None:
    tell(world, sentry)
    change_farm_settings(world.ports, sentry.farm, FarmSettings(offline_after_s=1000))
    world.clock.advance(500)
    note(world)
    assert happened(world, sentry) == []
    change_farm_settings(world.ports, sentry.farm, FarmSettings(offline_after_s=300))
    note(world)
    assert happened(world, sentry) == [(NOW + 300, OFFLINE)]


def test_a_parked_machine_makes_no_event(world: World, sentry: Sentry) -> None:
    tell(world, sentry)
    change_machine(world.ports, sentry.farm, sentry.machine, PARKED, ALL)
    for _ in range(3):
        world.clock.advance(1000)
        note(world)
        tell(world, sentry)
        note(world)
    tell(world, sentry, goodbye=True)
    note(world)
    assert happened(world, sentry) == []


def test_put_back_to_work_it_makes_events_of_what_comes_then(world: World, sentry: Sentry) -> None:
    change_machine(world.ports, sentry.farm, sentry.machine, PARKED, ALL)
    tell(world, sentry)
    world.clock.advance(1000)
    note(world)
    change_machine(world.ports, sentry.farm, sentry.machine, MachineChange(parked=None), ALL)
    note(world)
    assert happened(world, sentry) == []
    back = tell(world, sentry)
    note(world)
    world.clock.advance(1000)
    note(world)
    assert happened(world, sentry) == [(back, ONLINE), (back + 150, OFFLINE)]


def test_parked_while_it_is_silent_and_put_back_changes_nothing(world: World, sentry: Sentry) -> None:
    tell(world, sentry)
    world.clock.advance(1000)
    note(world)
    for change in (PARKED, MachineChange(parked=None)):
        change_machine(world.ports, sentry.farm, sentry.machine, change, ALL)
        note(world)
        world.clock.advance(1000)
    assert happened(world, sentry) == [(NOW + 150, OFFLINE)]


def test_in_the_bin_nothing_is_noted_and_restored_nothing_is_repeated(world: World, sentry: Sentry) -> None:
    tell(world, sentry)
    world.clock.advance(1000)
    note(world)
    delete_agent(world.ports, sentry.farm, sentry.agent)
    world.clock.advance(86_400)
    note(world)
    restore_agent(world.ports, sentry.farm, sentry.agent)
    note(world)
    back = tell(world, sentry)
    note(world)
    assert happened(world, sentry) == [(NOW + 150, OFFLINE), (back, ONLINE)]


def test_farms_are_noted_apart(world: World, farm: Farm, sentry: Sentry) -> None:
    south = world.farm("South", "south@example.test")
    theirs = world.sentry(south)
    tell(world, sentry)
    tell(world, theirs)
    world.clock.advance(1000)
    note(world, farm.farm)
    assert (len(world.events(farm.farm)), world.events(south.farm)) == (1, [])
    note(world, south.farm)
    assert world.events(south.farm) == [MachineEvent(NOW + 150, theirs.machine, OFFLINE)]
    assert {event.machine for event in world.events(farm.farm)} == {sentry.machine}


def _one_shard(world: World, farm: Farm, count: int) -> list[Sentry]:
    """Machines whose standing lies in one item."""
    found: list[Sentry] = []
    for number in range(100_000):
        machine = f"machine_s{number}"
        if keys.standing(farm.farm, machine).sk.endswith("#07"):
            found.append(Sentry(farm.farm, f"agent_s{number}", machine, ""))
        if len(found) == count:
            break
    template = world.sentry(farm)
    item = world.store.items[keys.machine(farm.farm, template.machine)]
    for sentry in found:
        key = keys.machine(farm.farm, sentry.machine)
        body = item.body.replace(template.machine.encode(), sentry.machine.encode())
        world.store.write(Put(Item(key, item.kind, body)))
    return found


def test_two_hundred_machines_of_a_shard_at_once(world: World, farm: Farm) -> None:
    sentries = _one_shard(world, farm, 200)
    for sentry in sentries:
        tell(world, sentry)
    world.clock.advance(1000)
    world.store.calls.clear()
    note(world)
    commits = [call.about for call in world.store.calls if call.verb == "commit"]
    assert [len(writes) <= MAX_COMMIT_WRITES for writes in commits] == [True] * len(commits)
    assert 200 * 2 < sum(len(writes) for writes in commits) <= 200 * 2 + 8
    assert len(world.events(farm.farm)) == 200
    assert len(silent(world, farm.farm)) == 200
    for sentry in sentries:
        tell(world, sentry)
    note(world)
    assert silent(world, farm.farm) == set()
    assert [state for _, state in happened(world, sentries[0])] == [OFFLINE, ONLINE]


def test_two_hundred_at_once_with_a_death_at_any_call() -> None:
    whole = World()
    farm = whole.farm()
    calls = _mass(whole, farm, deaths=[])
    for death in range(1, calls + 1):
        world = World()
        _mass(world, world.farm(), deaths=[death])
        assert kept(world, "event", "standing").keys() == kept(whole, "event", "standing").keys()
        assert silent(world, farm.farm) == silent(whole, farm.farm)


def _mass(world: World, farm: Farm, deaths: list[int]) -> int:
    for sentry in _one_shard(world, farm, 120):
        tell(world, sentry)
    world.clock.advance(1000)
    for death in deaths:
        world.store.failures = [*[None] * (death - 1), StoreUnavailable("busy")]
        with suppress(StoreUnavailable):
            note_silence(world.ports, farm.farm)
        world.store.failures = []
    world.store.calls.clear()
    note_silence(world.ports, farm.farm)
    return len(world.store.calls)


def test_a_quiet_farm_costs_few_calls(world: World, farm: Farm) -> None:
    for number in range(50):
        tell(world, world.sentry(farm, f"rig-{number}"))
    world.store.calls.clear()
    note_silence(world.ports, farm.farm)
    assert world.store.verbs == ["query", "get", "get", "query", "get_many"]
    assert world.store.calls[0] == Call("query", (keys.standing_pk(farm.farm), "shard#", "shard#~"))


def test_a_sweep_that_was_overtaken_notes_nothing_of_what_it_saw(world: World, farm: Farm) -> None:
    """It took its time: meanwhile a machine is back, and another sweep has noted that."""
    one, two = _one_shard(world, farm, 2)
    tell(world, one)
    world.clock.advance(1000)
    tell(world, two)
    note(world)
    world.clock.advance(1000)

    def meanwhile() -> None:
        tell(world, one)
        world.clock.advance(1)
        note(world, times=1)

    world.store.interruptions = [meanwhile]
    note(world, times=1)
    world.clock.advance(60)
    tell(world, one)
    note(world)
    assert happened(world, one) == [(NOW + 150, OFFLINE), (NOW + 2000, ONLINE)]
    assert happened(world, two) == [(NOW + 1150, OFFLINE)]
    assert silent(world, farm.farm) == {two.machine}


def test_an_overtaken_sweep_of_many_leaves_the_rest_to_the_next(world: World, farm: Farm) -> None:
    """Its second part must not be taken for a change of what the other one wrote."""
    sentries = _one_shard(world, farm, 60)
    for sentry in sentries:
        tell(world, sentry)
    world.clock.advance(1000)

    def meanwhile() -> None:
        for sentry in sentries[:20]:
            tell(world, sentry)
        note(world, times=1)

    world.store.interruptions = [meanwhile]
    note(world, times=1)
    note(world)
    assert silent(world, farm.farm) == {sentry.machine for sentry in sentries[20:]}
    for sentry in sentries[:20]:
        assert happened(world, sentry) == []


STEPS = st.tuples(
    st.sampled_from(["report", "report", "report", "goodbye", "away", "long away"]),
    st.lists(st.integers(0, 12), max_size=2),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=15))
def test_events_are_what_happened_however_many_sweeps_die(life: list[tuple[str, list[int]]]) -> None:
    """Between any two reports sweeps die at any of their calls, and one goes through."""
    world, sentry = a_world()
    truth: list[tuple[float, Transition]] = []
    is_silent = False
    for step, deaths in life:
        if "away" not in step:
            at = tell(world, sentry, goodbye=step == "goodbye")
            if is_silent and step == "report":
                truth.append((at, ONLINE))
            is_silent = step == "goodbye"
            truth += [(at, STOPPED)] if is_silent else []
        elif not is_silent and "latest" in world.kinds():
            truth.append((world.latest(sentry).received_at + 150, OFFLINE))
            is_silent = True
        world.clock.advance({"away": 200, "long away": 20_000}.get(step, 20))
        for death in deaths:
            world.store.failures = [*[None] * death, StoreUnavailable("busy")]
            with suppress(StoreUnavailable):
                note_silence(world.ports, sentry.farm)
            world.store.failures = []
        note(world, times=2)
        world.clock.advance(20)
    assert happened(world, sentry) == truth


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 2), max_size=40),
    st.permutations(range(3)),
    st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_sweeps_at_once_and_a_return_between_them_note_each_thing_once(
    turns: list[int], order: list[int], away: list[bool]
) -> None:
    world = World()
    farm = world.farm()
    sentries = [world.sentry(farm, f"rig-{number}") for number in range(4)]
    for sentry in sentries:
        tell(world, sentry)
    world.clock.advance(1000)
    for sentry, is_away in zip(sentries, away, strict=True):
        if not is_away:
            tell(world, sentry)
    back = report(sentries[0].machine, [world.clock.now], sequence=99_999)
    arrival = Arrival(farm.farm, world.clock.now, False, back)
    jobs = [
        lambda ports: note_silence(ports, farm.farm),
        lambda ports: note_silence(ports, farm.farm),
        lambda ports: store_report(ports, arrival),
    ]
    interleave(world, jobs, turns, order)
    world.clock.advance(10)
    note(world)
    for sentry, is_away in zip(sentries[1:], away[1:], strict=True):
        assert happened(world, sentry) == ([(NOW + 150, OFFLINE)] if is_away else [])
    assert happened(world, sentries[0]) in ([], [(NOW + 150, OFFLINE), (NOW + 1000, ONLINE)])
    assert silent(world, farm.farm) == {
        sentry.machine for sentry, is_away in zip(sentries[1:], away[1:], strict=True) if is_away
    }
