"""Rolls up the last samples of machines that fell silent, for no later report of theirs will."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from cloud.domain import keys
from cloud.domain.packing import unpack
from cloud.domain.records import ClosedBlock, Machine, Silence, Standing
from cloud.domain.rollup import DAY_S, bucket_of
from cloud.ports import Item, Ports
from cloud.usecases.find_latest import find_latest
from cloud.usecases.note_silence import standing_write, standings
from cloud.usecases.roll_up_history import roll_up_history
from cloud.usecases.store_report import keep_open_block
from wire.messages import AgentKind, MachineReport

MACHINES_A_ROUND = 500
ASICS_AFTER_S = 1200.0
"""So long after the day is over the block that an edge closes last has come."""


def complete_history(ports: Ports, farm: str) -> None:
    """Takes at most MACHINES_A_ROUND of the machines that `note_silence` found; the next round goes on.

    A rig's block under way is known, and closed at once. Of an ASIC all blocks come closed, up to some
    minutes after it fell silent: its turn is when the day is over, and then nothing is unfinished.
    """
    room = MACHINES_A_ROUND
    for item in standings(ports, farm).values():
        silent = item.read(Standing).silent
        waiting = [machine for machine, silence in silent.items() if not silence.complete]
        due = _due(ports, farm, silent, waiting)[:room] if room and waiting else []
        if due:
            room -= len(due)
            _complete(ports, farm, item, silent, due)


def _due(ports: Ports, farm: str, silent: dict[str, Silence], waiting: Sequence[str]) -> list[Machine]:
    wanted = [keys.machine(farm, machine) for machine in waiting]
    machines = (item.read(Machine) for item in ports.store.get_many(wanted, stale_ok=True).values())
    now = ports.clock()
    return [each for each in machines if now >= _due_at(each, silent[each.machine])]


def _due_at(machine: Machine, silence: Silence) -> float:
    if machine.kind is not AgentKind.ASIC:
        return silence.received_at
    return bucket_of(silence.received_at, DAY_S) + DAY_S + ASICS_AFTER_S


def _complete(
    ports: Ports, farm: str, item: Item, silent: dict[str, Silence], machines: Sequence[Machine]
) -> None:
    rigs = [machine for machine in machines if machine.kind is not AgentKind.ASIC]
    for latest in find_latest(ports, farm, rigs).values():
        keep_open_block(ports, farm, latest, unfinished=True)
    asics = (machine.machine for machine in machines if machine.kind is AgentKind.ASIC)
    roll_up_history(ports, farm, list(_last_blocks(ports, farm, asics)), ports.clock())
    done = {each.machine: msgspec.structs.replace(silent[each.machine], complete=True) for each in machines}
    # Refused where a sweep has just noted more: then the next round does it again, to the same end.
    ports.store.write(standing_write(item.key, {**silent, **done}, item.revision))


def _last_blocks(ports: Ports, farm: str, machines: Iterable[str]) -> Iterator[MachineReport]:
    """As if they had just come."""
    prefix = keys.BLOCK_PREFIX
    for machine in machines:
        pk = keys.history_pk(farm, machine)
        for item in ports.store.query(pk, prefix, prefix + "~", forwards=False, limit=1).items:
            yield MachineReport(machine, (unpack(item.read(ClosedBlock).packed),))
