"""Rolls up the last samples of machines that fell silent, for no later report of theirs will."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.records import Latest, Silence, Standing
from cloud.ports import Item, Ports
from cloud.usecases.note_silence import standing_write, standings
from cloud.usecases.store_report import keep_open_block

MACHINES_A_ROUND = 500


def complete_history(ports: Ports, farm: str) -> None:
    """Takes at most MACHINES_A_ROUND of the machines that `note_silence` found; the next round goes on."""
    room = MACHINES_A_ROUND
    for item in standings(ports, farm).values():
        silent = item.read(Standing).silent
        waiting = [machine for machine, silence in silent.items() if not silence.complete][:room]
        if waiting:
            room -= len(waiting)
            _complete(ports, farm, item, silent, waiting)


def _complete(ports: Ports, farm: str, item: Item, silent: dict[str, Silence], waiting: list[str]) -> None:
    latest_keys = [keys.latest(farm, machine) for machine in waiting]
    for found in ports.store.get_many(latest_keys).values():
        keep_open_block(ports, farm, found.read(Latest), unfinished=True)
    done = {machine: msgspec.structs.replace(silent[machine], complete=True) for machine in waiting}
    # Refused where a sweep has just noted more: then the next round does it again, to the same end.
    ports.store.write(standing_write(item.key, {**silent, **done}, item.revision))
