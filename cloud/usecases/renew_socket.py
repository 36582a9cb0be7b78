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
    keep_connection(ports, record)
    return ports.sockets.send(connection, encode(Pong(ports.clock())))


def keep_connection(ports: Ports, record: Connection) -> None:
    """The connection is known, and its farm watched, until a ping is overdue."""
    farm, expires_at = record.farm, ports.clock() + ports.policy.watch_s
    ports.store.commit(
        [
            Put(Item.of(keys.connection(record.connection), record, expires_at=expires_at)),
            Put(Item.of(keys.farm_connection(farm, record.connection), record, expires_at=expires_at)),
            Put(Item.of(keys.watch(farm), Watch(farm), expires_at=expires_at)),
        ]
    )
