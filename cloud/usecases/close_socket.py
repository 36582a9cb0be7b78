"""Forgets connections that have gone, and ends those that must go."""

from __future__ import annotations

from collections.abc import Iterable

from cloud.domain import keys
from cloud.domain.people import Connection
from cloud.ports import Delete, Ports, every


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


def find_connections(ports: Ports, farm: str) -> list[Connection]:
    """The open sockets of a farm."""
    prefix = keys.CONNECTION_PREFIX
    found = every(ports.store, keys.connections_pk(farm), prefix, prefix + "~")
    return [item.read(Connection) for item in found]


def end_sockets(ports: Ports, farms: Iterable[str], email: str, session: str | None = None) -> None:
    """Forgets and closes a person's sockets in `farms`, those of one session or all.

    Who still may, comes back by itself.
    """
    for farm in farms:
        for connection in find_connections(ports, farm):
            if connection.email == email and session in (None, connection.session):
                forget_connection(ports, connection)
                ports.sockets.close(connection.connection)
