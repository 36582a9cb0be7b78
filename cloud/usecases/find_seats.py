"""Finds where the machines of an edge's telling are: who reads them, and where that edge itself has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from cloud.domain import keys, seats
from cloud.domain.asic_records import BinnedMachine, Evidence, KeptSeat, LatestBatch, Seats
from cloud.domain.keys import Key
from cloud.domain.pace import pace_of
from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Agent, Latest, Machine, Outage
from cloud.domain.seats import Claim, Found, Reading, Where
from cloud.ports import Ports, every
from cloud.usecases.draft_changes import Draft
from cloud.usecases.keep_beat import known_outages
from wire.edge import RosterBatch, RosterEntry, batch_of
from wire.faults import Fault
from wire.live import Pace


class Reader(NamedTuple):
    """The seat that reads a machine."""

    agent: str
    number: int
    seat: KeptSeat


class Lookout:
    """What a telling has to do with, as the draft has it."""

    def __init__(
        self, ports: Ports, principal: AgentPrincipal, told: Sequence[RosterBatch], epoch: int
    ) -> None:
        self._ports, self._principal, self._epoch = ports, principal, epoch
        self._farm, self._agent = principal.farm, principal.agent.agent
        self._batches = {batch.batch for batch in told}
        self._added_at = {entry.number: entry.added_at for batch in told for entry in batch.entries}
        self._numbers: dict[str, int] | None = None
        self._known_batches: set[int] = set()
        self._is_new_epoch = False
        self._latest: dict[Key, dict[str, Latest]] = {}
        self.draft = Draft(ports)

    def begin(self) -> None:
        """Notes that these batches are told in this epoch; raises Fault `enrolled_again` (409)."""
        places = {batch: keys.seats(self._farm, self._agent, batch) for batch in self._batches}
        self.draft.fetch(places.values())
        for batch, key in places.items():
            kept = self._kept(self._agent, batch)
            if kept.epoch > self._epoch:
                raise Fault("enrolled_again", "This edge was enrolled again since.", "epoch", status=409)
            if kept.epoch < self._epoch:
                self._is_new_epoch = True
                self.draft.put(key, Seats(kept.seats, self._epoch))

    def untold(self) -> tuple[int, ...]:
        """Further batches with seats that were not told in this epoch; those of a usual telling: none."""
        if not self._is_new_epoch:
            return ()
        self.number_of("")
        others = sorted(self._known_batches - self._batches)
        return tuple(batch for batch in others if self._is_of_before(batch))

    def _is_of_before(self, batch: int) -> bool:
        kept = self._kept(self._agent, batch)
        return kept.epoch < self._epoch and bool(kept.seats)

    def _kept(self, agent: str, batch: int) -> Seats:
        return self.draft.get(keys.seats(self._farm, agent, batch), Seats) or Seats({})

    def seats(self, agent: str, batch: int) -> dict[int, KeptSeat]:
        """Of one batch; not to be changed."""
        return self._kept(agent, batch).seats

    def seat(self, number: int) -> KeptSeat | None:
        """Of this edge."""
        return self.seats(self._agent, batch_of(number)).get(number)

    def put_seat(self, agent: str, number: int, seat: KeptSeat | None) -> None:
        """Of any edge; None takes it away."""
        before = self._kept(agent, batch_of(number))
        others = {key: kept for key, kept in before.seats.items() if key != number}
        kept = others if seat is None else {**others, number: seat}
        self.draft.put(keys.seats(self._farm, agent, batch_of(number)), Seats(kept, before.epoch))
        if agent == self._agent and self._numbers is not None:
            self._numbers = {machine: at for machine, at in self._numbers.items() if at != number}
            if seat is not None:
                self._numbers[seat.machine] = number

    def machine(self, machine: str) -> Machine | None:
        """As the list has it."""
        return self.draft.get(keys.machine(self._farm, machine), Machine)

    def binned(self, machine: str) -> BinnedMachine | None:
        """As the bin has it; not one that is being erased."""
        found = self.draft.get(keys.binned_machine(self._farm, machine), BinnedMachine)
        return found if found is not None and found.erased_at is None else None

    def known(self, machine: str) -> Machine | None:
        """On the list or in the bin."""
        binned = self.binned(machine)
        return self.machine(machine) or (binned.machine if binned else None)

    def lead(self, claim: Claim) -> str | None:
        """The machine that a claim leads to, if that is known."""
        found = self.draft.get(keys.evidence(self._farm, *claim), Evidence)
        return found.machine if found is not None and self.known(found.machine) is not None else None

    def reader(self, machine: Machine) -> Reader | None:
        """Also of a machine in the bin; None where its seat is gone."""
        batch = self.seats(machine.agent, machine.batch or 0)
        found = (
            Reader(machine.agent, number, seat)
            for number, seat in batch.items()
            if seat.reads and seat.machine == machine.machine
        )
        return next(found, None)

    def number_of(self, machine: str) -> int | None:
        """Where this edge has it; the first call reads all its seats."""
        if self._numbers is None:
            self._numbers = {seat.machine: number for number, seat in self._all_seats()}
        return self._numbers.get(machine)

    def _all_seats(self) -> Iterator[tuple[int, KeptSeat]]:
        prefix = f"{keys.SEATS_PREFIX}{self._agent}#"
        batches = set(self._batches)
        for item in every(self._ports.store, keys.farm_pk(self._farm), prefix, prefix + "~"):
            self.draft.know(item)
            batches.add(int(item.key.sk.removeprefix(prefix)))
        self._known_batches = batches
        for batch in batches:
            yield from self.seats(self._agent, batch).items()

    def is_leaving(self, number: int) -> bool:
        """Whether it is told that the device that had this number is not in the roster any more.

        In a new epoch one of a batch that was not told yet may be anywhere: it is where it is told.
        """
        if batch_of(number) not in self._batches:
            return self._is_of_before(batch_of(number))
        seat = self.seat(number)
        return seat is not None and seat.added_at != self._added_at.get(number)

    def where(self, machine_id: str) -> Found:
        """Seen from a number at which this machine is not."""
        return Found(machine_id, self._where(machine_id))

    def _where(self, machine_id: str) -> Where:
        machine = self.known(machine_id)
        if machine is None:
            return Where.GONE
        number = self.number_of(machine_id)
        if number is not None:
            return Where.LEAVING if self.is_leaving(number) else Where.HERE
        if self.machine(machine_id) is None:
            return Where.BINNED
        return Where.ELSEWHERE if self.reader(machine) else Where.FREE

    def may_take_over(self, machine: Machine, reader: Reader, lost_at: float) -> bool:
        """From another edge, of a machine that is on the list."""
        item = self.draft.get(keys.agent(self._farm, reader.agent), Agent)
        if item is None or item.binned_at is not None or item.erased_at is not None:
            return True
        key = keys.latest_batch(self._farm, reader.agent, batch_of(reader.number))
        batch = self.draft.get(key, LatestBatch)
        if batch is not None and key not in self._latest:
            self._latest[key] = batch.latest()
        reading = Reading(
            since=reader.seat.since,
            received_at=batch.received_at if batch else None,
            interval_s=batch.interval_s if batch else self._pace.report_interval_s,
            latest=self._latest[key].get(machine.machine) if batch else None,
        )
        return seats.may_take_over(reading, lost_at, self._ports.clock(), self._pace, self._outages)

    @cached_property
    def _pace(self) -> Pace:
        return pace_of(self._ports.policy, self._principal.cadence.settings)

    @cached_property
    def _outages(self) -> tuple[Outage, ...]:
        return known_outages(self._ports)

    def leaving(self) -> list[int]:
        """The numbers of seats that are told no more, or whose device is another one now."""
        told = (number for batch in sorted(self._batches) for number in self.seats(self._agent, batch))
        return [number for number in told if self.is_leaving(number)]

    def fetch(self, entries: Iterable[RosterEntry]) -> None:
        """Reads in a few calls what will be asked for of these entries, and of those that leave."""
        farm, fetch = self._farm, self.draft.fetch
        told = list(entries)
        claims = [keys.evidence(farm, *claim) for entry in told for claim in seats.claims_of(entry)]
        numbers = {*(entry.number for entry in told), *self.leaving()}
        kept = [seat.machine for number in sorted(numbers) if (seat := self.seat(number))]
        fetch([*claims, *self._places(kept)])
        led = [found.machine for key in claims if (found := self.draft.get(key, Evidence))]
        fetch(self._places(led))
        machines = [machine for name in {*kept, *led} if (machine := self.known(name))]
        others = {(each.agent, each.batch or 0) for each in machines if each.agent != self._agent}
        agents = (keys.agent(farm, agent) for agent, _ in others)
        fetch([*agents, *(key(farm, *other) for other in others for key in (keys.seats, keys.latest_batch))])

    def _places(self, machines: Iterable[str]) -> Iterator[Key]:
        for machine in machines:
            yield keys.machine(self._farm, machine)
            yield keys.binned_machine(self._farm, machine)
