"""Lets somebody into a farm by an open invitation, which is burnt by it."""

from __future__ import annotations

from dataclasses import replace

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.members import canonical_email
from cloud.domain.people import Invitation, Membership, Person
from cloud.domain.principals import Actor
from cloud.ports import Delete, Ports, Present, Write
from cloud.usecases.find_invitation import OpenInvitation
from cloud.usecases.keep_audit import commit_audited
from cloud.usecases.keep_members import person_write, roll_write, seated
from cloud.usecases.revoke_api_token import forget_api_tokens
from wire.faults import Fault


def admit_person(ports: Ports, opened: OpenInvitation, person: Person, revision: int) -> bool:
    """The person, kept at `revision` (0: a new account), belongs to the farm from now on.

    False when something changed since it was read. Raises Fault `invited_another`, `member_already` or
    `too_many_farms` (409).
    """
    invitation, roll, _ = opened
    _check(ports, opened, person)
    # Whoever belonged to the farm before may have left keys behind, which would work again.
    forget_api_tokens(ports, roll.farm, person.email)
    place = Membership(invitation.role, invitation.clients, ports.clock(), roll.revision + 1)
    writes = [
        roll_write(roll, {**roll.members, person.email: place}),
        person_write(seated(person, roll.farm, place), revision),
        *burnt(roll.farm, invitation),
    ]
    told = {"email": person.email, "role": place.role, "clients": place.clients}
    act = Act("accept_invitation", f"invitation {invitation.invitation}", after=told)
    named = replace(ports, actor=Actor(person.email, ports.actor.address))
    return commit_audited(named, roll.farm, act, writes)


def burnt(farm: str, invitation: Invitation) -> list[Write]:
    """What ends an open invitation, once."""
    gone: list[Write] = [Delete(keys.invitation(farm, invitation.invitation), Present())]
    if invitation.email is not None:
        gone.append(Delete(keys.invited(invitation.email, invitation.invitation)))
    return gone


def check_invited(invitation: Invitation, email: str) -> None:
    """Raises Fault `invited_another` (409)."""
    if invitation.email not in (None, email, canonical_email(email)):
        message = f"This invitation is for {invitation.email}, not for {email}."
        raise Fault("invited_another", message, "email", status=409)


def check_room_for_farm(ports: Ports, person: Person) -> None:
    """Raises Fault `too_many_farms` (409)."""
    most = ports.policy.farms_per_person_max
    if len(person.memberships) >= most:
        message = f"You belong to {most} farms, as many as one person may."
        raise Fault("too_many_farms", message, status=409)


def _check(ports: Ports, opened: OpenInvitation, person: Person) -> None:
    check_invited(opened.invitation, person.email)
    if person.email in opened.roll.members:
        raise Fault("member_already", "You belong to this farm already.", status=409)
    check_room_for_farm(ports, person)
