"""What one machine's commander makes by itself, on the first start and on each later one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.people import Membership, Person
from cloud.domain.records import Arrival, Standing
from cloud.gateway import first_steps
from cloud.gateway.first_steps import OWNER, Rig, SimulatedFile
from cloud.gateway.folder import Folder
from cloud.ports import Item, Put
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_farm import create_farm
from cloud.usecases.create_owner import create_owner
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.empty_bin import ITEMS_A_ROUND
from cloud.usecases.keep_members import seated
from cloud.usecases.list_agents import list_agents
from cloud.usecases.list_bin import list_bin
from cloud.usecases.note_silence import standings
from cloud.usecases.restore_agent import restore_agent
from cloud.usecases.sign_in import sign_in
from cloud.usecases.store_report import store_report
from tests.fakes.ports import PUBLIC_URL
from tests.fakes.reports import NOW, block, report
from tests.fakes.second_factor import with_second_factor
from tests.fakes.world import World
from wire.faults import Fault
from wire.messages import AgentKind
from wire.people import Role


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    held = Folder(tmp_path)
    yield held
    held.release()


@pytest.fixture
def farm_id(world: World, folder: Folder) -> str:
    return _farm(world, folder)


def _farm(world: World, folder: Folder) -> str:
    farm = first_steps.first_account(world.ports, folder)[0]
    assert farm is not None
    return farm


def _names(world: World, farm: str) -> list[str]:
    return [agent.name for agent in list_agents(world.ports, farm).agents]


def test_password_is_four_groups_of_unmistakable_letters() -> None:
    passwords = {first_steps.new_password() for _ in range(50)}
    assert len(passwords) == 50
    assert all(re.fullmatch(r"([a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}", text) for text in passwords)


def test_first_start_makes_an_account_that_signs_in(world: World, folder: Folder) -> None:
    farm, password = first_steps.first_account(world.ports, folder)
    assert password is not None
    assert sign_in(world.ports, OWNER, password)
    assert first_steps.first_account(world.ports, folder) == (farm, None)


def test_password_is_told_once_and_kept_nowhere(world: World, folder: Folder) -> None:
    farm, password = first_steps.first_account(world.ports, folder)
    assert password is not None
    assert first_steps.first_account(world.ports, folder) == (farm, None)
    assert all(password.encode() not in path.read_bytes() for path in folder.path.iterdir())


def test_first_start_cut_short_after_the_account_was_made_can_be_repeated(
    world: World, folder: Folder
) -> None:
    """Killed between the store's answer and the printing of the password."""
    farm = create_owner(world.ports, OWNER, "never-shown", "My farm")
    assert first_steps.first_account(world.ports, folder)[0] == farm


def test_farm_of_an_older_program_is_swept_too(world: World, folder: Folder, farm_id: str) -> None:
    del world.store.items[keys.farm_entry(farm_id)]
    machine = create_agent(world.ports, farm_id, "rig", AgentKind.CPU_GPU).agent.machine
    assert machine is not None
    store_report(world.ports, Arrival(farm_id, NOW, False, report(machine)))
    first_steps.first_account(world.ports, folder)
    world.clock.advance(1000)
    world.sweep()
    assert [event.machine for event in world.events(farm_id)] == [machine]


def _moved(world: World, farm: str, place: Membership | None) -> None:
    """What co-owners do to the account of this machine."""
    seat = world.store.items[keys.person(OWNER)]
    person = seated(seat.read(Person), farm, place)
    world.store.write(Put(Item.of(seat.key, person, revision=seat.revision + 1)))


def test_farm_stays_the_same_when_the_account_has_another_place_or_none(
    world: World, folder: Folder, farm_id: str
) -> None:
    create_farm(world.ports, OWNER, "Another")
    for place in (Membership(Role.VIEWER, None, NOW), Membership(Role.OWNER, None, NOW), None):
        _moved(world, farm_id, place)
        assert first_steps.first_account(world.ports, folder) == (farm_id, None)


def test_account_that_owns_no_farm_is_no_hindrance(world: World, folder: Folder) -> None:
    create_owner(world.ports, OWNER, "never-shown", "My farm")
    (first,) = world.store.items[keys.person(OWNER)].read(Person).memberships
    _moved(world, first, None)
    foreign = world.farm("South", "ann@example.test").farm
    _moved(world, foreign, Membership(Role.OPERATOR, None, NOW))
    assert first_steps.first_account(world.ports, folder) == (None, None)
    made = create_farm(world.ports, OWNER, "Another").farm
    assert first_steps.first_account(world.ports, folder) == (made, None)


def test_store_that_was_removed_gets_a_new_account(folder: Folder) -> None:
    first_steps.first_account(World().ports, folder)
    world = World()
    farm, password = first_steps.first_account(world.ports, folder)
    assert farm is not None
    assert password is not None
    assert sign_in(world.ports, OWNER, password)
    assert _names(world, farm) == []


def test_new_password_replaces_the_old(world: World, folder: Folder) -> None:
    _, old = first_steps.first_account(world.ports, folder)
    new = first_steps.renew_password(world.ports)
    assert sign_in(world.ports, OWNER, new)
    assert old is not None
    with pytest.raises(Fault, match="wrong"):
        sign_in(world.ports, OWNER, old)


def test_new_password_of_somebody_else_and_without_a_second_factor(world: World, folder: Folder) -> None:
    first_steps.first_account(world.ports, folder)
    other = world.farm("North", "ann@example.test").email
    with_second_factor(world, other)
    with pytest.raises(Fault, match="code"):
        sign_in(world.ports, other, first_steps.renew_password(world.ports, other))
    assert sign_in(world.ports, other, first_steps.renew_password(world.ports, other, end_second_factor=True))


