"""A machine with a copy of another's disk is refused and named; the other one goes on."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.domain import keys
from cloud.domain.records import Agent
from cloud.ports import Item, Put
from cloud.usecases.accept_report import accept_report
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.create_agent import create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.enrol_agent import enrol_agent
from cloud.usecases.list_agents import list_agents
from cloud.usecases.recognise_machine import EPOCHS_AHEAD_MAX, NOTED_AGAIN_AFTER_S, recognise_machine
from cloud.usecases.renew_token import renew_token
from tests.fakes.asic_reports import shed
from tests.fakes.edges import edge_state
from tests.fakes.reports import NOW, block, enrolment, report
from tests.fakes.world import Farm, Sentry, World
from wire.faults import Fault
from wire.live import Stranger
from wire.messages import AgentKind, Report, Specs

OURS = ("mac aa:aa", "mac bb:bb", "board 1")
THEIRS = ("mac cc:cc", "board 2")


def specs(hardware: tuple[str, ...], hostname: str | None = "rig-1") -> Specs:
    return Specs(hostname=hostname, hardware=hardware)


def first(sentry: Sentry, hardware: tuple[str, ...], *, epoch: int = 1, sequence: int = 1) -> Report:
    """The first report of a process."""
    return report(sentry.machine, epoch=epoch, sequence=sequence, specs=specs(hardware))


def stranger(world: World, sentry: Sentry) -> Stranger | None:
    (view,) = [row for row in list_agents(world.ports, sentry.farm).agents if row.agent == sentry.agent]
    return view.stranger


def _refused(world: World, sentry: Sentry, sent: Report, code: str) -> Fault:
    """The refusal; fails if anything but the agent's record changed."""
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        world.report(sentry, sent)
    assert (caught.value.code, caught.value.status) == (code, 409)
    agent = keys.agent(sentry.farm, sentry.agent)
    assert {**world.store.items, agent: before[agent]} == before
    return caught.value


@pytest.fixture
def enrolled(world: World, farm: Farm) -> Sentry:
    sentry = world.sentry(farm, "barn-7")
    world.enrol(sentry, OURS)
    return sentry


def test_a_clone_is_refused_and_named_and_the_original_goes_on(world: World, enrolled: Sentry) -> None:
    world.report(enrolled, first(enrolled, OURS))
    world.clock.advance(5)
    clone = report(enrolled.machine, sequence=2, specs=specs(THEIRS, "twin"), blocks=[block([NOW - 50])])
    fault = _refused(world, enrolled, clone, "another_machine")
    assert "barn-7" in fault.message
    assert stranger(world, enrolled) == Stranger("twin", NOW + 5)
    world.report(enrolled, report(enrolled.machine, [NOW + 5], sequence=2))
    assert world.latest(enrolled).sampled_at == NOW + 5


def test_the_evidence_of_the_first_report_counts_where_the_enrolment_had_none(
    world: World, sentry: Sentry
) -> None:
    world.enrol(sentry)
    world.report(sentry, first(sentry, OURS))
    assert world.agent(sentry).hardware == OURS
    _refused(world, sentry, first(sentry, THEIRS, sequence=2), "another_machine")


def test_without_evidence_on_either_side_nobody_is_refused(world: World, enrolled: Sentry) -> None:
    world.report(enrolled, first(enrolled, (), sequence=1))
    world.report(enrolled, report(enrolled.machine, sequence=2))
    assert (world.agent(enrolled).hardware, stranger(world, enrolled)) == (OURS, None)


def test_parts_are_exchanged_one_by_one_and_what_is_there_now_counts(world: World, enrolled: Sentry) -> None:
    steps = [
        ("mac aa:aa", "mac bb:bb", "board 9"),
        ("mac aa:aa", "mac dd:dd", "board 9"),
        ("mac dd:dd", "mac ee:ee"),
    ]
    for sequence, hardware in enumerate(steps, 1):
        world.report(enrolled, first(enrolled, hardware, sequence=sequence))
        assert world.agent(enrolled).hardware == hardware
    _refused(world, enrolled, first(enrolled, OURS, sequence=9), "another_machine")


def test_all_parts_at_once_are_another_machine_until_it_is_enrolled_again(
    world: World, enrolled: Sentry
) -> None:
    _refused(world, enrolled, first(enrolled, THEIRS), "another_machine")
    world.enrol(enrolled, THEIRS)
    world.report(enrolled, first(enrolled, THEIRS, epoch=2))
    assert stranger(world, enrolled) is None


