"""What a link tells whoever holds it."""

from __future__ import annotations

import pytest

from cloud.usecases.look_at_invitation import look_at_invitation
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.seats import ANN, UNKNOWN_SECRET, fault_of, invited, secret_of
from wire.faults import Fault
from wire.people import InvitationOffer, Role


@pytest.mark.parametrize("has_account", [False, True])
def test_the_farm_the_place_and_whether_the_invited_address_has_an_account(
    world: World, farm: Farm, has_account: bool
) -> None:
    if has_account:
        world.farm("South", ANN)
    made = invited(world, farm, Role.VIEWER, ("Ann",), ANN)
    offer = look_at_invitation(world.ports, secret_of(made))
    until = made.invitation.expires_at
    assert offer == InvitationOffer("North", Role.VIEWER, ("Ann",), OWNER, until, ANN, has_account)


def test_without_an_address_nothing_is_told_of_accounts(world: World, farm: Farm) -> None:
    offer = look_at_invitation(world.ports, secret_of(invited(world, farm)))
    assert (offer.email, offer.has_account) == (None, False)


def test_looking_changes_nothing(world: World, farm: Farm) -> None:
    secret = secret_of(invited(world, farm))
    before = dict(world.store.items)
    assert look_at_invitation(world.ports, secret) == look_at_invitation(world.ports, secret)
    assert world.store.items == before


def test_unknown_secret(world: World) -> None:
    with pytest.raises(Fault) as caught:
        look_at_invitation(world.ports, UNKNOWN_SECRET)
    assert fault_of(caught) == ("invitation_unknown", 404)
