"""A way to the commander that a test scripts, without a network."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.commander import Held
from wire.codec import check_report
from wire.messages import Report, ReportReply
from wire.uplink.failure import UplinkFailure


@dataclass
class FakeUplink:
    """Records the accepted reports. `down` fails every attempt, `scripted` the next ones.

    `deaf` accepts a report and fails nevertheless, as when the answer is lost on its way.
    """

    clock: Callable[[], float]
    sample_interval_s: float = 10.0
    report_interval_s: float = 60.0
    down: UplinkFailure | None = None
    scripted: deque[UplinkFailure] = field(default_factory=deque)
    deaf: UplinkFailure | None = None
    held: Held = field(default_factory=Held)
    accepted: list[Report] = field(default_factory=list)
    attempts: list[Report] = field(default_factory=list)
    timeouts: list[float | None] = field(default_factory=list)

    def report(self, report: Report, *, timeout_s: float | None = None) -> ReportReply:
        """Checks the report as a commander does."""
        self.attempts.append(report)
        self.timeouts.append(timeout_s)
        if self.scripted:
            raise self.scripted.popleft()
        if self.down is not None:
            raise self.down
        check_report(report)
        self.accepted.append(report)
        self.held.take(report)
        if self.deaf is not None:
            raise self.deaf
        return ReportReply(
            report.epoch,
            report.sequence,
            self.clock(),
            self.sample_interval_s,
            self.report_interval_s,
        )

    def arrived(self, machine: str = "m1") -> list[float]:
        """The times of all samples that are kept."""
        return list(self.held.samples(machine))
