"""Forgets a connection that has gone."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.records import Connection
from cloud.ports import Delete, Ports


def close_socket(ports: Ports, connection: str) -> None:
    """Does nothing when the connection is not known."""
    item = ports.store.get(keys.connection(connection))
    if item is None:
        return
    farm = item.read(Connection).farm
    ports.store.commit(
        [
            Delete(keys.connection(connection)),
            Delete(keys.farm_connection(farm, connection)),
        ]
    )
