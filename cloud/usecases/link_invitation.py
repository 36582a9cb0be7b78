"""Makes secrets that lead to an invitation."""

from __future__ import annotations

from typing import NamedTuple

from cloud.domain import keys, tokens
from cloud.domain.people import Invitation, InvitationLink
from cloud.domain.records import Farm
from cloud.ports import Absent, Item, Ports, Put


class MailedLink(NamedTuple):
    """What a letter to somebody who is invited says."""

    link: str
    farm_name: str
    invitation: Invitation


def mail_invitation(ports: Ports, farm: str, invitation_id: str) -> MailedLink | None:
    """A new link to go into a letter and nowhere else; None when the invitation is not open any more.

    Links of earlier letters work as well, as long as the invitation is open.
    """
    kept = keys.invitation(farm, invitation_id)
    found = ports.store.get_many([kept, keys.farm(farm)])
    if len(found) < 2:
        return None
    invitation = found[kept].read(Invitation)
    secret = ports.randomness.new_secret()
    ports.store.write(link_put(secret, InvitationLink(farm, invitation_id, mailed=True), invitation))
    return MailedLink(link_of(ports, secret), found[keys.farm(farm)].read(Farm).name, invitation)


def link_put(secret: str, link: InvitationLink, invitation: Invitation) -> Put:
    """What lets the secret lead to the invitation until it expires."""
    key = keys.invitation_link(tokens.sha256(secret))
    return Put(Item.of(key, link, expires_at=invitation.expires_at), Absent())


def link_of(ports: Ports, secret: str) -> str:
    """The page's address for an invitation; what stands after `#` reaches no server and no log."""
    return f"{ports.public_url}/#/invitation/{secret}"
