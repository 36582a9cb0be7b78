"""Ends a session."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.principals import PersonPrincipal
from cloud.ports import Delete, Ports


def sign_out(ports: Ports, person: PersonPrincipal) -> None:
    """The session's cookie stops working at once."""
    ports.store.write(Delete(keys.session(person.session)))
