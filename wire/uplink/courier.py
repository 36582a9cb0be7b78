"""Carries the samples of one machine to the commander, whatever happens on the way."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from wire.messages import (
    EnrolmentReply,
    MachineReport,
    Report,
    ReportReply,
    Series,
    Specs,
    Unread,
)
from wire.uplink.backoff import Backoff
from wire.uplink.clock import Moment, ServerClock, clock_warning
from wire.uplink.failure import NOT_ACCEPTED, FailureKind, UplinkFailure
from wire.uplink.outbox import Outbox, Sample

GOODBYE_S = 3.0
NOT_ACCEPTED_PAUSE_S = 300.0

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
    """In whose name reports go out: newer means a larger (epoch, sequence)."""

    machine: str
    epoch: int
    next_sequence: Callable[[], int]


@dataclass
class Tally:
    """How the carrying went, for people; times by the wall clock, in epoch seconds."""

    accepted_at: float | None = None
    refused: int = 0
    failed_at: float | None = None
    failure: UplinkFailure | None = None


class Courier:
    """Forms reports from an outbox, sends them oldest first and obeys the replies.

    Keeps a report that could not be sent, drops and counts one that was refused, dates it anew once
    when its times were in the future, and slows down while not accepted; it never gives up.
    """

    def __init__(
        self,
        uplink: Uplink,
        origin: Origin,
        outbox: Outbox,
        *,
        now: Callable[[], Moment],
        backoff: Backoff,
        cadence: Cadence,
    ) -> None:
        self._uplink = uplink
        self._origin = origin
        self._now = now
        self._backoff = backoff
        self._specs: Specs | None = None
        self._specs_told: Specs | None = None
        self._unread: tuple[Unread, ...] = ()
        self._reformed = False
        self.outbox = outbox
        self.clock = ServerClock()
        self.cadence = cadence
        self.tally = Tally()

    def describe(self, specs: Specs | None, unread: tuple[Unread, ...]) -> None:
        """What the next report says of the machine beside its samples."""
        self._specs, self._unread = specs, unread

    def deliver(self) -> float:
        """Sends all that waits; returns the seconds until the next attempt."""
        while (report := self.outbox.head(self._form)) is not None:
            try:
                self._send(report, None)
            except UplinkFailure as failure:
                return self._pause_s(failure)
        return self.cadence.report_s

    def goodbye(self, limit_s: float = GOODBYE_S) -> bool:
        """Sends all that waits, the last report saying that the agent stops; True when that arrived."""
        until = self._now().steady + limit_s
        while (report := self.outbox.head(self._form_goodbye)) is not None:
            left_s = until - self._now().steady
            if left_s <= 0:
                return False
            try:
                accepted = self._send(report, left_s)
            except UplinkFailure:
                return False
            if accepted and report.goodbye:
                return True
        return False

    def _send(self, report: Report, timeout_s: float | None) -> bool:
        """Whether it was accepted; False when it was dropped or waits to be formed anew."""
        sent = self._now()
        stamped = msgspec.structs.replace(report, sent_at=round(self.clock.corrected(sent), 3))
        try:
            reply = self._uplink.report(stamped, timeout_s=timeout_s)
        except UplinkFailure as failure:
            self._note_failure(failure)
            if failure.server_at is not None and not self._reformed:
                self._set_clock(sent, failure.server_at)
            elif failure.kind in {FailureKind.REFUSED, FailureKind.CLOCK_AHEAD}:
                self._drop(report, failure)
            else:
                raise
            return False
        self._note_accepted(reply, report, sent)
        return True

    def _note_accepted(self, reply: ReportReply, report: Report, sent: Moment) -> None:
        received = self._now()
        self._specs_told = report.machines[0].specs or self._specs_told
        self._settle()
        self._learn(sent, received, reply.server_at)
        self.cadence = Cadence.of(reply)
        self._backoff.reset()
        if self.tally.failure is not None or self.tally.accepted_at is None:
            log.info("The commander accepts our reports.")
        self.tally.accepted_at, self.tally.failure = received.wall, None

    def _note_failure(self, failure: UplinkFailure) -> None:
        before = self.tally.failure
        self.tally.failure, self.tally.failed_at = failure, self._now().wall
        if before is None or before.sentence != failure.sentence:
            prefix = "not accepted: " if failure.kind in NOT_ACCEPTED else ""
            log.warning("%s%s", prefix, failure.sentence)

    def _drop(self, report: Report, failure: UplinkFailure) -> None:
        self.tally.refused += 1
        self._settle()
        if ".specs" in failure.field:
            # Else one bad spec would have every later report refused too.
            self._specs_told = report.machines[0].specs

    def _set_clock(self, sent: Moment, server_at: float) -> None:
        """Nothing of the report was stored, so it may change: the same samples get right times."""
        self._learn(sent, self._now(), server_at)
        self._reformed = True
        self.outbox.reform()

    def _settle(self) -> None:
        self._reformed = False
        self.outbox.settle()

    def _learn(self, sent: Moment, received: Moment, server_at: float) -> None:
        was_off = self.clock.is_off(received)
        self.clock.learn(sent, received, server_at)
        if self.clock.is_off(received) and not was_off:
            log.warning(clock_warning(self.clock.offset_s(received) or 0.0))

    def _pause_s(self, failure: UplinkFailure) -> float:
        if failure.kind in NOT_ACCEPTED:
            return NOT_ACCEPTED_PAUSE_S
        return max(self._backoff.next_s(), failure.retry_after_s or 0.0)

    def _form_goodbye(self, samples: Sequence[Sample], last: bool) -> Report:
        return msgspec.structs.replace(self._form(samples, last), goodbye=last)

    def _form(self, samples: Sequence[Sample], _last: bool) -> Report:
        now = self._now()
        server_at = self.clock.corrected(now)
        specs = self._specs if self._specs != self._specs_told else None
        machine = MachineReport(
            machine=self._origin.machine,
            at=tuple(round(server_at - (now.steady - sample.taken), 3) for sample in samples),
            series=_series(samples),
            unread=self._unread,
            specs=specs,
        )
        return Report(
            epoch=self._origin.epoch,
            sequence=self._origin.next_sequence(),
            sent_at=round(server_at, 3),
            interval_s=self.cadence.report_s,
            machines=(machine,),
        )


def _series(samples: Sequence[Sample]) -> tuple[Series, ...]:
    """A column for each metric that was read at least once."""
    names = dict.fromkeys(name for sample in samples for name in sample.values)
    return tuple(
        Series(metric=name, values=tuple(sample.values.get(name) for sample in samples)) for name in names
    )
