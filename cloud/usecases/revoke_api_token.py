"""Ends API tokens before they expire."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.people import ApiToken
from cloud.domain.principals import PersonPrincipal
from cloud.ports import Delete, Ports, Present
from cloud.usecases.keep_audit import commit_audited
from cloud.usecases.list_api_tokens import find_api_tokens, may_end
from wire.faults import Fault


def revoke_api_token(ports: Ports, person: PersonPrincipal, token_id: str) -> None:
    """One's own; an owner's may be anybody's. It stops working at once.

    Raises Fault `token_unknown` (404), for another's token as for one that is not there.
    """
    key = keys.api_token(person.farm, token_id)
    item = ports.store.get(key)
    token = item.read(ApiToken) if item else None
    if token is None or not may_end(person, token):
        raise _unknown()
    before = {"name": token.name, "email": token.email, "role": token.role, "clients": token.clients}
    act = Act("revoke_api_token", f"api_token {token_id}", before=before)
    if not commit_audited(ports, person.farm, act, [Delete(key, Present())]):
        raise _unknown()


def forget_api_tokens(ports: Ports, farm: str, email: str) -> None:
    """Deletes those of somebody who does not belong to the farm, so that none ever works again."""
    for token in find_api_tokens(ports, farm):
        if token.email == email:
            ports.store.write(Delete(keys.api_token(farm, token.token)))


def _unknown() -> Fault:
    return Fault("token_unknown", "There is no such API token.", status=404)
