"""Tells whoever holds a link what it invites to."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.records import Farm
from cloud.ports import Ports
from cloud.usecases.find_invitation import find_invitation
from wire.people import InvitationOffer


def look_at_invitation(ports: Ports, secret: str) -> InvitationOffer:
    """Of accounts it tells one thing alone: whether the invited address has one.

    Raises Fault `invitation_unknown` (404).
    """
    invitation, roll, _ = find_invitation(ports, secret)
    farm, email = ports.store.get(keys.farm(roll.farm)), invitation.email
    return InvitationOffer(
        farm_name=farm.read(Farm).name if farm else roll.farm,
        role=invitation.role,
        clients=invitation.clients,
        invited_by=invitation.invited_by,
        expires_at=invitation.expires_at,
        email=email,
        has_account=email is not None and ports.store.get(keys.person(email)) is not None,
    )
