"""Carries the samples of one machine to the commander, whatever happens on the way."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from wire.messages import EnrolmentReply, Mining, Program, Report, ReportReply, Specs, Unread
from wire.uplink import parcels
from wire.uplink.backlog import Backlog
from wire.uplink.backoff import Backoff
from wire.uplink.blocks import Room, room_of, to_ms
from wire.uplink.clock import NEGLIGIBLE_S, Moment, ServerClock, clock_warning
from wire.uplink.failure import NOT_ACCEPTED, FailureKind, UplinkFailure
from wire.uplink.haste import Haste, gap_s
from wire.uplink.news import News
from wire.uplink.parcels import BLOCKS_MAX, Parcel
from wire.uplink.telling import Telling

GOODBYE_S = 3.0
NOT_ACCEPTED_PAUSE_S = 300.0
PACE_S = 0.5  # between reports of a backlog, so that a thousand returning rigs are no flood
FUTURE_MAX_S = 60.0  # as the commander judges

_REFUSALS = frozenset({FailureKind.REFUSED, FailureKind.TOO_LARGE, FailureKind.CLOCK_AHEAD})
_SAME_SAMPLE_S = 0.01

log = logging.getLogger(__name__)


class Uplink(Protocol):
    """What a courier needs of a CommanderClient."""

    def report(self, report: Report, *, timeout_s: float | None = None) -> ReportReply:
        """Sends one report; raises UplinkFailure."""
        ...


@dataclass(frozen=True)
class Cadence:
    """How often to sample and to report, in seconds, as the commander wants it within reason."""

    sample_s: float = 10.0
    report_s: float = 60.0

    @classmethod
    def of(cls, reply: EnrolmentReply | ReportReply) -> Cadence:
        """The cadence that a reply asks for."""
        return cls(
            sample_s=min(max(reply.sample_interval_s, 1.0), 3600.0),
            report_s=min(max(reply.report_interval_s, 1.0), 86400.0),
        )


@dataclass(frozen=True)
class Origin:
    """In whose name reports go out: newer means a larger (epoch, sequence).

    `renew` enrols again and raises UplinkFailure: used where the spool was lost, since only a new epoch
    has the commander keep what it may hold of the former open block.
    """

    machine: str
    epoch: int
    next_sequence: Callable[[], int]
    renew: Callable[[], Origin] | None = None


@dataclass
class Tally:
    """How the carrying went, for people; times by the wall clock, in epoch seconds."""

    accepted_at: float | None = None
    failed_at: float | None = None
    failure: UplinkFailure | None = None


class Courier:
    """Dates samples, forms reports of a backlog, sends them and obeys the replies; it never gives up.

    The newest state goes on cadence, and before its time where the machine changed; late blocks go
    between. A retried report is formed anew, since closed blocks never change and the open one only
    grows. What was refused is dropped and counted, one block at a time.
    """

    def __init__(
        self,
        uplink: Uplink,
        origin: Origin,
        backlog: Backlog,
        *,
        now: Callable[[], Moment],
        backoff: Backoff,
        cadence: Cadence,
        news: News | None = None,
    ) -> None:
        self._uplink = uplink
        self._origin = origin
        self._now = now
        self._backoff = backoff
        self._telling = Telling(news)
        self._haste = Haste()
        self._apart: set[int] = set()
        self._most = BLOCKS_MAX
        self._redated = False
        self._again = False
        self._series = 1
        self._kept_steady = -math.inf
        self._dating = threading.RLock()
        # Steady times by the date that was given, until the first exchange shows what the date should be.
        self._undated: dict[int, float] | None = {}
        self._newest_due = now().steady
        self._planned = self._rest_until = -math.inf
        self.backlog = backlog
        self.clock = ServerClock()
        self.cadence = cadence
        self.tally = Tally()
        self._begin()

    def describe(
        self,
        specs: Specs | None,
        unread: tuple[Unread, ...],
        mining: tuple[Mining, ...] = (),
        programs: tuple[Program, ...] = (),
    ) -> None:
        """What the next report says of the machine beside its samples: what is new, and what it mines."""
        self._telling.describe(specs, unread, mining, programs)

    def keep(self, at: Moment, values: Mapping[str, float]) -> None:
        """Dates a sample that was taken at `at` and keeps it for the next report."""
        with self._dating:
            if at.steady - self._kept_steady < _SAME_SAMPLE_S:
                return
            self._kept_steady = at.steady
            self._series = len(values)
            kept_ms = self.backlog.add(to_ms(self.clock.corrected(at)), values, self._room())
            if self._undated is not None:
                self._undated[kept_ms] = at.steady

    def newest_due(self) -> bool:
        """Whether the next report tells the newest state: a fresh sample is worth taking."""
        return self._now().steady >= min(self._newest_due, self.hurry_at())

    def hurry_at(self) -> float:
        """From when on, by the steady clock, the next report may not wait; else inf.

        Because the machine changed, or an order was carried out.
        """
        urgent = self._telling.bulletin.urgent
        if not urgent and not self._telling.changed:
            return math.inf
        return max(self._haste.earliest(self.cadence.report_s, asked=urgent), self._rest_until)

    def bring_forward(self, share: float) -> float:
        """The next newest state comes after that share of the interval; returns the seconds until then."""
        self._newest_due -= (1 - share) * self.cadence.report_s
        return self._newest_due - self._now().steady

    def deliver(self) -> float:
        """Sends one report if one is due; returns the seconds until the next attempt."""
        self._take_up()
        try:
            self._renew()
            began = self._now().steady
            if began >= self._newest_due:
                self._deliver_newest(began)
            else:
                self._deliver_late()
        except UplinkFailure as failure:
            pause_s = self._pause_s(failure)
            self._rest_until = self._now().steady + pause_s
            return pause_s
        return self._until_next_s()

    def goodbye(self, limit_s: float = GOODBYE_S) -> bool:
        """Sends the newest state, saying that the agent stops; True when that arrived in time."""
        until = self._now().steady + limit_s
        while (left_s := until - self._now().steady) > 0:
            parcel = self._choose_newest()
            goodbye = parcel is not None
            parcel = parcel or self._choose_late()
            if parcel is None or self._lost:
                return False
            try:
                if self._send(parcel, goodbye=goodbye, timeout_s=left_s) and goodbye:
                    return True
            except UplinkFailure:
                return False
        return False

    def learn(self, sent: Moment, server_at: float) -> None:
        """Takes `server_at` as the commander's time between `sent` and now."""
        received = self._now()
        was_off = self.clock.is_off(received)
        with self._dating:
            self.clock.learn(sent, received, server_at)
            self._undated = None
        offset_s = self.clock.offset_s(received) or 0.0
        self.backlog.note_clock_offset(offset_s)
        if self.clock.is_off(received) and not was_off:
            log.warning(clock_warning(offset_s))

    @property
    def _lost(self) -> bool:
        """Whether what the commander knows of this epoch is not known here any more."""
        if self._origin.renew is None:
            return False
        epoch = self.backlog.epoch
        # A later epoch than the enrolment's: that could not be written down on a full disk.
        return epoch is None or (self.backlog.machine == self._origin.machine and epoch > self._origin.epoch)

    def _begin(self) -> None:
        offset_s = self.backlog.clock_offset_s
        if offset_s is not None and abs(offset_s) > NEGLIGIBLE_S:
            self.clock.recall(offset_s, self._now())
        if not self._lost and self.backlog.epoch != self._origin.epoch:
            self.backlog.begin(self._origin.machine, self._origin.epoch)

    def _renew(self) -> None:
        if not self._lost or self._origin.renew is None:
            return
        try:
            self._origin = self._origin.renew()
        except UplinkFailure as failure:
            self._note_failure(failure)
            raise
        self.backlog.begin(self._origin.machine, self._origin.epoch)
        self._telling.forget()

    def _take_up(self) -> None:
        """A change that may not wait is due from now on, whatever becomes of this attempt."""
        now = self._now().steady
        early = self.hurry_at() <= now < self._newest_due
        asked = self._telling.bulletin.urgent
        if early:
            self._planned, self._newest_due = self._newest_due, now
        if now >= self._newest_due:
            self._haste.note(now, early=early and not asked)

    def _deliver_newest(self, began: float) -> None:
        parcel = self._choose_newest()
        if parcel is None and self.backlog.open() is not None:
            self._deliver_late()
            return
        if parcel is None:  # begun anew, or refused: the next sample opens a block
            self._newest_due = began + min(self.cadence.sample_s, self.cadence.report_s)
            return
        again = not self._send(parcel) and self._again
        if not again:
            self._newest_due = self._due_after(began)

    def _due_after(self, began: float) -> float:
        """On cadence; after a report before its time the next one keeps its own: fleets stay spread."""
        planned, self._planned = self._planned, -math.inf
        due = began + self.cadence.report_s
        return min(due, planned) if planned - began >= gap_s(self.cadence.report_s) else due

    def _deliver_late(self) -> None:
        parcel = self._choose_late()
        if parcel is not None:
            self._send(parcel)

    def _until_next_s(self) -> float:
        due_s = self._newest_due - self._now().steady
        waits = due_s <= 0 or bool(self.backlog.rows())
        return min(self._backoff.spread_s(PACE_S), max(due_s, PACE_S)) if waits else due_s

    def _choose_newest(self) -> Parcel | None:
        return parcels.newest(self.backlog, self._form, self._most, self._apart)

    def _choose_late(self) -> Parcel | None:
        return parcels.late(self.backlog, self._form, self._most, self._apart)

    def _send(self, parcel: Parcel, *, goodbye: bool = False, timeout_s: float | None = None) -> bool:
        """Whether it was accepted; raises UplinkFailure where that is unknown or may come later."""
        before = self.backlog.show(parcel.open)
        report = self._form(parcel, self._origin.next_sequence(), goodbye=goodbye)
        sent = self._now()
        try:
            reply = self._uplink.report(report, timeout_s=timeout_s)
        except UplinkFailure as failure:
            self._note_failure(failure)
            refused = failure.kind in _REFUSALS
            if parcel.open is not None and (refused or failure.kind in NOT_ACCEPTED or failure.never_arrived):
                self.backlog.unshow(parcel.open, before)
            if not refused:
                raise
            self._again = self._note_refusal(failure, parcel, report, sent)
            return False
        self._note_accepted(reply, parcel, report, sent)
        return True

    def _note_accepted(self, reply: ReportReply, parcel: Parcel, report: Report, sent: Moment) -> None:
        self.backlog.acknowledge(parcel.keys, parcel.open)
        self._apart -= set(parcel.keys)
        self._most = min(BLOCKS_MAX, self._most * 2)
        self._redated = False
        self._telling.note_told(report.machines[0])
        self._telling.bulletin.news.take(reply)
        self.learn(sent, reply.server_at)
        self.cadence = Cadence.of(reply)
        self._newest_due = min(self._newest_due, sent.steady + self.cadence.report_s)
        self._backoff.reset()
        if self.tally.failure is not None or self.tally.accepted_at is None:
            log.info("The commander accepts our reports.")
        self.tally.accepted_at, self.tally.failure = self._now().wall, None

    def _note_failure(self, failure: UplinkFailure) -> None:
        self._telling.bulletin.news.missed()
        before = self.tally.failure
        self.tally.failure, self.tally.failed_at = failure, self._now().wall
        if before is None or before.sentence != failure.sentence:
            prefix = "not accepted: " if failure.kind in NOT_ACCEPTED else ""
            log.warning("%s%s", prefix, failure.sentence)

    def _note_refusal(self, failure: UplinkFailure, parcel: Parcel, report: Report, sent: Moment) -> bool:
        """Nothing of the report was stored: drops what can never arrive; whether the rest may go at once."""
        if failure.server_at is not None and not self._redated:
            self._set_clock(sent, failure.server_at)
        elif (failure.server_at is not None and self._drop_future(failure.server_at)) or (
            self._telling.note_refused(report.machines[0], failure.field)
        ):
            self.backlog.refuse()
        elif failure.kind is FailureKind.TOO_LARGE and len(parcel.keys) > 1 and self._most > 1:
            self._most = len(parcel.keys) // 2
        elif len(parcel.keys) > 1 or (parcel.keys and parcel.open is not None):
            self._apart |= set(parcel.keys)
        else:
            self._apart -= set(parcel.keys)
            self.backlog.refuse(parcel.keys, parcel.open)
            return parcel.open is None
        return True

    def _set_clock(self, sent: Moment, server_at: float) -> None:
        """The samples of this process that nobody was shown get right times, once."""
        self._redated = True
        with self._dating:
            undated = self._undated or {}
            self.learn(sent, server_at)
            right = {at_ms: to_ms(self.clock.at(steady) or 0.0) for at_ms, steady in undated.items()}
            self.backlog.redate(right, self._future_ms(server_at), self._room())

    def _drop_future(self, server_at: float) -> int:
        self._redated = False
        return self.backlog.redate({}, self._future_ms(server_at), self._room())

    def _future_ms(self, server_at: float) -> int:
        return to_ms(server_at + FUTURE_MAX_S)

    def _room(self) -> Room:
        return room_of(self._series, self.cadence.sample_s, self.cadence.report_s)

    def _pause_s(self, failure: UplinkFailure) -> float:
        # It is kept for people; its frames would keep the whole report alive.
        failure.__traceback__ = failure.__context__ = None
        if failure.kind in NOT_ACCEPTED:
            return NOT_ACCEPTED_PAUSE_S
        return max(self._backoff.next_s(), failure.retry_after_s or 0.0)

    def _form(self, parcel: Parcel, sequence: int = 0, *, goodbye: bool = False) -> Report:
        now = self._now()
        part = parcel.part(self._origin.machine)
        if parcel.open is not None:
            part = self._telling.added_to(part)
        return Report(
            epoch=self._origin.epoch,
            sequence=sequence,
            sent_at=round(self.clock.corrected(now), 3),
            interval_s=self.cadence.report_s,
            machines=(part,),
            goodbye=goodbye,
            dropped=self.backlog.dropped,
            clock_off_s=self._clock_off_s(now),
        )

    def _clock_off_s(self, now: Moment) -> float | None:
        offset_s = self.clock.offset_s(now)
        return -round(offset_s, 3) if offset_s is not None and abs(offset_s) > NEGLIGIBLE_S else None
