"""Answers a page's ping and keeps its connection alive, its farm watched and what it shows quickened."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import msgspec

from cloud.domain import keys
from cloud.domain.people import Connection
from cloud.domain.records import Cadence, Machine
from cloud.ports import Item, Ports, Put, StoreUnavailable
from cloud.usecases.find_session import find_membership
from cloud.usecases.keep_cadence import change_cadence
from wire.codec import encode
from wire.live import Pong

_log = logging.getLogger(__name__)
ENOUGH_S = 20
"""What lasts to within so many seconds of what is asked is not prolonged.

So pages that come back at once do not all write one item. A page looks each 60 s, and the rest of the
90 s is longer than that.
"""
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
    machines = _seen(ports, record, machines)
    now = ports.clock()
    until = now + ports.policy.watch_s

    def quicken(cadence: Cadence) -> Cadence:
        enough = until - ENOUGH_S
        seen = all(cadence.visible.get(machine, 0) >= enough for machine in machines)
        if seen and cadence.watched_until >= enough:
            return cadence
        known = {machine: end for machine, end in cadence.visible.items() if end > now}
        newest = sorted((known | dict.fromkeys(machines, until)).items(), key=lambda pair: -pair[1])
        watched_until = max(until, cadence.watched_until)
        visible = dict(newest[:VISIBLE_MAX])
        return msgspec.structs.replace(cadence, watched_until=watched_until, visible=visible)

    _try_to_change(ports, record.farm, quicken)
    return True


def _try_to_change(ports: Ports, farm: str, change: Callable[[Cadence], Cadence]) -> None:
    """A page that is watched or quickened a little later is better than one that is cut off."""
    try:
        change_cadence(ports, farm, change)
    except StoreUnavailable as error:
        _log.warning("what a page of %s watches was not noted: %s", farm, error)


def find_connection(ports: Ports, connection: str) -> Connection | None:
    """The registered connection, as long as its session lasts and its place in the farm is the same."""
    item = ports.store.get(keys.connection(connection))
    if item is None:
        return None
    record = item.read(Connection)
    membership = find_membership(ports, record.email, record.session, record.farm)
    return record if membership and membership.clients == record.clients else None


def _seen(ports: Ports, record: Connection, machines: Sequence[str]) -> Sequence[str]:
    """Those of `machines` that this page may see."""
    if record.clients is None:
        return machines
    wanted = {keys.machine(record.farm, machine): machine for machine in machines}
    found = ports.store.get_many(list(wanted), stale_ok=True)
    return [wanted[key] for key, item in found.items() if record.sees(item.read(Machine).labels.client)]


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
        if cadence.watched_until >= expires_at - ENOUGH_S:
            return cadence
        return msgspec.structs.replace(cadence, watched_until=max(expires_at, cadence.watched_until))

    _try_to_change(ports, farm, watch)
