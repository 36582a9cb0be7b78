"""Ends a session."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.people import Person
from cloud.ports import Delete, Ports, Present
from cloud.usecases.close_socket import end_sockets
from cloud.usecases.keep_audit import note_account


def sign_out(ports: Ports, email: str, session: str) -> None:
    """The session's cookie stops working at once, and no more figures go to its pages."""
    note_account(
        ports, Act("sign_out", f"account {email}"), [Delete(keys.session(email, session), Present())]
    )
    item = ports.store.get(keys.person(email))
    if item is not None:
        end_sockets(ports, item.read(Person).memberships, email, session)
