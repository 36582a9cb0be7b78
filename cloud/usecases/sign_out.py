"""Ends a session."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.principals import PersonPrincipal
from cloud.ports import Delete, Ports
from cloud.usecases.close_socket import end_sockets


def sign_out(ports: Ports, person: PersonPrincipal) -> None:
    """The session's cookie stops working at once, and no more figures go to its pages."""
    ports.store.write(Delete(keys.session(person.session)))
    end_sockets(ports, person.farm, person.session)