def test_a_clone_that_enrols_makes_the_original_refused(world: World, enrolled: Sentry) -> None:
    world.report(enrolled, first(enrolled, OURS))
    world.enrol(enrolled, THEIRS)
    world.report(enrolled, first(enrolled, THEIRS, epoch=2))
    kept = world.latest(enrolled)
    fault = _refused(world, enrolled, report(enrolled.machine, sequence=2), "enrolled_again")
    assert "barn-7" in fault.message
    assert stranger(world, enrolled) == Stranger("", NOW)
    assert world.latest(enrolled) == kept
    assert world.enrol(enrolled, OURS).epoch == 3
    world.report(enrolled, first(enrolled, OURS, epoch=3))
    _refused(world, enrolled, first(enrolled, THEIRS, epoch=2, sequence=2), "enrolled_again")


def test_a_stranger_is_noted_at_most_once_an_hour(world: World, enrolled: Sentry) -> None:
    clone = report(enrolled.machine, specs=specs(THEIRS, "twin"))
    _refused(world, enrolled, clone, "another_machine")
    revision = world.store.items[keys.agent(enrolled.farm, enrolled.agent)].revision
    for _ in range(12):
        world.clock.advance(NOTED_AGAIN_AFTER_S / 12)
        _refused(world, enrolled, clone, "another_machine")
    assert stranger(world, enrolled) == Stranger("twin", NOW)
    assert world.store.items[keys.agent(enrolled.farm, enrolled.agent)].revision == revision
    world.clock.advance(1)
    _refused(world, enrolled, clone, "another_machine")
    assert stranger(world, enrolled) == Stranger("twin", NOW + NOTED_AGAIN_AFTER_S + 1)


def test_a_new_token_and_an_enrolment_end_the_warning(world: World, enrolled: Sentry) -> None:
    clone = first(enrolled, THEIRS)
    _refused(world, enrolled, clone, "another_machine")
    world.enrol(enrolled, OURS)
    assert stranger(world, enrolled) is None
    _refused(world, enrolled, msgspec.structs.replace(clone, epoch=2), "another_machine")
    renew_token(world.ports, enrolled.farm, enrolled.agent)
    assert stranger(world, enrolled) is None


def test_usual_reports_cost_no_more_for_it(world: World, enrolled: Sentry) -> None:
    world.report(enrolled, first(enrolled, OURS))
    principal = world.principal(enrolled)
    world.store.calls.clear()
    recognise_machine(world.ports, principal, report(enrolled.machine, sequence=2))
    recognise_machine(world.ports, principal, first(enrolled, OURS[::-1], sequence=3))
    assert world.store.calls == []


def test_other_faults_come_first_and_note_nobody(world: World, enrolled: Sentry) -> None:
    before = dict(world.store.items)
    ahead = report(enrolled.machine, [NOW + 61], specs=specs(THEIRS))
    foreign = report("machine_x", specs=specs(THEIRS))
    for sent, code in ((ahead, "clock_ahead"), (foreign, "machine_unknown")):
        with pytest.raises(Fault) as caught:
            world.report(enrolled, sent)
        assert caught.value.code == code
    assert world.store.items == before


