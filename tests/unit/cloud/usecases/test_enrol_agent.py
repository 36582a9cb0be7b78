"""First contact: the right kind of agent begins a new epoch, whatever else happens to its record."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.records import Agent
from cloud.ports import Item, Put
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.create_agent import create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.enrol_agent import enrol_agent
from cloud.usecases.restore_agent import restore_agent
from tests.fakes.edges import edge_state, new_edge
from tests.fakes.reports import NOW, enrolment, report
from tests.fakes.world import Farm, Sentry, World
from wire.faults import Fault
from wire.live import Stranger
from wire.messages import AgentKind, EnrolmentReply, Specs


def test_answer_tells_what_the_agent_is_called_here(world: World, farm: Farm, sentry: Sentry) -> None:
    answer = enrol_agent(world.ports, world.principal(sentry), enrolment())
    assert answer == EnrolmentReply(
        farm=farm.farm,
        farm_name="North",
        agent=sentry.agent,
        name="rig-1",
        machine=sentry.machine,
        epoch=1,
        server_at=NOW,
        sample_interval_s=10,
        report_interval_s=60,
    )


def test_record_keeps_version_and_time(world: World, sentry: Sentry) -> None:
    world.clock.advance(9)
    enrol_agent(world.ports, world.principal(sentry), enrolment(version="4.5.6"))
    agent = world.agent(sentry)
    assert (agent.agent_version, agent.enrolled_at, agent.epoch) == ("4.5.6", NOW + 9, 1)


def test_record_keeps_the_hardware_and_forgets_the_stranger(world: World, sentry: Sentry) -> None:
    world.enrol(sentry, ["mac a", "board 1"])
    clone = report(sentry.machine, specs=Specs(hostname="twin", hardware=("mac b",)))
    with pytest.raises(Fault):
        world.report(sentry, clone)
    assert world.agent(sentry).stranger == Stranger("twin", NOW)
    world.enrol(sentry, ["mac c"])
    assert (world.agent(sentry).hardware, world.agent(sentry).stranger) == (("mac c",), None)


def test_hands_change_when_nothing_is_left_of_what_was_known(world: World, sentry: Sentry) -> None:
    steps = [
        (["mac a", "b"], 0),
        (["b", "c"], 0),
        (["d"], 3),
        ([], 3),
        (["e"], 3),
        (["e", "f"], 3),
        (["g"], 7),
    ]
    for hardware, changed in steps:
        world.enrol(sentry, hardware)
        assert world.agent(sentry).changed_hands_epoch == changed


def test_epochs_increase_with_each_enrolment(world: World, sentry: Sentry) -> None:
    principal = world.principal(sentry)
    epochs = [enrol_agent(world.ports, principal, enrolment()).epoch for _ in range(4)]
    assert epochs == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("token_is_for", "agent_is"),
    [(AgentKind.CPU_GPU, AgentKind.ASIC), (AgentKind.ASIC, AgentKind.CPU_GPU)],
)
def test_wrong_kind_changes_nothing(
    world: World, farm: Farm, token_is_for: AgentKind, agent_is: AgentKind
) -> None:
    made = create_agent(world.ports, farm.farm, "x", token_is_for)
    principal = authorise_agent(world.ports, f"Bearer {made.token}")
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        enrol_agent(world.ports, principal, enrolment(agent_is))
    assert (caught.value.code, caught.value.status, caught.value.field) == ("wrong_kind", 409, "kind")
    assert world.store.items == before


def _enrol_by_another(world: World, sentry: Sentry) -> None:
    """What a second process with the same token does at the same time."""
    item = world.store.items[keys.agent(sentry.farm, sentry.agent)]
    agent = item.read(Agent)
    enrolled = msgspec.structs.replace(agent, epoch=agent.epoch + 1)
    world.store.write(Put(Item.of(item.key, enrolled, revision=item.revision + 1)))


def test_two_enrolments_at_once_get_different_epochs(world: World, sentry: Sentry) -> None:
    principal = world.principal(sentry)
    world.store.interruptions = [lambda: _enrol_by_another(world, sentry)]
    assert enrol_agent(world.ports, principal, enrolment()).epoch == 2
    assert world.agent(sentry).epoch == 2


def test_unending_changes_end_in_try_again(world: World, sentry: Sentry) -> None:
    principal = world.principal(sentry)

    def interrupt() -> None:
        # The other's own write takes the first of these two.
        world.store.interruptions[:] = [lambda: None, interrupt]
        _enrol_by_another(world, sentry)

    world.store.interruptions = [interrupt]
    with pytest.raises(Fault) as caught:
        enrol_agent(world.ports, principal, enrolment())
    assert (caught.value.code, caught.value.status) == ("try_again", 409)


def test_agent_deleted_meanwhile_is_not_enrolled(world: World, sentry: Sentry) -> None:
    principal = world.principal(sentry)
    world.store.interruptions = [lambda: delete_agent(world.ports, sentry.farm, sentry.agent)]
    with pytest.raises(Fault) as caught:
        enrol_agent(world.ports, principal, enrolment())
    assert (caught.value.code, caught.value.status) == ("agent_deleted", 403)
    assert world.agent(sentry).epoch == 0


def test_restored_agent_may_enrol_again(world: World, sentry: Sentry) -> None:
    delete_agent(world.ports, sentry.farm, sentry.agent)
    restore_agent(world.ports, sentry.farm, sentry.agent)
    assert world.enrol(sentry).epoch == 1


def test_farm_without_a_record_is_called_by_its_id(world: World, farm: Farm, sentry: Sentry) -> None:
    del world.store.items[keys.farm(farm.farm)]
    assert enrol_agent(world.ports, world.principal(sentry), enrolment()).farm_name == farm.farm


def test_a_store_from_a_backup_hands_out_no_epoch_that_reports_already_have(
    world: World, sentry: Sentry
) -> None:
    """The agent enrolled after the backup was made, and reports in that epoch to the restored store."""
    backup = dict(world.store.items)
    for _ in range(5):
        world.enrol(sentry)
    world.store.items.clear()
    world.store.items.update(backup)
    world.report(sentry, report(sentry.machine, epoch=5, sequence=900))
    assert world.enrol(sentry).epoch == 6
    world.report(sentry, report(sentry.machine, [NOW + 5], epoch=6, sequence=1))
    assert world.latest(sentry).sampled_at == NOW + 5


def test_so_it_is_for_an_edge_which_is_no_machine_itself(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    edge.tell(world, edge_state(), epoch=5, sequence=900)
    edge.enrol(world)
    assert edge.record(world).epoch == 6


def test_an_epoch_that_only_an_enrolment_knows_is_not_handed_out_again_either(
    world: World, sentry: Sentry
) -> None:
    """The enrolment closed the block under way, and nothing was reported since."""
    world.enrol(sentry)
    world.report(sentry, report(sentry.machine, epoch=1))
    assert [world.enrol(sentry).epoch for _ in range(3)] == [2, 3, 4]
