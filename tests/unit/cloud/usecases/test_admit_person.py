"""Whoever is admitted belongs to the farm, and the invitation is burnt, in one go."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.people import Membership, Person
from cloud.domain.permissions import VIEW
from cloud.domain.principals import Actor
from cloud.ports import StoreUnavailable
from cloud.usecases.admit_person import admit_person
from cloud.usecases.authorise_person import Proof, authorise_person
from cloud.usecases.find_invitation import OpenInvitation, find_invitation, find_invited
from cloud.usecases.withdraw_invitation import withdraw_invitation
from tests.fakes.people import bearer_of
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.seats import ANN, acts, fault_of, invited, places, secret_of
from wire.faults import Fault
from wire.people import Role


def _opened(world: World, farm: Farm, email: str | None = None) -> OpenInvitation:
    made = invited(world, farm, Role.OPERATOR, ("Ann",), email)
    return find_invitation(world.ports, secret_of(made))


def _new(email: str = ANN) -> Person:
    return Person(email, "", "a hash", NOW)


def test_the_place_is_that_of_the_invitation(world: World, farm: Farm) -> None:
    opened = _opened(world, farm)
    world.clock.advance(60)
    assert admit_person(world.ports, opened, _new(), 0)
    assert places(world, farm.farm)[ANN] == Membership(Role.OPERATOR, ("Ann",), NOW + 60, since=3)
    assert not any(item.kind == "invitation" for item in world.store.items.values())


def test_the_log_names_who_came_and_from_where(world: World, farm: Farm) -> None:
    opened = _opened(world, farm)
    admit_person(replace(world.ports, actor=Actor("", "192.0.2.1")), opened, _new(), 0)
    line = acts(world, farm.farm)[-1]
    assert (line.by, line.address, line.action) == (ANN, "192.0.2.1", "accept_invitation")
    assert line.thing == f"invitation {opened.invitation.invitation}"
    assert msgspec.json.decode(line.after) == {"email": ANN, "role": "operator", "clients": ["Ann"]}


def test_a_provider_may_vouch_for_the_invited_address(world: World, farm: Farm) -> None:
    invited(world, farm, email=ANN)
    (opened,) = find_invited(world.ports, ANN)
    assert admit_person(world.ports, opened, _new(), 0)
    assert find_invited(world.ports, ANN) == []


def test_nothing_is_admitted_by_halves(world: World, farm: Farm) -> None:
    opened = _opened(world, farm)
    before = dict(world.store.items)
    for failing_call in range(3):
        world.store.failures = [*[None] * failing_call, StoreUnavailable("busy")]
        with pytest.raises(StoreUnavailable):
            admit_person(world.ports, opened, _new(), 0)
        assert world.store.items == before


def test_what_changed_meanwhile_is_told(world: World, farm: Farm) -> None:
    opened = _opened(world, farm)
    withdraw_invitation(world.ports, farm.farm, opened.invitation.invitation)
    assert not admit_person(world.ports, opened, _new(), 0)
    opened = _opened(world, farm)
    invited(world, farm)
    assert not admit_person(world.ports, opened, _new(), 0)
    assert not admit_person(world.ports, _opened(world, farm), _new(), 7)
    assert list(places(world, farm.farm)) == [OWNER]


def test_another_address_a_member_and_who_has_too_many_farms_are_refused(world: World, farm: Farm) -> None:
    ports = replace(world.ports, policy=replace(world.ports.policy, farms_per_person_max=1))
    south = world.farm("South", "south@example.test")
    busy = world.store.items[keys.person(south.email)].read(Person)
    cases = [
        (_opened(world, farm, "else@example.test"), _new(), "invited_another"),
        (_opened(world, farm), _new(OWNER), "member_already"),
        (_opened(world, farm), busy, "too_many_farms"),
    ]
    for opened, person, code in cases:
        with pytest.raises(Fault) as caught:
            admit_person(ports, opened, person, 1)
        assert fault_of(caught) == (code, 409)
    assert list(places(world, farm.farm)) == [OWNER]


def test_keys_left_from_an_earlier_membership_do_not_work_again(world: World, farm: Farm) -> None:
    """As when the commander died between taking a member out and deleting their tokens."""
    bearer = bearer_of(world, farm.farm, ANN)
    assert admit_person(world.ports, _opened(world, farm), _new(), 0)
    with pytest.raises(Fault) as caught:
        authorise_person(world.ports, Proof(authorization=bearer), VIEW)
    assert fault_of(caught) == ("token_wrong", 401)