class _Queue:
    """The port `Queue`."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, message: str) -> None:
        self.sent.append(message)


def test_nothing_of_a_stranger_goes_into_a_queue(world: World, enrolled: Sentry) -> None:
    queue = _Queue()
    ports = replace(world.ports, queue=queue)
    with pytest.raises(Fault):
        accept_report(ports, world.principal(enrolled), first(enrolled, THEIRS))
    assert queue.sent == []


def test_an_asic_edge_may_move_to_other_hardware_but_not_to_an_older_epoch(world: World, farm: Farm) -> None:
    made = create_agent(world.ports, farm.farm, "lan", AgentKind.ASIC)
    bearer = f"Bearer {made.token}"
    for hardware in (OURS, THEIRS):
        principal = authorise_agent(world.ports, bearer)
        enrol_agent(world.ports, principal, enrolment(AgentKind.ASIC, hardware=hardware))
    principal = authorise_agent(world.ports, bearer)
    recognise_machine(world.ports, principal, report("m1", epoch=2, specs=specs(OURS)))
    assert principal.agent == authorise_agent(world.ports, bearer).agent
    with pytest.raises(Fault, match="enrolled again"):
        recognise_machine(world.ports, principal, report("m1", epoch=1))


def test_another_agent_with_the_same_hardware_is_let_in(world: World, farm: Farm, enrolled: Sentry) -> None:
    """Two systems of one machine, or one that moved: only the token is asked whose figures these are."""
    other = world.sentry(farm, "other")
    world.enrol(other, OURS)
    world.report(other, first(other, OURS))
    assert stranger(world, enrolled) is stranger(world, other) is None


def test_evidence_that_changes_with_something_else_is_noted_next_time(world: World, enrolled: Sentry) -> None:
    key = keys.agent(enrolled.farm, enrolled.agent)

    def rename() -> None:
        item = world.store.items[key]
        renamed = msgspec.structs.replace(item.read(Agent), name="barn-8")
        world.store.write(Put(Item.of(key, renamed, revision=item.revision + 1)))

    world.store.interruptions = [rename]
    changed = ("mac aa:aa",)
    world.report(enrolled, first(enrolled, changed))
    assert (world.agent(enrolled).name, world.agent(enrolled).hardware) == ("barn-8", OURS)
    world.report(enrolled, first(enrolled, changed, sequence=2))
    assert (world.agent(enrolled).name, world.agent(enrolled).hardware) == ("barn-8", changed)


def test_evidence_of_a_report_that_was_overtaken_by_an_enrolment_does_not_count(
    world: World, enrolled: Sentry
) -> None:
    """It was let in just before; else the machine that enrolled would be refused from then on."""
    overtaken = world.principal(enrolled)
    world.enrol(enrolled, THEIRS)
    accept_report(world.ports, overtaken, first(enrolled, OURS[:1]))
    assert world.agent(enrolled).hardware == THEIRS
    world.report(enrolled, first(enrolled, THEIRS, epoch=2))


def test_a_refusal_never_brings_a_deleted_agent_back(world: World, enrolled: Sentry) -> None:
    """What was found out is written over the agent as it stands, not as it was."""
    principal = world.principal(enrolled)
    delete_agent(world.ports, enrolled.farm, enrolled.agent)
    with pytest.raises(Fault):
        recognise_machine(world.ports, principal, first(enrolled, THEIRS))
    assert world.agent(enrolled).binned_at == NOW


def test_a_stranger_without_a_name_is_noted_all_the_same(world: World, enrolled: Sentry) -> None:
    sent = report(enrolled.machine, specs=specs(THEIRS, None))
    _refused(world, enrolled, sent, "another_machine")
    assert stranger(world, enrolled) == Stranger("", NOW)


PARTS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=4, unique=True).map(tuple)


@settings(max_examples=100, deadline=None)
@given(PARTS, st.lists(PARTS, max_size=8))
def test_only_what_shares_nothing_with_what_was_there_last_is_refused(
    at_enrolment: tuple[str, ...], told: list[tuple[str, ...]]
) -> None:
    world = World()
    sentry = world.sentry(world.farm())
    world.enrol(sentry, at_enrolment)
    known = set(at_enrolment)
    for sequence, hardware in enumerate(told):
        stays = not known or not hardware or bool(known & set(hardware))
        sent = first(sentry, hardware, sequence=sequence)
        if stays:
            assert world.report(sentry, sent).sequence == sequence
            known = set(hardware) or known
        else:
            _refused(world, sentry, sent, "another_machine")
        assert set(world.agent(sentry).hardware) == known


def test_a_late_report_of_the_same_machine_from_before_is_kept_once(world: World, enrolled: Sentry) -> None:
    """The agent's answer was lost, it was enrolled again, and told everything once more in its own name."""
    closed, times = block([NOW - 400, NOW - 390]), [NOW - 20, NOW - 10]
    sent = report(enrolled.machine, times, blocks=[closed], specs=specs(OURS))
    world.enrol(enrolled, OURS)
    again = report(enrolled.machine, [*times, NOW], blocks=[closed], epoch=2, specs=specs(OURS))
    world.report(enrolled, again)
    assert world.report(enrolled, sent).sequence == sent.sequence
    assert world.open(enrolled).at == (*times, NOW)
    assert world.latest(enrolled).sampled_at == NOW
    assert [part.at for part in world.blocks(enrolled)] == [closed.at, tuple(times)]
    assert stranger(world, enrolled) is None


