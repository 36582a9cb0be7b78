"""Puts ASICs into the bin, each with its history, and takes them out of it: one by one, or all of an edge."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial

from msgspec.structs import replace

from cloud.domain import keys
from cloud.domain.asic_records import BinnedMachine, KeptSeat, Seats
from cloud.domain.keys import Key
from cloud.domain.records import Agent, Machine
from cloud.ports import Ports, StoreUnavailable, every
from cloud.usecases.draft_changes import Draft, Overtaken
from cloud.usecases.keep_cadence import pause_s

_TRIES = 10


def bin_machine(draft: Draft, farm: str, machine: Machine, seat: KeptSeat, at: float) -> None:
    """Takes it off the list; `seat` is the one that read it."""
    kept = BinnedMachine(machine, at, seat.macs, seat.serial, seat.words)
    draft.put(keys.binned_machine(farm, machine.machine), kept)
    draft.delete(keys.machine(farm, machine.machine))


def unbin_machine(draft: Draft, farm: str, machine: Machine) -> None:
    """Puts it on the list."""
    draft.delete(keys.binned_machine(farm, machine.machine))
    # For whoever's it was before its last change, this is no news.
    draft.put(keys.machine(farm, machine.machine), replace(machine, client_before=None), watched=True)


def bin_machines(ports: Ports, farm: str, agent: str, at: float) -> None:
    """Puts all machines that an edge reads into the bin; done again it does what is left.

    Their seats stay, so that `unbin_machines` finds them. Raises StoreUnavailable.
    """
    for seats in _seats(ports, farm, agent):
        _keep(ports, partial(_bin_batch, farm=farm, agent=agent, seats=seats, at=at))


def unbin_machines(ports: Ports, farm: str, agent: str) -> None:
    """Takes those out of it that the edge is still to read; done again it does what is left."""
    for seats in _seats(ports, farm, agent):
        _keep(ports, partial(_unbin_batch, farm=farm, agent=agent, seats=seats))


def count_read(ports: Ports, farm: str, agent: str) -> int:
    """How many machines an edge is to read."""
    return sum(len(_read_here(seats)) for seats in _seats(ports, farm, agent))


def still_read(ports: Ports, farm: str, machines: Sequence[Machine]) -> set[str]:
    """Those of the bin whose edge is there and has them in its roster: they belong on the list."""
    found = ports.store.get_many(list({keys.agent(farm, machine.agent) for machine in machines}))
    agents = [item.read(Agent) for item in found.values()]
    there = {each.agent for each in agents if each.binned_at is None and each.erased_at is None}
    batches = {
        keys.seats(farm, machine.agent, machine.batch or 0) for machine in machines if machine.agent in there
    }
    found = ports.store.get_many(list(batches)) if batches else {}
    return {machine for item in found.values() for machine in _read_here(item.read(Seats))}


def _keep(ports: Ports, change: Callable[[Draft], None]) -> None:
    """One commit: of a batch's 50 machines two items each."""
    for failed in range(_TRIES):
        if failed:
            time.sleep(pause_s(failed))
        draft = Draft(ports)
        with suppress(Overtaken):
            change(draft)
            return draft.commit()
    raise StoreUnavailable("the machines of an edge change faster than they can be moved")


def _bin_batch(draft: Draft, *, farm: str, agent: str, seats: Seats, at: float) -> None:
    read = _read_here(seats)
    draft.fetch(key for machine in read for key in _places(farm, machine))
    for machine_id, seat in read.items():
        machine = draft.get(keys.machine(farm, machine_id), Machine)
        if machine is not None and machine.agent == agent:
            bin_machine(draft, farm, machine, seat, at)


def _unbin_batch(draft: Draft, *, farm: str, agent: str, seats: Seats) -> None:
    read = _read_here(seats)
    draft.fetch(key for machine in read for key in _places(farm, machine))
    for machine_id in read:
        binned = draft.get(keys.binned_machine(farm, machine_id), BinnedMachine)
        if binned is not None and binned.erased_at is None and binned.machine.agent == agent:
            unbin_machine(draft, farm, binned.machine)


def _places(farm: str, machine: str) -> tuple[Key, Key]:
    return keys.machine(farm, machine), keys.binned_machine(farm, machine)


def _seats(ports: Ports, farm: str, agent: str) -> Iterator[Seats]:
    prefix = f"{keys.SEATS_PREFIX}{agent}#"
    for item in every(ports.store, keys.farm_pk(farm), prefix, prefix + "~"):
        yield item.read(Seats)


def _read_here(seats: Seats) -> dict[str, KeptSeat]:
    return {seat.machine: seat for seat in seats.seats.values() if seat.reads}
