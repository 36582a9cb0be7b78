"""Takes an open invitation back."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.people import Invitation
from cloud.ports import Ports
from cloud.usecases.admit_person import burnt
from cloud.usecases.find_invitation import unknown
from cloud.usecases.keep_audit import commit_audited


def withdraw_invitation(ports: Ports, farm: str, invitation_id: str) -> None:
    """Its links lead nowhere from now on; raises Fault `invitation_unknown` (404)."""
    item = ports.store.get(keys.invitation(farm, invitation_id))
    if item is None:
        raise unknown()
    invitation = item.read(Invitation)
    told = {"email": invitation.email, "role": invitation.role, "clients": invitation.clients}
    act = Act("withdraw_invitation", f"invitation {invitation_id}", before=told)
    if not commit_audited(ports, farm, act, burnt(farm, invitation)):
        raise unknown()
