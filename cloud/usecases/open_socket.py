"""Takes a ticket and registers the new connection for its farm's changes."""

from __future__ import annotations

from cloud.domain import keys, tokens
from cloud.domain.records import Connection, Ticket
from cloud.ports import Delete, Ports, Present
from cloud.usecases.renew_socket import keep_connection
from wire.faults import Fault


def open_socket(ports: Ports, connection: str, ticket: str) -> None:
    """Burns the ticket; raises Fault `ticket_refused` (401) when it is unknown, used or too old."""
    key = keys.ticket(tokens.sha256(ticket))
    item = ports.store.get(key)
    if item is None or not ports.store.write(Delete(key, Present())):
        raise Fault("ticket_refused", "The ticket is unknown, used or too old.", status=401)
    told = item.read(Ticket)
    keep_connection(ports, Connection(told.farm, connection, told.session))
