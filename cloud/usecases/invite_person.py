"""Invites somebody to a farm: whoever holds the link, or one address alone."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.letters import LetterKind, LetterOrder
from cloud.domain.members import check_owner, check_places, checked_clients, checked_email
from cloud.domain.people import Invitation, InvitationLink
from cloud.domain.tokens import sha256
from cloud.ports import Absent, Item, Ports, Put, Write
from cloud.usecases.find_invitation import open_invitations
from cloud.usecases.keep_audit import commit_audited
from cloud.usecases.keep_members import Roll, find_roll, roll_write, tried_again
from cloud.usecases.limit_tries import Limit, is_tried, of_letters
from cloud.usecases.link_invitation import link_of, link_put
from cloud.usecases.list_members import invitation_view
from cloud.usecases.post_letter import letter_put
from wire.faults import Fault
from wire.people import InvitationRequest, NewInvitation

LETTERS_FREE = 20
"""Letters that one owner may have sent to others at once."""


def invite_person(ports: Ports, farm: str, asking: str, wanted: InvitationRequest) -> NewInvitation:
    """The link, shown this once; a letter with another one goes to the address where letters can be sent.

    Raises Fault `bad_email`, `owner_sees_all`, `bad_clients` or `bad_label` (422), `member_already`,
    `invited_already`, `farm_full_of_people` or `limits_too_long` (409), or `not_allowed` (403) when
    `asking` is an owner no more. Who has had many letters sent, or is sent many, gets no more for a while:
    then `mailed` is false.
    """
    begun, secret = find_roll(ports, farm, asking), ports.randomness.new_secret()
    invitation = _invitation(ports, begun, asking, wanted)
    link = InvitationLink(farm, invitation.invitation)
    writes = [link_put(secret, link, invitation), *_kept(farm, invitation)]
    _check(ports, begun, invitation)
    letters = _letters(ports, farm, invitation)

    def attempt() -> bool | None:
        roll = find_roll(ports, farm, asking)
        _check(ports, roll, invitation)
        # The roll is written as it is, so that of two owners who invite at once one counts the other's.
        return _commit(ports, farm, invitation, [*writes, *letters, roll_write(roll, roll.members)])

    tried_again(attempt)
    return NewInvitation(invitation_view(invitation), link_of(ports, secret), mailed=bool(letters))


def _invitation(ports: Ports, roll: Roll, asking: str, wanted: InvitationRequest) -> Invitation:
    check_owner(roll.members, asking)
    now = ports.clock()
    return Invitation(
        ports.randomness.new_id("invitation"),
        None if wanted.email is None else checked_email(wanted.email),
        wanted.role,
        checked_clients(wanted.role, wanted.clients),
        asking,
        now,
        now + ports.policy.invitation_s,
        roll.members[asking].since,
    )


def _check(ports: Ports, roll: Roll, invitation: Invitation) -> None:
    check_owner(roll.members, invitation.invited_by)
    invited, email = open_invitations(ports, roll), invitation.email
    if email is not None and email in roll.members:
        raise Fault("member_already", f"{email} belongs to this farm already.", "email", status=409)
    if email is not None and any(each.email == email for each in invited):
        message = f"{email} is invited already: withdraw that invitation first."
        raise Fault("invited_already", message, "email", status=409)
    most = ports.policy.members_per_farm_max
    if len(roll.members) + len(invited) >= most:
        message = f"A farm has at most {most} members and open invitations, and this one has as many."
        raise Fault("farm_full_of_people", message, status=409)
    check_places(roll.members, [*invited, invitation])


def _kept(farm: str, invitation: Invitation) -> list[Write]:
    """The invitation, and where there is an address the way to it from there."""
    key, until = keys.invitation(farm, invitation.invitation), invitation.expires_at
    kept: list[Write] = [Put(Item.of(key, invitation, expires_at=until), Absent())]
    if invitation.email is not None:
        found_by = keys.invited(invitation.email, invitation.invitation)
        kept.append(Put(Item.of(found_by, InvitationLink(farm, invitation.invitation), expires_at=until)))
    return kept


def _letters(ports: Ports, farm: str, invitation: Invitation) -> list[Write]:
    """At most one. Farms are free to make, so letters to strangers are counted by who has them sent."""
    if ports.mail is None or invitation.email is None:
        return []
    by_sender = Limit(keys.tries(sha256(f"invitations\n{invitation.invited_by}")), LETTERS_FREE)
    if not is_tried(ports, [by_sender, of_letters(invitation.email)]):
        return []
    order = LetterOrder(LetterKind.INVITATION, invitation.email, farm, invitation.invitation)
    return [letter_put(order, ports.clock())]


def _commit(ports: Ports, farm: str, invitation: Invitation, writes: list[Write]) -> bool | None:
    told = {"email": invitation.email, "role": invitation.role, "clients": invitation.clients}
    act = Act("invite_person", f"invitation {invitation.invitation}", after=told)
    return commit_audited(ports, farm, act, writes) or None
