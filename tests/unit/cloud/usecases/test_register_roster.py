"""What an edge tells of its roster: machines, names, who reads, what is refused, what it costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace as with_changes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cloud.domain.policy import Policy
from cloud.ports import MAX_COMMIT_WRITES, Ports, StoreUnavailable
from cloud.usecases.change_machine import change_machine
from cloud.usecases.create_agent import create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.register_roster import register_roster
from tests.fakes.edges import Edge, new_edge
from tests.fakes.rosters import (
    check_seats,
    entry,
    in_bin,
    listed,
    mac,
    machines_of,
    reads,
    report_newest,
    tell,
    telling,
)
from tests.fakes.world import ALL, Farm, Sentry, World
from tests.unit.cloud.usecases.turns import interleave
from wire.edge import RosterBatch, RosterEntry, RosterTelling
from wire.faults import Fault
from wire.live import Labels, MachineChange
from wire.messages import AgentKind


@pytest.fixture
def edge(world: World, farm: Farm) -> Edge:
    made = new_edge(world, farm, "one")
    made.enrol(world)
    return made


@pytest.fixture
def other(world: World, farm: Farm) -> Edge:
    made = new_edge(world, farm, "two")
    made.enrol(world)
    return made


def _entries(count: int) -> list[RosterEntry]:
    return [entry(number) for number in range(1, count + 1)]


def test_each_device_becomes_a_machine_that_its_edge_reads(world: World, edge: Edge) -> None:
    first = entry(1, place="row 1", client="Ann", tags=("hot",))
    reply = tell(world, edge, first, entry(77))
    assert reads(reply) == {1: True, 77: True}
    machine = listed(world, edge.farm)[machines_of(reply)[1]]
    assert (machine.name, machine.kind, machine.model) == ("asic 1", AgentKind.ASIC, "Antminer S19")
    assert (machine.agent, machine.batch, machine.simulated) == (edge.agent, 0, False)
    assert machine.labels == Labels("row 1", ("hot",), "Ann")
    assert listed(world, edge.farm)[machines_of(reply)[77]].batch == 1
    told = [change.item.kind for change in world.store.changes]
    assert told == ["machine"] * 2


def test_told_again_nothing_is_written_and_one_call_reads(world: World, edge: Edge) -> None:
    principal, told = edge.principal(world), telling(_entries(499))
    first = register_roster(world.ports, principal, told)
    world.store.calls.clear()
    assert register_roster(world.ports, principal, told).seats == first.seats
    assert world.store.verbs == ["get_many"]


def test_where_another_edge_reads_the_minutes_telling_writes_nothing(
    world: World, edge: Edge, other: Edge
) -> None:
    tell(world, edge, *_entries(100))
    assert set(reads(tell(world, other, *_entries(100))).values()) == {False}
    principal, told = other.principal(world), telling(_entries(100))
    world.store.calls.clear()
    register_roster(world.ports, principal, told)
    assert world.store.verbs == ["get_many"] * 3 + ["get"]


def test_a_first_telling_of_500_is_a_few_commits_within_their_limit(world: World, edge: Edge) -> None:
    world.store.calls.clear()
    tell(world, edge, *(replace(each, serial=f"S{each.number}") for each in _entries(499)))
    commits = [call for call in world.store.calls if call.verb == "commit"]
    assert max(len(call.about) for call in commits) <= MAX_COMMIT_WRITES
    assert (len(commits) < 40, len(world.store.calls) < 60) == (True, True)


def test_a_number_keeps_its_machine_with_a_new_control_board(world: World, edge: Edge) -> None:
    before = machines_of(tell(world, edge, entry(1)))
    board = replace(entry(1, 900), former_macs=(mac(1),))
    assert machines_of(tell(world, edge, board)) == before
    # Taken back: the board is a machine of its own.
    undone = machines_of(tell(world, edge, entry(1), entry(2, 900)))
    assert undone[1] == before[1] != undone[2]


def test_a_device_in_a_new_number_keeps_its_machine_without_a_moment_in_the_bin(
    world: World, edge: Edge
) -> None:
    before = machines_of(tell(world, edge, entry(1), entry(2)))
    world.store.calls.clear()
    after = machines_of(tell(world, edge, entry(2), entry(60, 1), batches=(0, 1)))
    assert after == {2: before[2], 60: before[1]}
    commits = [call for call in world.store.calls if call.verb == "commit"]
    assert not any("binned" in str(write) for call in commits for write in call.about)


def test_a_lost_roster_with_all_numbers_dealt_anew_loses_no_machine(world: World, edge: Edge) -> None:
    before = machines_of(tell(world, edge, *_entries(60), batches=(0, 1)))
    dealt = [replace(entry(61 - each.number, each.number), added_at=200.0) for each in _entries(60)]
    after = machines_of(tell(world, edge, *dealt, batches=(0, 1)))
    assert after == {61 - number: machine for number, machine in before.items()}
    assert in_bin(world, edge.farm) == {}


def test_a_roster_that_was_lost_leaves_nothing_behind_in_batches_it_knows_no_more(
    world: World, edge: Edge
) -> None:
    before = machines_of(tell(world, edge, entry(1), entry(60), entry(120), entry(170)))
    edge.enrol(world)
    assert tell(world, edge, entry(1)).also == (1, 2, 3)
    # Its folder is gone, and two devices of later batches are found first.
    edge.enrol(world)
    anew = [replace(entry(1, 170), added_at=200.0), replace(entry(2, 60), added_at=200.0)]
    reply = tell(world, edge, *anew)
    assert machines_of(reply) == {1: before[170], 2: before[60]}
    assert reply.also == (2,)
    assert tell(world, edge, batches=reply.also).also == ()
    assert set(in_bin(world, edge.farm)) == {before[1], before[120]}


def test_a_telling_of_before_the_last_enrolment_is_refused_though_the_token_was_read_before(
    world: World, edge: Edge
) -> None:
    stale = edge.principal(world)
    edge.enrol(world)
    tell(world, edge, entry(1))
    with pytest.raises(Fault) as caught:
        register_roster(world.ports, stale, telling([entry(2)]))
    assert caught.value.code == "enrolled_again"


def test_one_edge_does_not_know_one_machine_twice(world: World, edge: Edge) -> None:
    before = machines_of(tell(world, edge, replace(entry(1, 900), former_macs=(mac(1),))))
    after = machines_of(
        tell(world, edge, replace(entry(1, 900), former_macs=(mac(1),)), entry(60), batches=(1,))
    )
    assert after[60] not in before.values()


def test_a_serial_number_counts_where_no_mac_speaks_against_it(world: World, edge: Edge, other: Edge) -> None:
    before = machines_of(tell(world, edge, entry(1, 0, serial="S1"), entry(2, serial="S2")))
    after = machines_of(tell(world, other, entry(1, 901, serial="S1"), entry(2, 902, serial="S2")))
    assert (after[1] == before[1], after[2] == before[2]) == (True, False)


def test_an_address_that_learns_its_mac_joins_the_machine_of_another_edge(
    world: World, edge: Edge, other: Edge
) -> None:
    theirs = machines_of(tell(world, other, entry(1)))[1]
    ours = machines_of(tell(world, edge, entry(9, 0)))[9]
    reply = tell(world, edge, entry(9, 1))
    assert (machines_of(reply), reads(reply)) == ({9: theirs}, {9: False})
    assert (set(listed(world, edge.farm)), set(in_bin(world, edge.farm))) == ({theirs}, {ours})


def test_what_is_told_no_more_goes_into_the_bin_and_comes_back_with_its_name(
    world: World, edge: Edge
) -> None:
    before = machines_of(tell(world, edge, entry(1), entry(2)))
    change_machine(world.ports, edge.farm, before[1], MachineChange(name="mine", place="shelf"), ALL)
    tell(world, edge, entry(2))
    assert in_bin(world, edge.farm).keys() == {before[1]}
    reply = tell(world, edge, entry(2), entry(5, 1, name="asic 1"))
    assert machines_of(reply) == {2: before[2], 5: before[1]}
    machine = listed(world, edge.farm)[before[1]]
    assert (machine.name, machine.labels.place, in_bin(world, edge.farm)) == ("mine", "shelf", {})


def test_what_the_dashboard_said_stands_until_the_edge_says_something_else(world: World, edge: Edge) -> None:
    each = entry(1, place="row 1")
    machine = machines_of(tell(world, edge, each))[1]
    change_machine(world.ports, edge.farm, machine, MachineChange(name="mine", place="shelf"), ALL)
    tell(world, edge, replace(each, model="S21", tags=("hot",)))
    kept = listed(world, edge.farm)[machine]
    assert (kept.name, kept.labels, kept.model) == ("mine", Labels("shelf", ("hot",)), "Antminer S21")
    tell(world, edge, replace(each, name="theirs", tags=("hot",)))
    kept = listed(world, edge.farm)[machine]
    assert (kept.name, kept.labels) == ("theirs", Labels("shelf", ("hot",)))


def test_a_client_that_loses_a_machine_hears_of_it(world: World, edge: Edge) -> None:
    machine = machines_of(tell(world, edge, entry(1, client="Ann")))[1]
    tell(world, edge, entry(1, client="Bob"))
    kept = listed(world, edge.farm)[machine]
    assert (kept.labels.client, kept.client_before) == ("Bob", "Ann")


def test_another_edge_reads_after_a_time_and_never_back_by_itself(
    world: World, edge: Edge, other: Edge
) -> None:
    tell(world, edge, *_entries(3))
    report_newest(world, edge)
    assert set(reads(tell(world, other, *_entries(3))).values()) == {False}
    world.clock.advance(209)
    assert set(reads(tell(world, other, *_entries(3))).values()) == {False}
    world.clock.advance(1)
    assert set(reads(tell(world, other, *_entries(3))).values()) == {True}
    report_newest(world, other)
    assert set(reads(tell(world, edge, *_entries(3))).values()) == {False}
    check_seats(world, edge.farm, [edge, other])


def test_only_a_silent_machine_changes_hands(world: World, edge: Edge, other: Edge) -> None:
    machines = machines_of(tell(world, edge, *_entries(3)))
    world.clock.advance(1000)
    report_newest(world, edge, [machines[2]], world.clock.now - 300)
    assert reads(tell(world, other, *_entries(3))) == {1: False, 2: True, 3: False}
    # Silent there too: it does not go to and fro.
    world.clock.advance(1000)
    report_newest(world, edge)
    report_newest(world, other, [machines[2]], world.clock.now - 900)
    assert reads(tell(world, edge, *_entries(3))) == {1: True, 2: False, 3: True}


def test_machines_of_a_deleted_edge_go_to_another_that_has_them(
    world: World, edge: Edge, other: Edge
) -> None:
    machines = machines_of(tell(world, edge, *_entries(3)))
    tell(world, other, entry(1), entry(2))
    delete_agent(world.ports, edge.farm, edge.agent)
    assert reads(tell(world, other, entry(1), entry(2))) == {1: True, 2: True}
    assert in_bin(world, edge.farm).keys() == {machines[3]}


def test_a_full_farm_refuses_the_rest_in_words(world: World, edge: Edge) -> None:
    world.ports = with_changes(world.ports, policy=Policy(machines_per_farm_max=2))
    reply = tell(world, edge, *_entries(3))
    assert (reads(reply), [each.number for each in reply.refused]) == ({1: True, 2: True}, [3])
    assert "as many machines" in reply.refused[0].reason
    world.store.calls.clear()
    assert tell(world, edge, *_entries(3)).refused == reply.refused
    queries = [call for call in world.store.calls if call.verb == "query"]
    assert len(queries) == 1


def test_one_line_of_the_log_says_what_a_telling_changed(world: World, edge: Edge) -> None:
    before = len(world.audit(edge.farm))
    tell(world, edge, *_entries(200))
    tell(world, edge, *_entries(200))
    tell(world, edge, *_entries(198), entry(199, name="other"), entry(201))
    lines = world.audit(edge.farm)[before:]
    assert [(line.action, line.thing, line.after) for line in lines] == [
        ("tell_roster", f"agent {edge.agent}", {"name": "one", "added": 200}),
        ("tell_roster", f"agent {edge.agent}", {"name": "one", "added": 1, "changed": 1, "removed": 1}),
    ]
    assert lines[0].by == f"agent {edge.agent}"


def test_a_sentry_has_no_roster(world: World, sentry: Sentry) -> None:
    with pytest.raises(Fault) as caught:
        register_roster(world.ports, world.principal(sentry), telling([entry(1)]))
    assert (caught.value.code, caught.value.status) == ("wrong_kind", 409)


@pytest.mark.parametrize(("epoch", "code"), [(1, "enrolled_again"), (1003, "bad_epoch")])
def test_an_epoch_of_before_or_of_nowhere_is_refused(world: World, edge: Edge, epoch: int, code: str) -> None:
    edge.enrol(world)
    with pytest.raises(Fault) as caught:
        register_roster(world.ports, edge.principal(world), telling([entry(1)], epoch=epoch))
    assert (caught.value.code, listed(world, edge.farm)) == (code, {})


@pytest.mark.parametrize("times", [0, 1])
def test_an_epoch_that_is_ahead_is_below_the_next_enrolment(world: World, edge: Edge, times: int) -> None:
    for _ in range(times):
        edge.enrol(world)
    register_roster(world.ports, edge.principal(world), telling([entry(1)], epoch=1000))
    edge.enrol(world)
    assert edge.record(world).epoch == 1001
    assert reads(tell(world, edge, entry(1))) == {1: True}


def test_an_epoch_that_is_ahead_holds_for_batches_that_were_not_told(world: World, edge: Edge) -> None:
    edge.enrol(world)
    register_roster(world.ports, edge.principal(world), telling([entry(1)], epoch=1001))
    with pytest.raises(Fault) as caught:
        register_roster(world.ports, edge.principal(world), telling([entry(60)]))
    assert caught.value.code == "enrolled_again"


@pytest.mark.parametrize(
    "batches",
    [
        (RosterBatch(0, (entry(50),)),),
        (RosterBatch(0, (entry(1), entry(1, 2))),),
        (RosterBatch(0, (entry(1),)), RosterBatch(0, (entry(2),))),
    ],
)
def test_numbers_out_of_place_are_refused(world: World, edge: Edge, batches: tuple[RosterBatch, ...]) -> None:
    with pytest.raises(Fault) as caught:
        register_roster(world.ports, edge.principal(world), RosterTelling(1, batches))
    assert (caught.value.code, caught.value.field[:7]) == ("bad_roster", "batches")


def test_deleted_while_it_tells_it_leaves_nothing_on_the_list(world: World, edge: Edge) -> None:
    world.store.interruptions = [lambda: delete_agent(world.ports, edge.farm, edge.agent)]
    tell(world, edge, *_entries(3))
    assert (listed(world, edge.farm), len(in_bin(world, edge.farm))) == ({}, 3)


def test_somebody_who_is_always_quicker_ends_it_with_a_try_again(
    world: World, edge: Edge, other: Edge
) -> None:
    tell(world, edge, entry(1))

    def rename() -> None:
        machine = next(iter(listed(world, edge.farm)))
        name = f"name {len(world.store.calls)}"
        change_machine(world.ports, edge.farm, machine, MachineChange(name=name), ALL)

    rename_again = [item for _ in range(40) for item in (rename, lambda: None)]
    world.store.interruptions = [*rename_again]
    with pytest.raises(Fault) as caught:
        tell(world, edge, entry(1, name="theirs"))
    assert (caught.value.code, caught.value.status) == ("try_again", 409)


def test_killed_between_any_two_calls_the_next_telling_does_the_rest() -> None:
    def hall() -> tuple[World, Edge, Edge, list[RosterEntry]]:
        world = World()
        farm = world.farm()
        one, two = new_edge(world, farm, "one"), new_edge(world, farm, "two")
        for edge in (one, two):
            edge.enrol(world)
        tell(world, one, *_entries(49))
        tell(world, two, *_entries(20))
        world.clock.advance(1000)
        report_newest(world, one)
        told = [
            *_entries(8),
            *(replace(each, name="new") for each in _entries(40)[20:]),
            entry(60, 9),
            entry(61),
        ]
        return world, one, two, told

    whole, one, _, told = hall()
    whole.store.calls.clear()
    tell(whole, one, *told, batches=(0, 1))
    names = sorted(machine.name for machine in listed(whole, one.farm).values())
    for death in range(1, len(whole.store.calls)):
        world, one, two, told = hall()
        principal = one.principal(world)
        world.store.failures = [*[None] * (death - 1), StoreUnavailable("died")]
        with pytest.raises(StoreUnavailable):
            register_roster(world.ports, principal, telling(told, 0, 1))
        check_seats(world, one.farm, [one, two])
        register_roster(world.ports, principal, telling(told, 0, 1))
        check_seats(world, one.farm, [one, two])
        assert sorted(machine.name for machine in listed(world, one.farm).values()) == names
    assert whole.store.verbs.count("commit") > 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 1), max_size=60), st.permutations(range(2)))
def test_two_edges_at_once_make_one_machine_of_each(turns: Sequence[int], order: Sequence[int]) -> None:
    world = World()
    farm = world.farm()
    # Simulated, for those line up for no line of the audit log.
    made = [create_agent(world.ports, farm.farm, n, AgentKind.ASIC, simulated=True) for n in ("one", "two")]
    edges = [Edge(farm.farm, each.agent.agent, each.token) for each in made]
    principals = [edge.principal(world) for edge in edges]

    def job(who: int, numbers: Sequence[int]) -> Callable[[Ports], object]:
        told = telling([entry(number) for number in numbers])
        return lambda ports: register_roster(ports, principals[who], told, pause=lambda _: None)

    jobs = [job(0, range(1, 31)), job(1, range(15, 45))]
    interleave(world, jobs, turns, order)
    assert len(listed(world, farm.farm)) == 44
    check_seats(world, farm.farm, edges)


def test_hostile_ports_reach_no_other_farm(world: World, edge: Edge) -> None:
    """The same MAC in another farm is another machine."""
    machine = machines_of(tell(world, edge, entry(1)))[1]
    south = new_edge(world, world.farm("South", "south@example.test"), "south")
    assert machines_of(tell(world, south, entry(1)))[1] != machine
