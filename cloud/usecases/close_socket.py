"""Forgets a connection that has gone."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.records import Connection
from cloud.ports import Delete, Ports


def close_socket(ports: Ports, connection: str) -> None:
    """Does nothing when the connection is not known."""
    item = ports.store.get(keys.connection(connection))
    if item is not None:
        forget_connection(ports, item.read(Connection))


def forget_connection(ports: Ports, gone: Connection) -> None:
    """Nothing is sent to it any more."""
    ports.store.commit(
        [
            Delete(keys.connection(gone.connection)),
            Delete(keys.farm_connection(gone.farm, gone.connection)),
        ]
    )