def test_an_agent_that_never_learnt_of_its_second_enrolment_goes_on(world: World, enrolled: Sentry) -> None:
    world.report(enrolled, first(enrolled, OURS))
    world.enrol(enrolled, OURS)
    world.clock.advance(10)
    world.report(enrolled, report(enrolled.machine, [NOW + 10], sequence=2))
    assert world.latest(enrolled).sampled_at == NOW + 10


def test_evidence_from_before_the_last_enrolment_does_not_count(world: World, enrolled: Sentry) -> None:
    now_there = ("mac aa:aa", "mac dd:dd")
    world.enrol(enrolled, now_there)
    world.report(enrolled, first(enrolled, OURS))
    assert world.agent(enrolled).hardware == now_there


@pytest.mark.parametrize(("before", "after"), [(OURS, ()), ((), OURS), (OURS, OURS[:1]), ((), ())])
def test_hands_change_only_where_both_sides_are_known(
    world: World, sentry: Sentry, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    world.enrol(sentry, before)
    world.enrol(sentry, after)
    world.report(sentry, report(sentry.machine))
    assert world.agent(sentry).changed_hands_epoch == 0


def test_hands_stay_changed_after_further_enrolments(world: World, enrolled: Sentry) -> None:
    world.enrol(enrolled, THEIRS)
    world.enrol(enrolled, THEIRS)
    assert (world.agent(enrolled).changed_hands_epoch, world.agent(enrolled).epoch) == (2, 3)
    _refused(world, enrolled, report(enrolled.machine), "enrolled_again")
    world.report(enrolled, report(enrolled.machine, epoch=2))


def test_what_an_older_epoch_left_under_way_is_kept(world: World, enrolled: Sentry) -> None:
    world.report(enrolled, report(enrolled.machine, [NOW - 20, NOW - 10], specs=specs(OURS)))
    world.enrol(enrolled, OURS)
    world.report(enrolled, report(enrolled.machine, [NOW], epoch=2))
    world.report(enrolled, report(enrolled.machine, [NOW - 20, NOW - 10], sequence=2))
    assert [part.at for part in world.blocks(enrolled)] == [(NOW - 20, NOW - 10)]
    assert world.open(enrolled).at == (NOW,)


def test_an_epoch_that_a_backup_forgot_is_taken_over(world: World, enrolled: Sentry) -> None:
    world.report(enrolled, first(enrolled, OURS[:1], epoch=7))
    agent = world.agent(enrolled)
    assert (agent.epoch, agent.hardware) == (7, OURS[:1])
    world.report(enrolled, report(enrolled.machine, [], blocks=[block([NOW - 50])], epoch=9))
    assert world.enrol(enrolled, OURS).epoch == 10


def test_an_epoch_far_beyond_every_enrolment_is_refused_and_freezes_nothing(
    world: World, enrolled: Sentry
) -> None:
    before = dict(world.store.items)
    for epoch in (1 + EPOCHS_AHEAD_MAX + 1, 2**22 - 1):
        with pytest.raises(Fault) as caught:
            world.report(enrolled, first(enrolled, THEIRS, epoch=epoch))
        assert (caught.value.code, caught.value.status, caught.value.field) == ("bad_epoch", 422, "epoch")
    assert world.store.items == before
    world.report(enrolled, first(enrolled, OURS, epoch=1 + EPOCHS_AHEAD_MAX))


def test_an_agent_that_never_enrolled_reports_without_a_change_of_its_record(
    world: World, sentry: Sentry
) -> None:
    """Its first enrolment looks at what was reported."""
    before = world.agent(sentry)
    world.report(sentry, report(sentry.machine, epoch=3))
    assert world.agent(sentry) == before
    assert world.enrol(sentry).epoch == 4


def test_an_edge_is_known_by_its_epochs_alone(world: World, farm: Farm) -> None:
    """What its machines are made of says nothing of it, and it may report none."""
    edge = shed(world, farm.farm, 1)
    enrol_agent(world.ports, authorise_agent(world.ports, f"Bearer {edge.token}"), enrolment(AgentKind.ASIC))
    edge.tell(edge.told(edge.part(1, specs=specs(THEIRS))))
    edge.tell(edge.told(edge=edge_state()))
    edge.epoch = 3 + EPOCHS_AHEAD_MAX
    with pytest.raises(Fault) as caught:
        edge.tell(edge.told(edge=edge_state()))
    assert (caught.value.code, caught.value.field) == ("bad_epoch", "epoch")
