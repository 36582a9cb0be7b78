"""Rosters of ASIC edges: devices, what edges tell of them, and what is checked of all machines then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cloud.domain import keys
from cloud.domain.asic_records import AsicRow, BinnedMachine, LatestBatch, Seats, pack_rows
from cloud.domain.records import Machine
from cloud.ports import Item
from cloud.usecases.register_roster import register_roster
from tests.fakes.edges import Edge
from tests.fakes.world import World
from wire.edge import NoReply, RosterBatch, RosterEntry, RosterReply, RosterTelling, batch_of
from wire.messages import AgentKind


def mac(number: int) -> str:
    """One of its own for each number below 65,536."""
    return f"AA:BB:CC:00:{number >> 8:02X}:{number & 255:02X}"


def entry(number: int, mac_number: int | None = None, **said: object) -> RosterEntry:
    """Named after its number; without `mac_number` it has its own number's MAC, with 0 none."""
    own = number if mac_number is None else mac_number
    told = {"added_at": 100.0, "name": f"asic {number}", "make": "Antminer", "model": "S19", **said}
    return RosterEntry(number=number, mac=mac(own) if own else None, **told)  # type: ignore[arg-type]


def telling(entries: Iterable[RosterEntry], *batches: int, epoch: int = 1) -> RosterTelling:
    """Of the batches of these entries, and of `batches`, which may be empty."""
    wanted = {batch: [] for batch in batches}  # type: dict[int, list[RosterEntry]]
    for each in entries:
        wanted.setdefault(batch_of(each.number), []).append(each)
    told = (RosterBatch(batch, tuple(found)) for batch, found in sorted(wanted.items()))
    return RosterTelling(epoch, tuple(told))


def tell(world: World, edge: Edge, *entries: RosterEntry, batches: tuple[int, ...] = (0,)) -> RosterReply:
    """As the edge does, in its present epoch."""
    principal = edge.principal(world)
    told = telling(entries, *batches, epoch=max(1, principal.agent.epoch))
    return register_roster(world.ports, principal, told, pause=lambda _: None)


def reads(reply: RosterReply) -> dict[int, bool]:
    """By number."""
    return {seat.number: seat.reads for seat in reply.seats}


def machines_of(reply: RosterReply) -> dict[int, str]:
    """By number."""
    return {seat.number: seat.machine for seat in reply.seats}


def report_newest(world: World, edge: Edge, silent: Iterable[str] = (), since: float = 0) -> None:
    """Leaves the latest batches as a report of the edge does; the machines in `silent` give no answer."""
    for key, seats in _seats(world, edge):
        rows = [
            AsicRow(seat.machine, 0, {}, b"", silence=NoReply("is off", since, 2))
            if seat.machine in silent
            else AsicRow(seat.machine, world.clock.now, {}, b"x")
            for seat in seats.seats.values()
            if seat.reads
        ]
        batch = int(key.sk[-8:])
        latest = LatestBatch(edge.agent, batch, world.clock.now, 60, pack_rows(rows))
        place = keys.latest_batch(edge.farm, edge.agent, batch)
        world.store.items[place] = Item.of(place, latest, revision=round(world.clock.now))


def _seats(world: World, edge: Edge) -> list[tuple[keys.Key, Seats]]:
    prefix = f"{keys.SEATS_PREFIX}{edge.agent}#"
    found = world.store.items.items()
    return [(key, item.read(Seats)) for key, item in found if key.sk.startswith(prefix)]


def listed(world: World, farm: str) -> dict[str, Machine]:
    """The ASICs on the farm's list, by id."""
    prefix, pk = keys.MACHINE_PREFIX, keys.farm_pk(farm)
    found = [
        item.read(Machine)
        for key, item in world.store.items.items()
        if key.pk == pk and key.sk.startswith(prefix)
    ]
    return {each.machine: each for each in found if each.kind is AgentKind.ASIC}


def in_bin(world: World, farm: str) -> dict[str, BinnedMachine]:
    """The ASICs in the farm's bin, by id."""
    prefix, pk = keys.BINNED_MACHINE_PREFIX, keys.farm_pk(farm)
    items = world.store.items.items()
    found = [item.read(BinnedMachine) for key, item in items if key.pk == pk and key.sk.startswith(prefix)]
    return {each.machine.machine: each for each in found}


def check_seats(world: World, farm: str, edges: Iterable[Edge]) -> None:
    """What holds after every commit, whoever told what."""
    machines, binned, readers = listed(world, farm), in_bin(world, farm), Counter[str]()
    assert not machines.keys() & binned.keys()
    for edge in edges:
        here = Counter[str]()
        for key, seats in _seats(world, edge):
            for number, seat in seats.seats.items():
                here[seat.machine] += 1
                if seat.reads and seat.machine in machines:
                    readers[seat.machine] += 1
                    machine = machines[seat.machine]
                    assert (machine.agent, machine.batch) == (edge.agent, batch_of(number)), key
        assert not [machine for machine, count in here.items() if count > 1]
    assert readers == dict.fromkeys(machines, 1)
