"""Finds open invitations: by the secret of a link, by the invited address, and all of a farm."""

from __future__ import annotations

from typing import NamedTuple

from cloud.domain import keys, tokens
from cloud.domain.people import Invitation, InvitationLink
from cloud.ports import Item, Ports, every
from cloud.usecases.keep_members import Roll, find_roll
from wire.faults import Fault
from wire.people import Role


class OpenInvitation(NamedTuple):
    """An invitation that can be accepted now. `mailed`: whoever shows it has read the address's letters."""

    invitation: Invitation
    roll: Roll
    mailed: bool


def find_invitation(ports: Ports, secret: str) -> OpenInvitation:
    """What the secret of a link invites to; raises Fault `invitation_unknown` (404)."""
    found = _follow(ports, ports.store.get(keys.invitation_link(tokens.sha256(secret))))
    if found is None:
        raise unknown()
    return found


def find_invited(ports: Ports, email: str) -> list[OpenInvitation]:
    """The open invitations to that very address, in whatever farm; none of them is marked `mailed`."""
    prefix = keys.INVITED_PREFIX
    links = list(every(ports.store, keys.person_pk(email), prefix, prefix + "~"))
    return [found for link in links if (found := _follow(ports, link)) is not None]


def open_invitations(ports: Ports, roll: Roll) -> list[Invitation]:
    """All of a farm. They hold for the maker's term as owner, lest a removed one come back."""
    prefix = keys.INVITATION_PREFIX
    found = every(ports.store, keys.farm_pk(roll.farm), prefix, prefix + "~")
    return [each for item in found if _holds(each := item.read(Invitation), roll)]


def unknown() -> Fault:
    """The same whatever became of an invitation, and for a secret that never was."""
    message = "This invitation is used, withdrawn, expired or unknown; ask for another one."
    return Fault("invitation_unknown", message, status=404)


def _follow(ports: Ports, link: Item | None) -> OpenInvitation | None:
    if link is None:
        return None
    to = link.read(InvitationLink)
    item = ports.store.get(keys.invitation(to.farm, to.invitation))
    if item is None:
        return None
    invitation = item.read(Invitation)
    roll = find_roll(ports, to.farm, invitation.invited_by)
    return OpenInvitation(invitation, roll, to.mailed) if _holds(invitation, roll) else None


def _holds(invitation: Invitation, roll: Roll) -> bool:
    place = roll.members.get(invitation.invited_by)
    return place is not None and place.role is Role.OWNER and place.since == invitation.since
