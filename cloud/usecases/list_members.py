"""Lists who belongs to a farm, and who is invited."""

from __future__ import annotations

from cloud.domain.members import member_view
from cloud.domain.people import Invitation
from cloud.ports import Ports
from cloud.usecases.find_invitation import open_invitations
from cloud.usecases.keep_members import find_roll
from wire.people import InvitationView, MemberList


def list_members(ports: Ports, farm: str, asking: str) -> MemberList:
    """By address; invitations without one come first, the oldest before the others."""
    roll = find_roll(ports, farm, asking)
    invitations = sorted(
        open_invitations(ports, roll), key=lambda each: (each.email or "", each.created_at, each.invitation)
    )
    return MemberList(
        members=[member_view(email, place) for email, place in sorted(roll.members.items())],
        invitations=[invitation_view(each) for each in invitations],
    )


def invitation_view(invitation: Invitation) -> InvitationView:
    """An invitation as owners see it: no secret leads from it to a seat."""
    return InvitationView(
        invitation.invitation,
        invitation.email,
        invitation.role,
        invitation.clients,
        invitation.invited_by,
        invitation.created_at,
        invitation.expires_at,
    )
