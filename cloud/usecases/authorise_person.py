"""Who a session cookie belongs to."""

from __future__ import annotations

from cloud.domain import keys, tokens
from cloud.domain.principals import PersonPrincipal
from cloud.domain.records import Session
from cloud.ports import Ports
from wire.faults import Fault


def authorise_person(ports: Ports, cookie: str | None) -> PersonPrincipal:
    """The person signed in with `cookie`; raises Fault `not_signed_in` (401)."""
    digest = tokens.sha256(cookie or "")
    item = ports.store.get(keys.session(digest)) if cookie else None
    if item is None:
        raise Fault("not_signed_in", "Please sign in.", status=401)
    session = item.read(Session)
    return PersonPrincipal(session.email, session.farm, digest)