def test_new_password_without_an_account(world: World) -> None:
    with pytest.raises(Fault, match="no account"):
        first_steps.renew_password(world.ports)


def test_own_sentry_is_made_once(world: World, folder: Folder, farm_id: str) -> None:
    rig = first_steps.own_sentry(world.ports, folder, farm_id, "this-pc")
    assert rig is not None
    assert first_steps.own_sentry(world.ports, folder, farm_id, "renamed") == rig
    assert _names(world, farm_id) == ["this-pc"]


def test_own_sentry_that_was_deleted_is_not_made_again(world: World, folder: Folder, farm_id: str) -> None:
    rig = first_steps.own_sentry(world.ports, folder, farm_id, "this-pc")
    assert rig is not None
    delete_agent(world.ports, farm_id, rig.agent)
    assert first_steps.own_sentry(world.ports, folder, farm_id, "this-pc") is None
    assert _names(world, farm_id) == []


def _simulated(world: World, folder: Folder, farm: str, count: int) -> list[Rig]:
    path = first_steps.simulated_rigs(world.ports, folder, farm, count)
    if path is None:
        return []
    read = msgspec.json.decode(path.read_bytes(), type=SimulatedFile)
    assert read.url == PUBLIC_URL
    return read.rigs


def test_no_simulated_rigs_write_no_file(world: World, folder: Folder, farm_id: str) -> None:
    assert first_steps.simulated_rigs(world.ports, folder, farm_id, 0) is None
    assert not (folder.path / "simulated.json").exists()


@pytest.mark.parametrize("counts", [[3, 3], [3, 5], [5, 2], [4, 0], [0, 2], [3, 0, 3]])
def test_exactly_as_many_simulated_rigs_as_asked(
    world: World, folder: Folder, farm_id: str, counts: list[int]
) -> None:
    for count in counts:
        rigs = _simulated(world, folder, farm_id, count)
        listed = list_agents(world.ports, farm_id).agents
        assert {rig.agent for rig in rigs} == {agent.agent for agent in listed}
        assert len(rigs) == count
        assert all(agent.simulated for agent in listed)


def test_rigs_are_kept_from_start_to_start(world: World, folder: Folder, farm_id: str) -> None:
    first = _simulated(world, folder, farm_id, 3)
    assert _simulated(world, folder, farm_id, 5)[:3] == first


def test_rig_deleted_in_the_dashboard_is_replaced_under_a_free_name(
    world: World, folder: Folder, farm_id: str
) -> None:
    rigs = _simulated(world, folder, farm_id, 3)
    names = {agent.agent: agent.name for agent in list_agents(world.ports, farm_id).agents}
    first = next(rig for rig in rigs if names[rig.agent] == "sim-001")
    delete_agent(world.ports, farm_id, first.agent)
    assert len(_simulated(world, folder, farm_id, 3)) == 3
    assert len(set(_names(world, farm_id))) == 3


def test_surplus_rigs_leave_nothing_behind_but_a_name(world: World, folder: Folder, farm_id: str) -> None:
    """Not even in the bin, however long they lived."""
    before = set(world.store.items)
    rigs = _simulated(world, folder, farm_id, 3)
    for rig in rigs:
        principal = authorise_agent(world.ports, f"Bearer {rig.token}")
        machine = principal.agent.machine
        assert machine is not None
        blocks = [block([NOW - 9 * number]) for number in range(ITEMS_A_ROUND // 190, 0, -1)]
        for sequence in range(190 + 20):
            late = [block([at - 100.0 * sequence for at in one.at]) for one in blocks]
            sent = report(machine, [], blocks=late, sequence=sequence)
            store_report(world.ports, Arrival(farm_id, NOW, False, sent))
        store_report(world.ports, Arrival(farm_id, NOW, False, report(machine, sequence=999)))
    world.clock.advance(1000)
    world.sweep()
    assert len(world.store.items) > 3 * ITEMS_A_ROUND
    _simulated(world, folder, farm_id, 0)
    left = set(world.store.items) - before
    assert {key for key in left if not key.sk.startswith("shard#")} == {
        keys.agent(farm_id, rig.agent) for rig in rigs
    }
    assert list_bin(world.ports, farm_id).binned == []
    for item in standings(world.ports, farm_id).values():
        assert item.read(Standing).silent == {}


def test_own_sentry_that_was_restored_goes_on(world: World, folder: Folder, farm_id: str) -> None:
    rig = first_steps.own_sentry(world.ports, folder, farm_id, "this-pc")
    assert rig is not None
    delete_agent(world.ports, farm_id, rig.agent)
    restore_agent(world.ports, farm_id, rig.agent)
    assert first_steps.own_sentry(world.ports, folder, farm_id, "this-pc") == rig


def test_own_sentry_is_not_counted_as_simulated(world: World, folder: Folder, farm_id: str) -> None:
    first_steps.own_sentry(world.ports, folder, farm_id, "this-pc")
    _simulated(world, folder, farm_id, 2)
    _simulated(world, folder, farm_id, 0)
    assert _names(world, farm_id) == ["this-pc"]


def test_the_own_sentry_is_a_line_of_the_audit_log_and_simulated_rigs_are_not(
    world: World, folder: Folder, farm_id: str
) -> None:
    _simulated(world, folder, farm_id, 3)
    _simulated(world, folder, farm_id, 0)
    rig = first_steps.own_sentry(world.ports, folder, farm_id, "this-pc")
    assert rig is not None
    made = [line.thing for line in world.audit(farm_id) if line.action.endswith("_agent")]
    assert made == [f"agent {rig.agent}"]
