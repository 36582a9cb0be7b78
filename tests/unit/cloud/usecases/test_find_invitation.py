"""Open invitations, and what leads to them."""

from __future__ import annotations

import pytest

from cloud.domain.members import member_id
from cloud.usecases.accept_invitation import accept_invitation
from cloud.usecases.change_member import change_member
from cloud.usecases.find_invitation import find_invitation, find_invited, open_invitations
from cloud.usecases.keep_members import find_roll
from cloud.usecases.link_invitation import mail_invitation
from cloud.usecases.withdraw_invitation import withdraw_invitation
from tests.fakes.people import member
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.seats import ANN, BOB, EVE, UNKNOWN_SECRET, fault_of, invited, secret_of
from wire.faults import Fault
from wire.people import MemberChange, NewInvitation, Role


def _unknown(world: World, secret: str) -> bool:
    with pytest.raises(Fault) as caught:
        find_invitation(world.ports, secret)
    return fault_of(caught) == ("invitation_unknown", 404)


def _withdraw(world: World, farm: Farm, made: NewInvitation) -> None:
    withdraw_invitation(world.ports, farm.farm, made.invitation.invitation)


def test_a_secret_leads_to_its_invitation(world: World, farm: Farm) -> None:
    made = [invited(world, farm, email=email) for email in (None, ANN)]
    for each in made:
        found = find_invitation(world.ports, secret_of(each))
        assert found.invitation.invitation == each.invitation.invitation
        assert (found.roll.farm, found.mailed) == (farm.farm, False)


def test_only_digests_of_secrets_are_kept(world: World, farm: Farm) -> None:
    secret = secret_of(invited(world, farm, email=ANN))
    assert len(secret) == 43
    assert not any(
        secret in f"{key}" or secret.encode() in item.body for key, item in world.store.items.items()
    )


@pytest.mark.parametrize("what", ["unknown", "expired", "withdrawn", "accepted", "of a former owner"])
def test_whatever_became_of_it_the_answer_is_the_same(world: World, farm: Farm, what: str) -> None:
    eve = member(world, farm, EVE, Role.OWNER)
    made = invited(world, eve)
    secret = secret_of(made)
    if what == "expired":
        world.clock.advance(world.ports.policy.invitation_s)
    elif what == "withdrawn":
        _withdraw(world, farm, made)
    elif what == "accepted":
        world.farm("South", ANN)
        accept_invitation(world.ports, ANN, secret)
    elif what == "of a former owner":
        change_member(world.ports, farm.farm, OWNER, member_id(EVE), MemberChange(Role.OPERATOR))
    else:
        secret = UNKNOWN_SECRET
    assert _unknown(world, secret)


def test_an_owner_who_is_one_again_does_not_bring_back_old_invitations(world: World, farm: Farm) -> None:
    secret = secret_of(invited(world, member(world, farm, EVE, Role.OWNER)))
    for role in (Role.OPERATOR, Role.OWNER):
        change_member(world.ports, farm.farm, OWNER, member_id(EVE), MemberChange(role))
    assert _unknown(world, secret)
    assert open_invitations(world.ports, find_roll(world.ports, farm.farm, OWNER)) == []


def test_an_address_leads_to_its_open_invitations_and_no_others(world: World, farm: Farm) -> None:
    south = world.farm("South", "south@example.test")
    made = [invited(world, each, email=ANN) for each in (farm, south)]
    invited(world, farm, email=BOB)
    invited(world, farm)
    found = find_invited(world.ports, ANN)
    assert {each.roll.farm for each in found} == {farm.farm, south.farm}
    assert not any(each.mailed for each in found)
    _withdraw(world, south, made[1])
    assert [each.roll.farm for each in find_invited(world.ports, ANN)] == [farm.farm]
    world.clock.advance(world.ports.policy.invitation_s)
    assert find_invited(world.ports, ANN) == []


def test_all_open_ones_of_a_farm_page_after_page() -> None:
    world = World(page_max=2)
    farm = world.farm()
    made = [invited(world, farm) for _ in range(5)]
    _withdraw(world, farm, made.pop())
    found = open_invitations(world.ports, find_roll(world.ports, farm.farm, OWNER))
    assert {each.invitation for each in found} == {each.invitation.invitation for each in made}


def test_links_out_of_letters_are_told_apart(world: World, farm: Farm) -> None:
    made = invited(world, farm, email=ANN)
    mailed = mail_invitation(world.ports, farm.farm, made.invitation.invitation)
    assert mailed is not None
    secret = mailed.link.partition("#/invitation/")[2]
    assert find_invitation(world.ports, secret).mailed
    assert not find_invitation(world.ports, secret_of(made)).mailed
