"""Sends what changed in a short window to the pages that look, merged for those that see the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from cloud.domain import keys
from cloud.domain.asic_records import LatestBatch, Seats
from cloud.domain.people import Connection
from cloud.domain.records import Latest, Machine
from cloud.domain.views import live_columns
from cloud.ports import Change, Item, Ports
from cloud.usecases.close_socket import find_connections, forget_connection
from cloud.usecases.keep_cadence import find_pace
from wire.codec import encode
from wire.live import Delta, MachinesChanged, Pace

MACHINES_PER_DELTA = 64
"""Keeps a delta under the 32 KB that one socket message is billed by."""

_LATEST, _MACHINE = Latest.__name__.lower(), Machine.__name__.lower()
_BATCH = LatestBatch.__name__.lower()


class _News(NamedTuple):
    """What changed of a farm: figures, and machines as they are now, or were when they were removed."""

    snapshots: list[Latest]
    machines: list[Machine]


def publish_live(ports: Ports, changes: Sequence[Change]) -> None:
    """Later changes of the same item win. A farm that nobody watches costs one query.

    Where a page that is limited to some clients looks, it takes one more read: whose machines they are;
    and one where ASICs changed: which of them their edge still reads.
    """
    by_farm: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_farm[keys.farm_of(change.item.key.pk)].append(change)
    for farm, of_farm in by_farm.items():
        connections = find_connections(ports, farm)
        if connections:
            _publish(ports, farm, _news(ports, farm, of_farm), connections)


def _news(ports: Ports, farm: str, changes: Sequence[Change]) -> _News:
    newest = {change.item.key: change for change in changes}.values()
    there = [change.item for change in newest if not change.removed]
    snapshots = [item.read(Latest) for item in there if item.kind == _LATEST]
    snapshots += _of_asics(ports, farm, [item for item in there if item.kind == _BATCH])
    removed = (change.item.key.sk for change in newest if change.removed and change.item.kind == _MACHINE)
    gone = {sk.removeprefix(keys.MACHINE_PREFIX) for sk in removed}
    machines = [_machine(change) for change in changes if change.item.kind == _MACHINE]
    return _News([snapshot for snapshot in snapshots if snapshot.machine not in gone], machines)


def _of_asics(ports: Ports, farm: str, items: Sequence[Item]) -> list[Latest]:
    """The rows of machines that the edge still reads: a queue may have held its report for a while."""
    read = (item.read(LatestBatch) for item in items)
    batches = {keys.seats(farm, batch.agent, batch.batch): batch for batch in read}
    found = ports.store.get_many(list(batches), stale_ok=True) if batches else {}
    latest: list[Latest] = []
    for key, item in found.items():
        rows = batches[key].latest()
        seats = item.read(Seats).seats.values()
        latest += [rows[seat.machine] for seat in seats if seat.reads and seat.machine in rows]
    return latest


def _machine(change: Change) -> Machine:
    """Its removal is no news to whose it was before: they have heard that it went."""
    machine = change.item.read(Machine)
    return msgspec.structs.replace(machine, client_before=None) if change.removed else machine


def _publish(ports: Ports, farm: str, news: _News, connections: Iterable[Connection]) -> None:
    alike: dict[tuple[str, ...] | None, list[Connection]] = defaultdict(list)
    for connection in connections:
        alike[connection.clients].append(connection)
    clients = {} if alike.keys() == {None} else _clients(ports, farm, news.snapshots)
    now, pace = ports.clock(), find_pace(ports, farm)
    for group in alike.values():
        for message in _messages(now, pace, _seen(news, clients, group[0])):
            _send(ports, group, message)


def _clients(ports: Ports, farm: str, snapshots: Sequence[Latest]) -> dict[str, str | None]:
    """Whose machines these are now; without those that are gone."""
    found = ports.store.get_many([keys.machine(farm, snapshot.machine) for snapshot in snapshots])
    machines = (item.read(Machine) for item in found.values())
    return {machine.machine: machine.labels.client for machine in machines}


def _seen(news: _News, clients: dict[str, str | None], page: Connection) -> _News:
    """What the page may know of; that a machine is its client's no more, it learns as well."""
    if page.clients is None:
        return news
    return _News(
        [snapshot for snapshot in news.snapshots if page.sees(clients.get(snapshot.machine))],
        [m for m in news.machines if page.sees(m.labels.client) or page.sees(m.client_before)],
    )


def _messages(now: float, pace: Pace, news: _News) -> Iterator[bytes]:
    snapshots = news.snapshots
    if news.machines:
        yield encode(MachinesChanged(now))
    for start in range(0, len(snapshots), MACHINES_PER_DELTA):
        part = snapshots[start : start + MACHINES_PER_DELTA]
        yield encode(Delta(now, live_columns([snapshot.machine for snapshot in part], part, pace)))


def _send(ports: Ports, connections: list[Connection], message: bytes) -> None:
    for connection in connections.copy():
        if not ports.sockets.send(connection.connection, message):
            connections.remove(connection)
            forget_connection(ports, connection)
