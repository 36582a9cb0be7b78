"""Who a session cookie belongs to."""

from __future__ import annotations

from cloud.domain import keys, tokens
from cloud.domain.principals import PersonPrincipal
from cloud.domain.records import Session
from cloud.domain.session_cookie import person_of
from cloud.ports import Ports
from cloud.usecases.find_session import find_session, still_valid
from wire.faults import Fault


def authorise_person(ports: Ports, cookie: str | None) -> PersonPrincipal:
    """The person signed in with `cookie`; raises Fault `not_signed_in` (401)."""
    digest = tokens.sha256(cookie or "")
    session = _valid_session(ports, digest, person_of(cookie)) if cookie else None
    if session is None:
        raise Fault("not_signed_in", "Please sign in.", status=401)
    return PersonPrincipal(session.email, session.farm, digest)


def _valid_session(ports: Ports, digest: str, email: str | None) -> Session | None:
    """One read, if the cookie named the person."""
    if email is None:
        return find_session(ports, digest)
    key, owner = keys.session(digest), keys.person(email)
    found = ports.store.get_many([key, owner])
    if key not in found:
        return None
    session = found[key].read(Session)
    return still_valid(found[key], found.get(owner)) if session.email == email else None
