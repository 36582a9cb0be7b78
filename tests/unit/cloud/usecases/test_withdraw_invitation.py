"""Invitations that are taken back."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.usecases.accept_invitation import accept_invitation
from cloud.usecases.find_invitation import find_invited
from cloud.usecases.list_members import list_members
from cloud.usecases.withdraw_invitation import withdraw_invitation
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.seats import ANN, acts, fault_of, invited, roles, secret_of
from wire.faults import Fault
from wire.people import Role


def test_its_link_leads_nowhere(world: World, farm: Farm) -> None:
    world.farm("South", ANN)
    made = invited(world, farm, email=ANN)
    withdraw_invitation(world.ports, farm.farm, made.invitation.invitation)
    with pytest.raises(Fault) as caught:
        accept_invitation(world.ports, ANN, secret_of(made))
    assert fault_of(caught) == ("invitation_unknown", 404)
    assert list_members(world.ports, farm.farm, OWNER).invitations == []
    assert find_invited(world.ports, ANN) == []
    assert keys.invited(ANN, made.invitation.invitation) not in world.store.items
    assert [line.action for line in acts(world, farm.farm)] == ["invite_person", "withdraw_invitation"]


@pytest.mark.parametrize("whose", ["unknown", "another farm's"])
def test_only_the_farms_own(world: World, farm: Farm, whose: str) -> None:
    south = world.farm("South", "south@example.test")
    theirs = invited(world, south).invitation.invitation
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        withdraw_invitation(world.ports, farm.farm, theirs if whose == "another farm's" else "invitation_x")
    assert fault_of(caught) == ("invitation_unknown", 404)
    assert world.store.items == before


def test_accepted_at_that_moment_it_is_not_withdrawn(world: World, farm: Farm) -> None:
    world.farm("South", ANN)
    made = invited(world, farm)
    world.store.interruptions = [lambda: accept_invitation(world.ports, ANN, secret_of(made))]
    with pytest.raises(Fault) as caught:
        withdraw_invitation(world.ports, farm.farm, made.invitation.invitation)
    assert fault_of(caught) == ("invitation_unknown", 404)
    assert roles(world, farm.farm) == {OWNER: Role.OWNER, ANN: Role.VIEWER}
