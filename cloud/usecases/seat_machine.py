"""Gives a device of an edge's roster its machine, and says whether that edge is to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from msgspec.structs import replace

from cloud.domain import keys, seats
from cloud.domain.asic_records import Evidence, KeptSeat
from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Machine
from cloud.domain.seats import ALL_WORDS, Claim
from cloud.ports import Ports
from cloud.usecases.bin_machine import bin_machine, unbin_machine
from cloud.usecases.find_seats import Lookout, Reader
from wire.edge import Refusal, RosterEntry, batch_of
from wire.live import Labels
from wire.messages import AgentKind

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


class Seating:
    """One edge's telling on its way into the draft of its lookout; `counts` are of what it changes.

    `take_room` gives False where the farm is full.
    """

    def __init__(
        self, ports: Ports, principal: AgentPrincipal, lookout: Lookout, take_room: Callable[[], bool]
    ) -> None:
        self._ports, self._farm, self._agent = ports, principal.farm, principal.agent
        self._lookout, self._draft, self._take_room = lookout, lookout.draft, take_room
        self._now = ports.clock()
        self.counts: Counter[str] = Counter()

    def is_settled(self, entry: RosterEntry) -> bool:
        """Whether nothing can be changed by it: this edge reads the device and says nothing new of it."""
        seat = self._lookout.seat(entry.number)
        return (
            seat is not None
            and seat.reads
            and seat.told == seats.told_digest(entry)
            and seat.words == seats.words_digest(entry)
        )

    def leave(self, number: int) -> None:
        """The device is not in the roster any more: what it read goes into the bin."""
        seat = self._lookout.seat(number)
        if seat is None:
            return
        self._lookout.put_seat(self._agent.agent, number, None)
        self._bin(seat)
        self.counts[REMOVED] += 1

    def _bin(self, seat: KeptSeat) -> None:
        machine = self._lookout.machine(seat.machine)
        if seat.reads and machine is not None:
            bin_machine(self._draft, self._farm, machine, seat, self._now)

    def seat(self, entry: RosterEntry) -> Refusal | None:
        """Changes what `entry` changes; a refusal says why the device has no machine."""
        kept = self._lookout.seat(entry.number)
        if kept is not None and kept.added_at != entry.added_at:
            self.leave(entry.number)
            kept = None
        leads = {claim: self._lookout.lead(claim) for claim in seats.claims_of(entry)}
        target = self._choose(entry, kept, leads)
        returns = target is None or self._lookout.machine(target) is None
        if returns and not self._take_room():
            return Refusal(entry.number, "The farm has as many machines as its operator allows.")
        if kept is not None and kept.machine != target:
            self._bin(kept)
            kept = None
        if target is None:
            target, reads = self._create(entry), True
        else:
            reads = self._join(entry, kept, target)
        held = self._prove(entry, leads, kept, target)
        seat = self._made(entry, target, held, kept, reads=reads)
        if seat != kept:
            self._lookout.put_seat(self._agent.agent, entry.number, seat)
        return None

    def _made(
        self, entry: RosterEntry, target: str, held: list[Claim], kept: KeptSeat | None, *, reads: bool
    ) -> KeptSeat:
        return KeptSeat(
            machine=target,
            reads=reads,
            added_at=entry.added_at,
            macs=tuple(claim.text for claim in held if claim.kind == "mac"),
            told=seats.told_digest(entry),
            words=seats.words_digest(entry),
            serial=next((claim.text for claim in held if claim.kind == "serial"), ""),
            since=self._since(kept, reads=reads),
        )

    def _since(self, kept: KeptSeat | None, *, reads: bool) -> float:
        if kept is not None and kept.reads == reads:
            return kept.since
        return self._now if reads else 0

    def _choose(
        self, entry: RosterEntry, kept: KeptSeat | None, leads: dict[Claim, str | None]
    ) -> str | None:
        known = kept is not None and self._lookout.known(kept.machine) is not None
        own = kept.machine if kept is not None and known else None
        found = [(claim, machine) for claim, machine in leads.items() if machine is not None]
        first = next(iter(leads), None)
        lead, others = None, []
        for claim, machine in found:
            if machine == own or (claim.kind == "serial" and self._is_against(entry, machine)):
                continue
            if claim == first and (entry.mac or claim.kind == "serial"):
                lead = self._lookout.where(machine)
            else:
                others.append(self._lookout.where(machine))
        supported = own is not None and any(machine == own for _, machine in found)
        return seats.choose(own, lead, others, supported=supported)

    def _is_against(self, entry: RosterEntry, machine_id: str) -> bool:
        """Whether MACs say that a device is not the machine to which its serial number leads."""
        machine, binned = self._lookout.known(machine_id), self._lookout.binned(machine_id)
        reader = self._lookout.reader(machine) if machine else None
        macs = reader.seat.macs if reader else binned.macs if binned else ()
        return entry.mac is not None and macs != ()

    def _create(self, entry: RosterEntry) -> str:
        name, labels = seats.said(entry, ALL_WORDS, "", Labels())
        machine = Machine(
            self._ports.randomness.new_id("machine"),
            name,
            AgentKind.ASIC,
            self._agent.agent,
            self._now,
            self._agent.simulated,
            labels,
            batch=batch_of(entry.number),
            model=seats.model_of(entry),
        )
        self._draft.add(keys.machine(self._farm, machine.machine), machine, watched=True)
        self.counts[ADDED] += 1
        return machine.machine

    def _join(self, entry: RosterEntry, kept: KeptSeat | None, target: str) -> bool:
        """Whether this edge is to read the machine; `kept` is the seat where it had it before."""
        former = self._lookout.number_of(target) if kept is None else None
        if former is not None:
            self._lookout.put_seat(self._agent.agent, former, None)
        machine, binned = self._lookout.machine(target), self._lookout.binned(target)
        before = kept.words if kept else ""
        if machine is None and binned is not None:
            machine = replace(binned.machine, client_before=None)
            before = before or (binned.words if machine.agent == self._agent.agent else "")
            unbin_machine(self._draft, self._farm, machine)
            self.counts[ADDED] += 1
        if machine is None:
            raise RuntimeError("a device was given a machine that is gone")
        reads = self._takes(machine, kept, was_binned=binned is not None)
        changed = self._said(entry, machine, before)
        if reads:
            model = seats.model_of(entry) or machine.model
            changed = replace(changed, agent=self._agent.agent, batch=batch_of(entry.number), model=model)
        # One that joins writes the machine in any case, so that of two at once one is thought anew.
        if changed != machine or kept is None:
            self._draft.put(keys.machine(self._farm, target), changed, watched=changed != machine)
        return reads

    def _takes(self, machine: Machine, kept: KeptSeat | None, *, was_binned: bool) -> bool:
        reader = self._lookout.reader(machine)
        if reader is None or (kept is not None and kept.reads):
            return True
        lost_at = kept.since if kept else 0
        if not was_binned and not self._lookout.may_take_over(machine, reader, lost_at):
            return False
        self._demote(reader)
        return True

    def _demote(self, reader: Reader) -> None:
        ceased = replace(reader.seat, reads=False, since=self._now)
        self._lookout.put_seat(reader.agent, reader.number, ceased)

    def _said(self, entry: RosterEntry, machine: Machine, before: str) -> Machine:
        """With the words that are new since `before`, where something was said before."""
        words = seats.new_words(entry, before) if before else frozenset[str]()
        if not words:
            return machine
        self.counts[CHANGED] += 1
        name, labels = seats.said(entry, words, machine.name, machine.labels)
        return replace(machine, name=name, labels=labels, client_before=machine.labels.client)

    def _prove(
        self, entry: RosterEntry, leads: dict[Claim, str | None], kept: KeptSeat | None, target: str
    ) -> list[Claim]:
        """Makes the entry's claims lead to `target`, and those that are gone nowhere; gives those that do."""
        held = []
        for claim, machine in leads.items():
            present = claim == ("mac", entry.mac)
            if machine not in (None, target) and not present:
                continue
            held.append(claim)
            if machine is not None and machine != target:
                self._disprove(claim, machine)
            if machine != target:
                self._draft.put(keys.evidence(self._farm, *claim), Evidence(target))
        # Of a machine that is read elsewhere they may be the other seat's too.
        gone = set(seats.held(kept)) - set(leads) if kept is not None and kept.reads else set()
        for claim in gone:
            if self._lookout.lead(claim) == target:
                self._draft.delete(keys.evidence(self._farm, *claim))
        return held

    def _disprove(self, claim: Claim, machine_id: str) -> None:
        """Another edge's seat that reads a machine by this MAC is to be thought anew at its next telling.

        A machine on the list stays with this edge, which has it at another number.
        """
        machine = self._lookout.known(machine_id)
        reader = self._lookout.reader(machine) if machine else None
        if machine is None or reader is None or reader.agent == self._agent.agent:
            return
        number = self._lookout.number_of(machine_id)
        seat = self._lookout.seat(number) if number is not None else None
        is_listed = self._lookout.machine(machine_id) is not None
        if claim.text not in reader.seat.macs or (is_listed and seat is None):
            return
        self._demote(reader)
        if is_listed and number is not None and seat is not None:
            self._lookout.put_seat(self._agent.agent, number, replace(seat, reads=True, since=self._now))
            moved = replace(machine, agent=self._agent.agent, batch=batch_of(number))
            self._draft.put(keys.machine(self._farm, machine_id), moved, watched=True)
