"""Another role, another limit."""

from __future__ import annotations

import msgspec
import pytest
from msgspec import UNSET

from cloud.domain.members import member_id
from cloud.usecases.change_member import change_member
from tests.fakes.people import member
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.seats import ANN, acts, fault_of, places
from wire.faults import Fault
from wire.people import MemberChange, MemberView, Role


def _change(world: World, farm: Farm, change: MemberChange, email: str = ANN) -> MemberView:
    return change_member(world.ports, farm.farm, farm.email, member_id(email), change)


@pytest.mark.parametrize("role", list(Role))
def test_another_role(world: World, farm: Farm, role: Role) -> None:
    member(world, farm, ANN)
    world.clock.advance(9)
    changed = _change(world, farm, MemberChange(role))
    assert changed == MemberView(member_id(ANN), ANN, role, None, NOW)
    assert places(world, farm.farm)[ANN].role is role


def test_what_is_left_out_stays(world: World, farm: Farm) -> None:
    member(world, farm, ANN, Role.VIEWER, ("Ann",))
    assert _change(world, farm, MemberChange(Role.OPERATOR)).clients == ("Ann",)
    assert _change(world, farm, MemberChange(clients=("Bob",))).role is Role.OPERATOR
    assert _change(world, farm, MemberChange(clients=None)).clients is None
    unset = MemberChange()
    assert (unset.role, unset.clients) == (UNSET, UNSET)


def test_a_limited_member_becomes_owner_only_with_the_limit_taken_away(world: World, farm: Farm) -> None:
    member(world, farm, ANN, Role.VIEWER, ("Ann",))
    with pytest.raises(Fault) as caught:
        _change(world, farm, MemberChange(Role.OWNER))
    assert fault_of(caught) == ("owner_sees_all", 422)
    assert _change(world, farm, MemberChange(Role.OWNER, None)).role is Role.OWNER


@pytest.mark.parametrize("clients", [(), ("Ann",)])
def test_an_owner_gets_no_limit(world: World, farm: Farm, clients: tuple[str, ...]) -> None:
    member(world, farm, ANN, Role.OWNER)
    with pytest.raises(Fault) as caught:
        _change(world, farm, MemberChange(clients=clients))
    assert fault_of(caught) == ("owner_sees_all", 422)


def test_the_last_owner_stays_one(world: World, farm: Farm) -> None:
    member(world, farm, ANN, Role.OPERATOR)
    with pytest.raises(Fault) as caught:
        _change(world, farm, MemberChange(Role.OPERATOR), OWNER)
    assert fault_of(caught) == ("last_owner", 409)
    _change(world, farm, MemberChange(Role.OWNER))
    assert _change(world, farm, MemberChange(Role.OPERATOR), OWNER).role is Role.OPERATOR


@pytest.mark.parametrize("whose", ["unknown", "of another farm", "an address"])
def test_unknown_members_and_those_of_other_farms_look_alike(world: World, farm: Farm, whose: str) -> None:
    member(world, world.farm("South", "south@example.test"), ANN)
    asked = {"unknown": "0" * 32, "of another farm": member_id(ANN), "an address": OWNER}[whose]
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        change_member(world.ports, farm.farm, OWNER, asked, MemberChange(Role.VIEWER))
    assert fault_of(caught) == ("member_unknown", 404)
    assert world.store.items == before


def test_a_changed_limit_ends_the_members_pages(world: World, farm: Farm) -> None:
    world.watch(member(world, farm, ANN), "ann's")
    _change(world, farm, MemberChange(clients=("Ann",)))
    assert world.sockets.closed == ["ann's"]


def test_before_and_after_stand_in_the_log(world: World, farm: Farm) -> None:
    member(world, farm, ANN)
    _change(world, farm, MemberChange(Role.OPERATOR, ("Bob",)))
    (line,) = acts(world, farm.farm)
    assert (line.action, line.thing) == ("change_member", f"member {ANN}")
    assert msgspec.json.decode(line.before) == {"role": "viewer", "clients": None}
    assert msgspec.json.decode(line.after) == {"role": "operator", "clients": ["Bob"]}
