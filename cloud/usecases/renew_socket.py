"""Answers a page's ping and keeps its connection alive, its farm watched and what it shows quickened."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cloud.domain import keys
from cloud.domain.records import Cadence, Connection
from cloud.ports import Item, Ports, Put
from cloud.usecases.keep_cadence import change_cadence
from wire.codec import encode
from wire.live import Pong

VISIBLE_MAX = 50
"""Machines of a farm that are quickened at once; those looked at last stay."""


def renew_socket(ports: Ports, connection: str) -> bool:
    """False when the connection is not registered, or its session has ended: then it should be closed."""
    record = find_connection(ports, connection)
    if record is None:
        return False
    keep_connection(ports, record)
    return ports.sockets.send(connection, encode(Pong(ports.clock())))


def look_at(ports: Ports, connection: str, machines: Sequence[str]) -> bool:
    """Quickens machines that are on a screen, for a while; False as `renew_socket`."""
    record = find_connection(ports, connection)
    if record is None:
        return False
    now = ports.clock()
    until = now + ports.policy.watch_s

    def quicken(cadence: Cadence) -> Cadence:
        known = {machine: end for machine, end in cadence.visible.items() if end > now}
        newest = sorted((known | dict.fromkeys(machines, until)).items(), key=lambda pair: -pair[1])
        watched_until = max(until, cadence.watched_until)
        visible = dict(newest[:VISIBLE_MAX])
        return msgspec.structs.replace(cadence, watched_until=watched_until, visible=visible)

    change_cadence(ports, record.farm, quicken)
    return True


def find_connection(ports: Ports, connection: str) -> Connection | None:
    """The registered connection, as long as its session lasts."""
    item = ports.store.get(keys.connection(connection))
    record = item.read(Connection) if item else None
    if record is None or ports.store.get(keys.session(record.session)) is None:
        return None
    return record


def keep_connection(ports: Ports, record: Connection) -> None:
    """The connection is known, and its farm watched, until a ping is overdue."""
    farm, expires_at = record.farm, ports.clock() + ports.policy.watch_s
    ports.store.commit(
        [
            Put(Item.of(keys.connection(record.connection), record, expires_at=expires_at)),
            Put(Item.of(keys.farm_connection(farm, record.connection), record, expires_at=expires_at)),
        ]
    )

    def watch(cadence: Cadence) -> Cadence:
        return msgspec.structs.replace(cadence, watched_until=max(expires_at, cadence.watched_until))

    change_cadence(ports, farm, watch)
