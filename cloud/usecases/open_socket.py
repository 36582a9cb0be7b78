"""Takes a ticket and registers the new connection for its farm's changes."""

from __future__ import annotations

from cloud.domain import keys, tokens
from cloud.domain.people import Connection, Ticket
from cloud.ports import Delete, Ports, Present
from cloud.usecases.find_session import find_membership
from cloud.usecases.renew_socket import keep_connection
from wire.faults import Fault


def open_socket(ports: Ports, connection: str, ticket: str) -> None:
    """Burns the ticket; raises Fault `ticket_refused` (401) when it, or its session, holds no more."""
    key = keys.ticket(tokens.sha256(ticket))
    item = ports.store.get(key)
    if item is None or not ports.store.write(Delete(key, Present())):
        raise _refusal()
    told = item.read(Ticket)
    membership = find_membership(ports, told.email, told.session, told.farm)
    if membership is None:
        raise _refusal()
    record = Connection(told.farm, connection, told.email, told.session, membership.clients)
    keep_connection(ports, record)


def _refusal() -> Fault:
    return Fault("ticket_refused", "The ticket is unknown, used or too old.", status=401)
