"""Erases what has lain in the bin long enough: the machine, its figures, its whole history."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.asic_records import BinnedMachine
from cloud.domain.records import Agent, Binned
from cloud.ports import AtRevision, Delete, Item, Ports, Put, every
from cloud.usecases.bin_machine import bin_machines, still_read, unbin_machines
from cloud.usecases.delete_agent import finish_binning
from cloud.usecases.erase_machine import erase_history, erase_machine
from cloud.usecases.forget_work import forget_work
from cloud.usecases.note_silence import forget_silence

ITEMS_A_ROUND = 2000
"""A year of one machine, or a day of many, is more than one call should delete; the next round goes on."""
_BESIDE_HISTORY = 8


def empty_bin(ports: Ports, farm: str) -> None:
    """Does a bounded part of it; call it again and again.

    It also ends what died on the way: machines that follow their edge into the bin, or out of it.
    """
    room, machines = ITEMS_A_ROUND, []
    for item in every(ports.store, keys.farm_pk(farm), keys.BINNED_PREFIX, keys.BINNED_MACHINE_PREFIX + "~"):
        if item.key.sk.startswith(keys.BINNED_MACHINE_PREFIX):
            machines.append(item)
            continue
        binned = item.read(Binned)
        if binned.moving:
            finish_binning(ports, farm, binned)
        if room > 0 and ports.clock() >= binned.binned_at + ports.policy.bin_s:
            room = erase(ports, farm, binned, room)
    if machines:
        _empty_of_machines(ports, farm, machines, room)


def _empty_of_machines(ports: Ports, farm: str, items: list[Item], room: int) -> None:
    found = [(item, item.read(BinnedMachine)) for item in items]
    machines = [binned.machine for _, binned in found if binned.erased_at is None]
    back = still_read(ports, farm, machines)
    for agent in {machine.agent for machine in machines if machine.machine in back}:
        unbin_machines(ports, farm, agent)
    for item, binned in found:
        over = ports.clock() >= binned.binned_at + ports.policy.bin_s
        if room > 0 and over and binned.machine.machine not in back:
            room = erase_machine(ports, farm, item, room)


def erase(ports: Ports, farm: str, binned: Binned, room: int = ITEMS_A_ROUND) -> int:
    """Deletes about `room` items at most; gives the room that is left, 0 where it may have to go on.

    The agent is marked first, so that nothing is restored in part, and the bin's own line goes last, so
    that an interrupted erasure is found again.
    """
    if not _forget_agent(ports, farm, binned):
        return room
    machine = binned.machine.machine if binned.machine else None
    if machine is not None:
        room = erase_history(ports, farm, machine, room)
        if room == 0:
            return 0
        forget_silence(ports, farm, machine)
        forget_work(ports, farm, machine)
        for key in (keys.latest(farm, machine), keys.specs(farm, machine), keys.unread(farm, machine)):
            ports.store.write(Delete(key))
    else:
        room -= _forget_edge(ports, farm, binned)
    ports.store.write(Delete(keys.binned(farm, binned.agent)))
    return max(room - _BESIDE_HISTORY, 0)


def _forget_edge(ports: Ports, farm: str, binned: Binned) -> int:
    """What is kept of an ASIC edge beside its machines; gives how many items that were."""
    bin_machines(ports, farm, binned.agent, binned.binned_at)
    prefix = f"{keys.SEATS_PREFIX}{binned.agent}#"
    gone = [keys.edge(farm, binned.agent), keys.found(farm, binned.agent)]
    for item in every(ports.store, keys.farm_pk(farm), prefix, prefix + "~"):
        batch = int(item.key.sk.removeprefix(prefix))
        gone += [keys.latest_batch(farm, binned.agent, batch), item.key]
    for key in gone:
        ports.store.write(Delete(key))
    return len(gone)


def _forget_agent(ports: Ports, farm: str, binned: Binned) -> bool:
    """The name stays for a while, so that the agent is told what became of it; False if it was restored."""
    item = ports.store.get(keys.agent(farm, binned.agent))
    agent = item.read(Agent) if item else None
    if item is None or agent is None or agent.erased_at is not None:
        return True
    if agent.binned_at != binned.binned_at:
        return False
    now = ports.clock()
    erased = msgspec.structs.replace(agent, erased_at=now, hardware=(), stranger=None, orders=(), watched=())
    expires_at = now + ports.policy.erased_token_s
    kept = Item.of(item.key, erased, revision=item.revision + 1, expires_at=expires_at)
    return ports.store.write(Put(kept, AtRevision(item.revision)))
