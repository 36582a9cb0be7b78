"""Takes what an ASIC edge tells of its roster: gives each device its machine, and who reads that."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.principals import COMMANDER, Actor, AgentPrincipal
from cloud.domain.records import Agent
from cloud.ports import MAX_COMMIT_WRITES, Ports, every
from cloud.usecases.bin_machine import bin_machines
from cloud.usecases.draft_changes import Overtaken
from cloud.usecases.find_seats import Lookout
from cloud.usecases.keep_audit import commit_audited
from cloud.usecases.keep_cadence import pause_s
from cloud.usecases.recognise_machine import EPOCHS_AHEAD_MAX, note_epoch
from cloud.usecases.seat_machine import ADDED, Seating
from wire.edge import Refusal, RosterEntry, RosterReply, RosterTelling, Seat, batch_of
from wire.faults import Fault
from wire.messages import AgentKind

_TRIES = 30
_WRITES_OF_ONE = 40
"""An entry takes at most that many: ten claims, as many that are gone, seats, machines and their bins."""


def register_roster(
    ports: Ports,
    principal: AgentPrincipal,
    telling: RosterTelling,
    pause: Callable[[float], None] = time.sleep,
) -> RosterReply:
    """The seats of all devices that were told; what changes is one line of the audit log.

    Raises Fault `wrong_kind`, `enrolled_again` or `try_again` (409), `bad_epoch` or `bad_roster` (422).
    It may die between two of its commits: told again, it does what is left.
    """
    _check(principal.agent, telling)
    note_epoch(ports, principal, telling.epoch)
    done: Counter[str] = Counter()
    room = _Room(ports, principal.farm, done)
    for failed in range(_TRIES):
        if failed:
            pause(pause_s(failed))
        attempt = _Attempt(ports, principal, telling, done, room)
        try:
            reply = attempt.carry_out()
        except Overtaken:
            continue
        _finish(ports, principal, done)
        return reply
    raise Fault("try_again", "Another edge tells of the same machines; please try again.", status=409)


def _check(agent: Agent, telling: RosterTelling) -> None:
    if agent.kind is not AgentKind.ASIC:
        raise Fault("wrong_kind", "A sentry has no roster: this token is for a rig.", status=409)
    if telling.epoch < agent.epoch:
        raise Fault("enrolled_again", f"{agent.name!r} was enrolled again since.", "epoch", status=409)
    if telling.epoch > agent.epoch + EPOCHS_AHEAD_MAX:
        message = f"Epoch {telling.epoch:,} is far beyond the last enrolment, {agent.epoch:,}."
        raise Fault("bad_epoch", message, "epoch")
    numbers, batches = set[int](), set[int]()
    for index, told in enumerate(telling.batches):
        if told.batch in batches:
            raise Fault("bad_roster", "A batch stands twice.", f"batches[{index}].batch")
        batches.add(told.batch)
        for at, entry in enumerate(told.entries):
            if batch_of(entry.number) != told.batch or entry.number in numbers:
                message = "A number stands twice, or in a batch that is not its own."
                raise Fault("bad_roster", message, f"batches[{index}].entries[{at}].number")
            numbers.add(entry.number)


class _Room:
    """How many machines more the farm may have; they are counted once, and only where it matters."""

    def __init__(self, ports: Ports, farm: str, done: Counter[str]) -> None:
        self._ports, self._farm, self._done = ports, farm, done
        self._left: int | None = None

    def left(self) -> int:
        """As it was when this telling came, less what it has added."""
        if self._left is None:
            prefix, most = keys.MACHINE_PREFIX, self._ports.policy.machines_per_farm_max
            found = every(self._ports.store, keys.farm_pk(self._farm), prefix, prefix + "~")
            self._left = most - sum(1 for _ in islice(found, most)) + self._done[ADDED]
        return self._left - self._done[ADDED]


class _Attempt:
    """One go through a telling; it ends where somebody else changes what it works on."""

    def __init__(
        self,
        ports: Ports,
        principal: AgentPrincipal,
        telling: RosterTelling,
        done: Counter[str],
        room: _Room,
    ) -> None:
        self._farm, self._agent = principal.farm, principal.agent.agent
        self._telling, self._done, self._room = telling, done, room
        self._lookout = Lookout(ports, principal, telling.batches, telling.epoch)
        self._seating = Seating(ports, principal, self._lookout, self._has_room)
        self._server_at = ports.clock()

    def carry_out(self) -> RosterReply:
        """Raises Overtaken."""
        told = [entry for batch in self._telling.batches for entry in batch.entries]
        self._lookout.begin()
        unsettled = [entry for entry in told if not self._seating.is_settled(entry)]
        self._lookout.fetch(unsettled)
        refusals = [refusal for entry in unsettled if (refusal := self._seat(entry))]
        for number in self._lookout.leaving():
            self._seating.leave(number)
            self._keep(MAX_COMMIT_WRITES - _WRITES_OF_ONE)
        self._keep(0)
        refused = {refusal.number for refusal in refusals}
        seats = tuple(seat for entry in told if entry.number not in refused for seat in self._shown(entry))
        return RosterReply(self._server_at, seats, tuple(refusals), self._lookout.untold())

    def _seat(self, entry: RosterEntry) -> Refusal | None:
        refusal = self._seating.seat(entry)
        self._keep(MAX_COMMIT_WRITES - _WRITES_OF_ONE)
        return refusal

    def _has_room(self) -> bool:
        return self._room.left() > self._seating.counts[ADDED]

    def _keep(self, most: int) -> None:
        """Commits where more than `most` writes wait."""
        if self._lookout.draft.size <= most:
            return
        self._lookout.draft.commit()
        self._done.update(self._seating.counts)
        self._seating.counts.clear()

    def _shown(self, entry: RosterEntry) -> Iterator[Seat]:
        seat = self._lookout.seat(entry.number)
        if seat is not None:
            yield Seat(entry.number, seat.machine, seat.reads)


def _finish(ports: Ports, principal: AgentPrincipal, done: Counter[str]) -> None:
    """What was taken off the list in the same moment must not leave machines behind on it."""
    counts = {what: count for what, count in sorted(done.items()) if count}
    if not counts:
        return
    farm, agent = principal.farm, principal.agent
    if not (agent.simulated and ports.actor == COMMANDER):
        act = Act("tell_roster", f"agent {agent.agent}", after={"name": agent.name, **counts})
        by = Actor(f"agent {agent.agent}") if ports.actor == COMMANDER else ports.actor
        commit_audited(replace(ports, actor=by), farm, act, ())
    item = ports.store.get(keys.agent(farm, agent.agent))
    now = item.read(Agent) if item else None
    if now is not None and now.binned_at is not None:
        bin_machines(ports, farm, agent.agent, now.binned_at)
