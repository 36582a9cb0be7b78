"""Keeps the last lines of a program's log for as long as somebody may look at them."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.records import Arrival, StoredLog
from cloud.ports import Item, Newer, Ports, Put
from wire.messages import MachineReport

KEPT_S = 3600.0
LOG_MAX_BYTES = 200_000
"""What is longer loses its oldest lines, for a report must not fail because of a log."""


def store_log(ports: Ports, arrival: Arrival, machine: MachineReport) -> None:
    """One item a machine and program; the answer to the newest order stays. Lines are only text."""
    log = machine.log
    if log is None:
        return
    record = StoredLog(log.order, arrival.received_at, _newest(log.lines))
    key = keys.log(arrival.farm, machine.machine, log.program)
    item = Item.of(key, record, revision=log.order, expires_at=arrival.received_at + KEPT_S)
    ports.store.write(Put(item, Newer()))


def _newest(lines: tuple[str, ...]) -> tuple[str, ...]:
    room, first = LOG_MAX_BYTES, len(lines)
    while first > 0 and (room := room - len(lines[first - 1].encode())) >= 0:
        first -= 1
    return lines[first:]
