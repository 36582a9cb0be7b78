"""Sends what changed in a short window to the pages that look, one merged delta per farm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from cloud.domain import keys
from cloud.domain.records import Connection, Latest, Machine
from cloud.domain.views import live_columns
from cloud.ports import Change, Item, Ports
from cloud.usecases.close_socket import find_connections, forget_connection
from cloud.usecases.keep_cadence import find_pace
from wire.codec import encode
from wire.live import Delta, MachinesChanged

MACHINES_PER_DELTA = 80
"""Keeps a delta under the 32 KB that one socket message is billed by."""

_LATEST, _MACHINE = Latest.__name__.lower(), Machine.__name__.lower()


def publish_live(ports: Ports, changes: Sequence[Change]) -> None:
    """Later changes of the same item win. A farm that nobody watches costs one query."""
    by_farm: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_farm[keys.farm_of(change.item.key.pk)].append(change)
    for farm, of_farm in by_farm.items():
        connections = find_connections(ports, farm)
        for message in _messages(ports, farm, of_farm) if connections else ():
            _send(ports, connections, message)


def _messages(ports: Ports, farm: str, changes: Sequence[Change]) -> Iterator[bytes]:
    now, pace = ports.clock(), find_pace(ports, farm)
    latest: dict[str, Item | None] = {}
    for change in changes:
        if change.item.kind == _LATEST:
            latest[change.item.key.sk] = None if change.removed else change.item
        elif change.item.kind == _MACHINE and change.removed:
            latest[change.item.key.sk.removeprefix(keys.MACHINE_PREFIX)] = None
    snapshots = [item.read(Latest) for item in latest.values() if item is not None]
    if any(change.item.kind == _MACHINE for change in changes):
        yield encode(MachinesChanged(now))
    for start in range(0, len(snapshots), MACHINES_PER_DELTA):
        part = snapshots[start : start + MACHINES_PER_DELTA]
        yield encode(Delta(now, live_columns([snapshot.machine for snapshot in part], part, pace)))


def _send(ports: Ports, connections: list[Connection], message: bytes) -> None:
    for connection in connections.copy():
        if not ports.sockets.send(connection.connection, message):
            connections.remove(connection)
            forget_connection(ports, connection)
