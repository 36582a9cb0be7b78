"""Ends a session."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.ports import Delete, Ports
from cloud.usecases.close_socket import end_sockets


def sign_out(ports: Ports, email: str, session: str) -> None:
    """The session's cookie stops working at once, and no more figures go to its pages."""
    ports.store.write(Delete(keys.session(email, session)))
    item = ports.store.get(keys.person(email))
    if item is not None:
        end_sockets(ports, item.read(Person).memberships, email, session)
