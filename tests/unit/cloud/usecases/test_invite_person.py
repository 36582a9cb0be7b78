"""Invitations to a farm."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.letters import LetterKind, LetterOrder
from cloud.domain.members import member_id
from cloud.domain.policy import DAY_S, Policy
from cloud.usecases.change_member import change_member
from cloud.usecases.invite_person import LETTERS_FREE, invite_person
from cloud.usecases.send_letters import send_letters
from cloud.usecases.withdraw_invitation import withdraw_invitation
from tests.fakes.mail import FakeMail
from tests.fakes.people import member
from tests.fakes.ports import PUBLIC_URL
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.seats import ANN, BOB, EVE, acts, fault_of, invited, roles, secret_of
from wire.faults import Fault
from wire.people import InvitationRequest, InvitationView, MemberChange, NewInvitation, Role


def _withdraw(world: World, farm: Farm, made: NewInvitation) -> None:
    withdraw_invitation(world.ports, farm.farm, made.invitation.invitation)


def _mail(world: World) -> FakeMail:
    mail = FakeMail()
    world.ports = replace(world.ports, mail=mail)
    return mail


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("email", [None, ANN])
def test_a_link_that_expires(world: World, farm: Farm, role: Role, email: str | None) -> None:
    made = invited(world, farm, role, None, email)
    name, until = made.invitation.invitation, NOW + 7 * DAY_S
    assert made.invitation == InvitationView(name, email, role, None, OWNER, NOW, until)
    assert made.link.startswith(f"{PUBLIC_URL}/#/invitation/")
    assert made.mailed is False
    assert roles(world, farm.farm) == {OWNER: Role.OWNER}


def test_the_log_says_who_is_invited_to_what_and_holds_no_secret(world: World, farm: Farm) -> None:
    made = invited(world, farm, Role.OPERATOR, ("Ann",), ANN)
    (line,) = acts(world, farm.farm)
    assert (line.action, line.thing) == ("invite_person", f"invitation {made.invitation.invitation}")
    assert msgspec.json.decode(line.after) == {"email": ANN, "role": "operator", "clients": ["Ann"]}
    assert secret_of(made) not in f"{line}"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (InvitationRequest(Role.OWNER, ("Ann",)), "owner_sees_all"),
        (InvitationRequest(Role.VIEWER, ()), "bad_clients"),
        (InvitationRequest(Role.VIEWER, ("x" * 81,)), "bad_label"),
        (InvitationRequest(Role.VIEWER, None, "ann"), "bad_email"),
        (InvitationRequest(Role.VIEWER, None, "a\u202enn@example.test"), "bad_email"),
    ],
)
def test_what_makes_no_sense_is_refused(
    world: World, farm: Farm, wanted: InvitationRequest, code: str
) -> None:
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        invite_person(world.ports, farm.farm, OWNER, wanted)
    assert fault_of(caught) == (code, 422)
    assert world.store.items == before


def test_members_are_not_invited_and_nobody_twice(world: World, farm: Farm) -> None:
    member(world, farm, BOB)
    made = invited(world, farm, email=" ANN@example.test")
    for email, code in ((BOB, "member_already"), (OWNER, "member_already"), (ANN, "invited_already")):
        with pytest.raises(Fault) as caught:
            invited(world, farm, email=email)
        assert fault_of(caught) == (code, 409)
    _withdraw(world, farm, made)
    assert invited(world, farm, email=ANN).invitation.email == ANN


def test_another_farm_may_invite_the_same_address(world: World, farm: Farm) -> None:
    invited(world, farm, email=ANN)
    assert invited(world, world.farm("South", "south@example.test"), email=ANN).invitation.email == ANN


def test_members_and_open_invitations_are_so_many_and_no_more(world: World, farm: Farm) -> None:
    world.ports = replace(world.ports, policy=Policy(members_per_farm_max=3))
    member(world, farm, BOB)
    made = invited(world, farm)
    with pytest.raises(Fault) as caught:
        invited(world, farm)
    assert fault_of(caught) == ("farm_full_of_people", 409)
    _withdraw(world, farm, made)
    invited(world, farm)
    world.clock.advance(world.ports.policy.invitation_s)
    invited(world, farm)


def test_two_owners_who_invite_at_once_do_not_invite_one_too_many(world: World, farm: Farm) -> None:
    world.ports = replace(world.ports, policy=Policy(members_per_farm_max=2))
    world.store.interruptions = [lambda: invited(world, farm)]
    with pytest.raises(Fault, match="this one has as many"):
        invited(world, farm)
    assert [line.action for line in acts(world, farm.farm)] == ["invite_person"]


def test_two_who_invite_one_address_at_once_invite_it_once(world: World, farm: Farm) -> None:
    world.store.interruptions = [lambda: invited(world, farm, email=ANN)]
    with pytest.raises(Fault, match="invited already"):
        invited(world, farm, email=ANN)


def test_who_is_an_owner_no_more_invites_nobody_with_a_request_under_way(world: World, farm: Farm) -> None:
    eve = member(world, farm, EVE, Role.OWNER)
    change = MemberChange(Role.VIEWER)
    world.store.interruptions = [lambda: change_member(world.ports, farm.farm, OWNER, member_id(EVE), change)]
    with pytest.raises(Fault) as caught:
        invited(world, eve)
    assert fault_of(caught) == ("not_allowed", 403)


def test_a_letter_goes_to_the_address_with_another_link(world: World, farm: Farm) -> None:
    mail = _mail(world)
    made = invited(world, farm, email=ANN)
    assert made.mailed is True
    key = keys.letter(LetterKind.INVITATION, made.invitation.invitation)
    order = world.store.items[key].read(LetterOrder)
    assert (order.email, order.farm, order.invitation) == (ANN, farm.farm, made.invitation.invitation)
    send_letters(world.ports)
    (letter,) = mail.sent
    assert letter.to == ANN
    assert "/#/invitation/" in letter.text
    assert secret_of(made) not in letter.text


def test_a_withdrawn_invitation_sends_no_letter(world: World, farm: Farm) -> None:
    mail = _mail(world)
    _withdraw(world, farm, invited(world, farm, email=ANN))
    send_letters(world.ports)
    assert mail.sent == []


def test_without_an_address_there_is_no_letter(world: World, farm: Farm) -> None:
    _mail(world)
    assert invited(world, farm).mailed is False
    assert "letterorder" not in world.kinds()


def test_nobody_is_sent_letter_upon_letter(world: World, farm: Farm) -> None:
    _mail(world)
    mailed = []
    for _ in range(5):
        made = invited(world, farm, email=ANN)
        mailed.append(made.mailed)
        _withdraw(world, farm, made)
    assert mailed == [True, True, True, False, False]
    world.clock.advance(3600)
    assert invited(world, farm, email=ANN).mailed


def test_nobody_has_letters_sent_to_the_whole_world(world: World, farm: Farm) -> None:
    _mail(world)
    mailed = [
        invited(world, farm, email=f"p{number}@example.test").mailed for number in range(LETTERS_FREE + 2)
    ]
    assert mailed == [*[True] * LETTERS_FREE, False, False]


def test_what_is_refused_counts_as_no_letter(world: World, farm: Farm) -> None:
    _mail(world)
    member(world, farm, ANN)
    for _ in range(5):
        with pytest.raises(Fault):
            invited(world, farm, email=ANN)
    assert "tries" not in world.kinds()
