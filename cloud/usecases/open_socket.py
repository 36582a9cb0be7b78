"""Takes a ticket and registers the new connection for its farm's changes."""

from __future__ import annotations

from cloud.domain import keys, tokens
from cloud.domain.records import Connection, Ticket, Watch
from cloud.ports import Delete, Item, Ports, Present, Put
from wire.faults import Fault


def open_socket(ports: Ports, connection: str, ticket: str) -> None:
    """Burns the ticket; raises Fault `ticket_refused` (401) when it is unknown, used or too old."""
    key = keys.ticket(tokens.sha256(ticket))
    item = ports.store.get(key)
    if item is None or not ports.store.write(Delete(key, Present())):
        raise Fault("ticket_refused", "The ticket is unknown, used or too old.", status=401)
    told = item.read(Ticket)
    farm = told.farm
    expires_at = ports.clock() + ports.policy.watch_s
    record = Connection(farm, connection, told.session)
    ports.store.commit(
        [
            Put(Item.of(keys.connection(connection), record, expires_at=expires_at)),
            Put(Item.of(keys.farm_connection(farm, connection), record, expires_at=expires_at)),
            Put(Item.of(keys.watch(farm), Watch(farm), expires_at=expires_at)),
        ]
    )
