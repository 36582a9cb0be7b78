"""The farm's list and each person's own item change together, whatever else happens at that moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.members import member_id
from cloud.domain.people import Membership, Person
from cloud.domain.permissions import VIEW
from cloud.ports import Delete, Item, Ports, Put, StoreUnavailable
from cloud.usecases.authorise_person import Proof, authorise_person
from cloud.usecases.change_member import change_member
from cloud.usecases.invite_person import invite_person
from cloud.usecases.keep_members import Move, find_roll, move_member, seated, tried_again
from cloud.usecases.leave_farm import leave_farm
from cloud.usecases.remove_member import remove_member
from tests.fakes.people import member
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.seats import ANN, BOB, acts, fault_of, places, roles
from tests.unit.cloud.usecases.turns import interleave
from wire.faults import Fault
from wire.people import InvitationRequest, MemberChange, Role

VIEWER, OPERATOR = MemberChange(Role.VIEWER), MemberChange(Role.OPERATOR)


def _as_an_older_program_left_it(world: World, farm: Farm) -> None:
    world.store.write(Delete(keys.members(farm.farm)))
    key = keys.person(farm.email)
    old = world.store.items[key].read(Person)
    person = msgspec.structs.replace(old, farm=farm.farm, farms={})
    world.store.write(Put(Item.of(key, person, revision=2)))


def test_an_owner_of_an_older_store_is_its_only_member(world: World, farm: Farm) -> None:
    _as_an_older_program_left_it(world, farm)
    assert find_roll(world.ports, farm.farm, farm.email).members == {OWNER: Membership(Role.OWNER, None, NOW)}
    assert find_roll(world.ports, farm.farm, "nobody@example.test").members == {}
    with pytest.raises(Fault, match="owner at all times"):
        leave_farm(world.ports, farm.farm, OWNER)


def test_the_first_change_writes_an_older_store_out(world: World, farm: Farm) -> None:
    _as_an_older_program_left_it(world, farm)
    invite_person(world.ports, farm.farm, farm.email, InvitationRequest(Role.VIEWER))
    assert places(world, farm.farm) == {OWNER: Membership(Role.OWNER, None, NOW)}


def test_who_leaves_the_farm_of_an_older_store_is_not_let_in_again_by_it(world: World, farm: Farm) -> None:
    _as_an_older_program_left_it(world, farm)
    person = world.store.items[keys.person(OWNER)].read(Person)
    assert seated(person, farm.farm, None).memberships == {}


def test_two_owners_who_leave_at_once_leave_one(world: World, farm: Farm) -> None:
    member(world, farm, ANN, Role.OWNER)
    world.store.interruptions = [lambda: leave_farm(world.ports, farm.farm, ANN)]
    with pytest.raises(Fault) as caught:
        leave_farm(world.ports, farm.farm, OWNER)
    assert fault_of(caught) == ("last_owner", 409)
    assert roles(world, farm.farm) == {OWNER: Role.OWNER}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("turns", [(0, 1) * 4, (0, 0, 0, 1, 1, 1), (1, 1, 0, 0, 0, 0, 1), ()])
def test_owners_who_remove_each_other_leave_one(
    world: World, farm: Farm, turns: tuple[int, ...], order: tuple[int, int]
) -> None:
    member(world, farm, ANN, Role.OWNER)
    refused: list[str] = []

    def remove(asking: str, whom: str) -> Callable[[Ports], None]:
        def job(ports: Ports) -> None:
            try:
                remove_member(ports, farm.farm, asking, member_id(whom))
            except Fault as fault:
                refused.append(fault.code)

        return job

    interleave(world, [remove(OWNER, ANN), remove(ANN, OWNER)], turns, order)
    assert refused == ["not_allowed"]
    assert list(roles(world, farm.farm).values()) == [Role.OWNER]
    assert [line.action for line in acts(world, farm.farm)] == ["remove_member"]


def test_who_is_an_owner_no_more_changes_nothing_with_a_request_under_way(world: World, farm: Farm) -> None:
    member(world, farm, ANN, Role.OWNER)
    member(world, farm, BOB)
    demote = partial(change_member, world.ports, farm.farm, OWNER, member_id(ANN), VIEWER)
    world.store.interruptions = [demote]
    with pytest.raises(Fault) as caught:
        change_member(world.ports, farm.farm, ANN, member_id(BOB), OPERATOR)
    assert fault_of(caught) == ("not_allowed", 403)
    assert roles(world, farm.farm) == {OWNER: Role.OWNER, ANN: Role.VIEWER, BOB: Role.VIEWER}


def test_changes_of_two_members_at_once_both_count(world: World, farm: Farm) -> None:
    member(world, farm, ANN)
    member(world, farm, BOB)
    other = partial(change_member, world.ports, farm.farm, OWNER, member_id(BOB), OPERATOR)
    world.store.interruptions = [other]
    change_member(world.ports, farm.farm, OWNER, member_id(ANN), OPERATOR)
    assert roles(world, farm.farm) == {OWNER: Role.OWNER, ANN: Role.OPERATOR, BOB: Role.OPERATOR}
    assert [line.thing for line in acts(world, farm.farm)] == [f"member {BOB}", f"member {ANN}"]


def test_a_password_set_at_that_moment_is_kept(world: World, farm: Farm) -> None:
    member(world, farm, ANN)
    key = keys.person(ANN)

    def set_password() -> None:
        item = world.store.items[key]
        person = msgspec.structs.replace(item.read(Person), password_hash="another")
        world.store.write(Put(Item.of(key, person, revision=item.revision + 1)))

    world.store.interruptions = [set_password]
    change_member(world.ports, farm.farm, OWNER, member_id(ANN), OPERATOR)
    person = world.store.items[key].read(Person)
    assert (person.password_hash, person.memberships[farm.farm].role) == ("another", Role.OPERATOR)


@pytest.mark.parametrize("failing_call", range(4))
def test_cut_short_all_or_nothing_is_changed(world: World, farm: Farm, failing_call: int) -> None:
    member(world, farm, ANN, Role.OWNER)
    before = dict(world.store.items)
    world.store.failures = [*[None] * failing_call, StoreUnavailable("busy")]
    with pytest.raises(StoreUnavailable):
        remove_member(world.ports, farm.farm, OWNER, member_id(ANN))
    assert world.store.items == before


def test_nothing_different_is_nothing_done(world: World, farm: Farm) -> None:
    member(world, farm, ANN)
    before = dict(world.store.items)
    change_member(world.ports, farm.farm, OWNER, member_id(ANN), VIEWER)
    assert world.store.items == before


def test_pages_of_that_farm_and_member_end_at_once_and_no_others(world: World, farm: Farm) -> None:
    south = world.farm("South", "south@example.test")
    ann = member(world, farm, ANN)
    member(world, south, ANN)
    world.watch(farm, "owner's")
    world.watch(ann, "ann's")
    world.watch(ann, "ann's too")
    world.watch(ann._replace(farm=south.farm), "ann's in the south")
    move_member(
        world.ports, farm.farm, OWNER, lambda _: Move("change_member", ANN, Membership(Role.OPERATOR))
    )
    assert sorted(world.sockets.closed) == ["ann's", "ann's too"]


def test_a_session_goes_on_in_the_other_farms(world: World, farm: Farm) -> None:
    south = world.farm("South", "south@example.test")
    ann = member(world, farm, ANN)
    member(world, south, ANN)
    remove_member(world.ports, farm.farm, OWNER, member_id(ANN))
    with pytest.raises(Fault) as caught:
        world.person(ann)
    assert fault_of(caught) == ("farm_unknown", 404)
    assert world.person(ann._replace(farm=south.farm)).farm == south.farm
    assert authorise_person(world.ports, Proof(ann.cookie), VIEW).farm == south.farm


def test_what_never_holds_is_given_up() -> None:
    waits: list[float] = []
    with pytest.raises(StoreUnavailable):
        tried_again(lambda: None, waits.append)
    assert len(waits) == 19
    assert max(waits) <= 0.2
