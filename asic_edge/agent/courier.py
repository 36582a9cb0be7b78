"""Carries roster, newest states and closed blocks of an edge to the commander, whatever happens."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, Protocol

from asic_edge.agent import parcels
from asic_edge.agent.backlog import Backlog
from asic_edge.agent.dating import Dating
from asic_edge.agent.origin import COPIED, Origin
from asic_edge.agent.parcels import INFLATED_MOST_BYTES, Parcel, Room
from asic_edge.agent.refusals import Refusals, is_refusal
from asic_edge.agent.registry import Registry
from asic_edge.agent.status import Tally
from asic_edge.agent.telling import Newest, Telling
from asic_edge.settings.folder import SettingsError
from wire.codec import encode
from wire.edge import EdgeState, RosterReply, RosterTelling, batch_of
from wire.messages import Report, ReportReply
from wire.uplink.backoff import Backoff
from wire.uplink.blocks import to_ms
from wire.uplink.clock import NEGLIGIBLE_S, Moment
from wire.uplink.failure import NOT_ACCEPTED, FailureKind, UplinkFailure

GOODBYE_S: Final = 3.0
NOT_ACCEPTED_PAUSE_S: Final = 300.0
NO_DISK_PAUSE_S: Final = 60.0
PACE_S: Final = 0.5
"""Between reports of late blocks, so that a hall that comes back is no flood."""
SOON_S: Final = 0.1
LEAST_WATCHED_S: Final = 2.0
FUTURE_MAX_S: Final = 60.0  # as the commander judges
BUSY_S: Final = 10.0
"""A roster that a busy commander did not take waits so long, for reports may get through meanwhile."""

log = logging.getLogger(__name__)


class Uplink(Protocol):
    """What is needed of a CommanderClient. Both raise UplinkFailure."""

    def report(self, report: Report, *, timeout_s: float | None = None) -> ReportReply: ...

    def tell_roster(self, telling: RosterTelling) -> RosterReply: ...


class Picture(NamedTuple):
    """What is known now: the states of devices that are read here and have a seat; how the edge is doing.

    None: was not wanted.
    """

    states: tuple[Newest, ...] | None = None
    edge: EdgeState | None = None


class Wants(NamedTuple):
    """What the next picture must hold; the rest of it may be left out."""

    states: bool
    edge: bool


class Delivered(NamedTuple):
    """What one attempt came to. `shift_s`: all times that were given before were wrong by so much."""

    wait_s: float
    reply: ReportReply | None = None
    edge: EdgeState | None = None
    shift_s: float = 0.0
    events: Mapping[int, set[int]] = {}
    waiting: int = 0
    """Closed blocks."""


class Keeping(NamedTuple):
    """What an edge keeps for the commander, and in whose name and by which time it tells it."""

    origin: Origin
    backlog: Backlog
    registry: Registry
    dating: Dating


class Courier:
    """One request with each `deliver`; it never gives up. `round_ended` and `wants` are for another thread.

    First the roster, for nothing else arrives without seats; then what is newest; then late blocks.
    """

    def __init__(
        self,
        uplink: Uplink,
        keeping: Keeping,
        *,
        now: Callable[[], Moment],
        backoff: Backoff,
        agent_version: str,
        round_s: float,
    ) -> None:
        self._uplink, self._now, self._backoff = uplink, now, backoff
        self._origin, self.backlog, self.registry, self.dating = keeping
        self.round_s = round_s
        self.tally = Tally()
        self._telling = Telling(agent_version)
        self._refusals = Refusals(self.backlog, self.registry, self._telling)
        self._rounds = self._rounds_seen = 0
        self._pending: dict[int, None] = {}
        self._edge_owed = True
        self._edge_at = math.inf
        self._room = Room()
        self._rest_until = -math.inf
        self._looked_to = 0
        self._delivered = Delivered(0.0)

    def round_ended(self) -> None:
        """The newest states are worth a report."""
        self._rounds += 1

    def wants(self) -> Wants:
        """Nothing while it rests after a failure."""
        now = self._now().steady
        if now < self._rest_until:
            return Wants(states=False, edge=False)
        fresh = self._rounds != self._rounds_seen
        return Wants(fresh or bool(self._pending), fresh or self._edge_owed or now >= self._edge_at)

    def deliver(self, picture: Picture) -> Delivered:
        """Sends one request if one is due."""
        self._delivered = Delivered(0.0)
        began = self._now().steady
        if began >= self._rest_until:
            try:
                wait_s = self._deliver(picture)
            except UplinkFailure as failure:
                wait_s = self._rest(self._pause_s(failure))
            except SettingsError as error:
                self._note_failure(str(error))
                wait_s = self._rest(NO_DISK_PAUSE_S)
        else:
            wait_s = self._rest_until - began
        events, self._telling.events_told = self._telling.events_told, {}
        return self._delivered._replace(wait_s=wait_s, events=events, waiting=self.backlog.blocks)

    def goodbye(self, picture: Picture, limit_s: float = GOODBYE_S) -> bool:
        """Sends all newest states once more, saying that the agent stops; whether that arrived in time."""
        until = self._now().steady + limit_s
        self._room = self._room._replace(extras=False, blocks=0)
        self._pending, self._edge_owed = _batches(picture), picture.edge is not None
        while self._pending or self._edge_owed:
            left_s = until - self._now().steady
            if left_s <= 0 or self._origin.epoch is None:
                return False
            try:
                before = len(self._pending), self._edge_owed
                self._send_newest(picture, goodbye=True, timeout_s=left_s)
            except (UplinkFailure, SettingsError):
                return False
            if (len(self._pending), self._edge_owed) == before:
                return False
        return True

    def _deliver(self, picture: Picture) -> float:
        try:
            return self._deliver_next(picture)
        except UplinkFailure as failure:
            if failure.kind is not FailureKind.OTHER_MACHINE:
                raise
            if not self._begin_anew():
                raise UplinkFailure(failure.kind, COPIED) from None
            return SOON_S

    def _deliver_next(self, picture: Picture) -> float:
        if self._origin.epoch is None:
            self._origin.renew()
            self._forget_told()
        now = self._now().steady
        telling = self.registry.due(self._origin.epoch or 0, now)
        if telling is not None:
            self._tell(telling)
            return SOON_S
        self._take_round(picture, now)
        if self._pending or self._edge_owed:
            self._send_newest(picture)
        elif self._send_late():
            return self._backoff.spread_s(PACE_S)
        return self._until_next_s()

    def _take_round(self, picture: Picture, now: float) -> None:
        """A round that ended owes all batches; those that were told longest ago come first."""
        rounds = self._rounds
        if rounds != self._rounds_seen and picture.states is not None:
            self._pending = {**self._pending, **_batches(picture)}
            self._rounds_seen, self._edge_owed, self._looked_to = rounds, True, 0
            self._refusals.forgive()
        if now >= self._edge_at:
            self._edge_owed, self._edge_at = True, math.inf

    def _until_next_s(self) -> float:
        now = self._now().steady
        if self._pending or self._edge_owed or (self.backlog.blocks > 0 and self._looked_to >= 0):
            return SOON_S
        return max(min(self.registry.next_due(now), self._edge_at - now, self.round_s), SOON_S)

    def _begin_anew(self) -> bool:
        """Whether this is a new epoch now, for the commander has a later one."""
        return self._origin.renew_again(self._now().steady) and self._forget_told()

    def _forget_told(self) -> bool:
        self._telling.forget()
        self.registry.forget_told()
        return True

    def _tell(self, telling: RosterTelling) -> None:
        sent = self._now()
        try:
            reply = self._uplink.tell_roster(telling)
        except UplinkFailure as failure:
            self._note_not_told(failure, telling)
            return
        self.registry.told(telling, reply, self._now().steady)
        self._refusals.seats_changed()
        self._learn(sent, reply.server_at)
        self._note_good()

    def _note_not_told(self, failure: UplinkFailure, telling: RosterTelling) -> None:
        """Reports are tried all the same, unless nobody answers."""
        now = self._now().steady
        if is_refusal(failure):
            self._note_failure(failure.sentence)
            self.registry.not_taken(telling, now)
        elif failure.kind in NOT_ACCEPTED:
            self.registry.put_off(telling, now + NOT_ACCEPTED_PAUSE_S)
            again = failure.kind is FailureKind.OTHER_MACHINE
            if not (again and self._begin_anew()):
                self._note_failure(COPIED if again else failure.sentence)
        else:
            if failure.kind is FailureKind.BUSY:
                self.registry.put_off(telling, now + BUSY_S)
            raise failure

    def _send_newest(
        self, picture: Picture, *, goodbye: bool = False, timeout_s: float | None = None
    ) -> None:
        edge = self._refusals.spared(picture.edge) if self._edge_owed else None
        by_batch: dict[int, list[Newest]] = {}
        for state in picture.states or ():
            if self._refusals.allows(state):
                by_batch.setdefault(batch_of(state.number), []).append(state)
        if picture.states is not None:
            self._pending = {batch: None for batch in self._pending if batch in by_batch}
        alone = edge is not None and len(encode(edge)) > INFLATED_MOST_BYTES // 2
        chosen = {} if alone else {each: by_batch[each] for each in self._pending if each in by_batch}
        latest_at = self.dating.corrected(self._now())
        parcel = self._fitting(chosen, edge, latest_at)
        if parcel.is_empty:
            self._edge_owed = self._edge_owed and picture.edge is None
        elif self._send(parcel, goodbye=goodbye, timeout_s=timeout_s):
            self._pending = {batch: None for batch in self._pending if batch not in parcel.batches}

    def _fitting(
        self, chosen: Mapping[int, list[Newest]], edge: EdgeState | None, latest_at: float
    ) -> Parcel:
        """Less and less, until it is small enough when compressed too."""
        room = self._room
        if not chosen and edge is None:
            room = room._replace(blocks=room.blocks or Room().blocks)
        while True:
            parcel = parcels.newest(chosen, self._telling, edge, room, latest_at)
            if room.blocks:
                parcel = self._with_blocks(parcel, room)
            if len(parcel.parts) <= 1 or parcels.is_small_enough(encode(self._form(parcel, 0))):
                return parcel
            room = room._replace(
                bytes=room.bytes // 2, blocks=0, extras=room.bytes > INFLATED_MOST_BYTES // 8
            )
            if room.bytes < parcels.LEAST_BYTES:
                return parcel

    def _with_blocks(self, parcel: Parcel, room: Room) -> Parcel:
        late = parcels.with_blocks(
            parcel, self.backlog, room, self._looked_to, self._refusals.machine_of, self._refusals.knows
        )
        self.backlog.forget(late.gone)
        if late.is_idle:
            self._looked_to = late.looked_to or -1
        return late.parcel

    def _send_late(self) -> bool:
        """Whether something was sent. `_looked_to` below 0: nothing more can be, until a round has ended."""
        if self._looked_to < 0 or self.backlog.blocks == 0:
            return False
        parcel = self._fitting({}, None, 0.0)
        if parcel.parts:
            self._send(parcel)
        return bool(parcel.parts)

    def _send(self, parcel: Parcel, *, goodbye: bool = False, timeout_s: float | None = None) -> bool:
        """Whether it was accepted; raises UplinkFailure where that is unknown or may come later."""
        report = self._form(parcel, self._origin.next(), goodbye=goodbye)
        self.backlog.spool.note_unsaved()
        sent = self._now()
        try:
            reply = self._uplink.report(report, timeout_s=timeout_s)
        except UplinkFailure as failure:
            if not is_refusal(failure):
                raise
            self._note_failure(failure.sentence)
            self._note_refusal(failure, parcel, sent)
            return False
        self._note_accepted(reply, parcel, sent)
        return True

    def _note_accepted(self, reply: ReportReply, parcel: Parcel, sent: Moment) -> None:
        self.backlog.acknowledge(parcel.all_ids)
        for number, part in zip(parcel.numbers, parcel.parts, strict=True):
            self._telling.note_told(number, part)
        self.registry.released(reply.released)
        self._room = Room(min(self._room.bytes * 2, INFLATED_MOST_BYTES), Room().blocks)
        self._refusals.accepted()
        if parcel.edge is not None:
            self._edge_owed = False
        watched = reply.report_interval_s < self.round_s
        wait_s = max(reply.report_interval_s, LEAST_WATCHED_S)
        self._edge_at = sent.steady + wait_s if watched else math.inf
        self._learn(sent, reply.server_at)
        self._delivered = self._delivered._replace(reply=reply, edge=parcel.edge)
        self._note_good()

    def _note_refusal(self, failure: UplinkFailure, parcel: Parcel, sent: Moment) -> None:
        """Nothing of the report was stored: drops what can never arrive, so that the rest does."""
        if failure.server_at is not None:
            future = self.dating.known
            self._learn(sent, failure.server_at)
            if future:
                self.backlog.drop_after(to_ms(failure.server_at + FUTURE_MAX_S))
                self._refusals.skip(parcel.parts)
        else:
            self._room = self._refusals.settle(failure, parcel, self._room)
            self._edge_owed = self._edge_owed and not self._refusals.edge_is_barred

    def _learn(self, sent: Moment, server_at: float) -> None:
        received = self._now()
        with self.dating.lock:
            first = not self.dating.known
            shift_s = self.dating.learn(sent, received, server_at)
            if first:
                self.backlog.shift(to_ms(shift_s))
        offset_s = self.dating.offset_s(received) or 0.0
        self.backlog.note_clock_offset(to_ms(offset_s))
        self._delivered = self._delivered._replace(shift_s=self._delivered.shift_s + shift_s)

    def _form(self, parcel: Parcel, sequence: int, *, goodbye: bool = False) -> Report:
        now = self._now()
        offset_s = self.dating.offset_s(now)
        off = offset_s is not None and abs(offset_s) > NEGLIGIBLE_S
        return Report(
            epoch=self._origin.epoch or 1,
            sequence=sequence,
            sent_at=round(max(self.dating.corrected(now), 0.0), 3),
            interval_s=self.round_s,
            machines=parcel.parts,
            goodbye=goodbye,
            dropped=self.backlog.dropped,
            clock_off_s=-round(offset_s, 3) if off and offset_s is not None else None,
            edge=parcel.edge,
        )

    def _note_good(self) -> None:
        self._backoff.reset()
        if self.tally.failure is not None or self.tally.accepted_at is None:
            log.info("The commander accepts what we tell.")
        self.tally.accepted_at, self.tally.failure = self._now().wall, None

    def _note_failure(self, sentence: str) -> None:
        if self.tally.failure != sentence:
            log.warning("%s", sentence)
        self.tally.failure, self.tally.failed_at = sentence, self._now().wall

    def _pause_s(self, failure: UplinkFailure) -> float:
        failure.__traceback__ = failure.__context__ = None  # its frames would keep the whole report alive
        self._note_failure(failure.sentence)
        if failure.kind in NOT_ACCEPTED:
            return NOT_ACCEPTED_PAUSE_S
        return max(self._backoff.next_s(), failure.retry_after_s or 0.0)

    def _rest(self, pause_s: float) -> float:
        self._rest_until = self._now().steady + pause_s
        return pause_s


def _batches(picture: Picture) -> dict[int, None]:
    return dict.fromkeys(batch_of(state.number) for state in picture.states or ())
