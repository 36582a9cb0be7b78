"""Answers a page's ping and keeps its connection and its farm's watch alive."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.records import Connection, Watch
from cloud.ports import Item, Ports, Put
from wire.codec import encode
from wire.live import Pong


def renew_socket(ports: Ports, connection: str) -> bool:
    """False when the connection is not registered, or its session has ended: then it should be closed."""
    item = ports.store.get(keys.connection(connection))
    if item is None:
        return False
    record = item.read(Connection)
    if ports.store.get(keys.session(record.session)) is None:
        return False
    now = ports.clock()
    expires_at = now + ports.policy.watch_s
    own, in_farm = keys.connection(connection), keys.farm_connection(record.farm, connection)
    ports.store.commit(
        [
            Put(Item.of(own, record, expires_at=expires_at)),
            Put(Item.of(in_farm, record, expires_at=expires_at)),
            Put(Item.of(keys.watch(record.farm), Watch(record.farm), expires_at=expires_at)),
        ]
    )
    return ports.sockets.send(connection, encode(Pong(now)))
