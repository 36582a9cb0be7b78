"""A courier with everything around it faked, and time that a test moves."""

from __future__ import annotations

import math
from itertools import count
from pathlib import Path

from tests.fakes.moments import FakeMoments, seeded
from tests.fakes.uplink import FakeUplink
from wire.messages import Specs
from wire.uplink.backlog import Backlog, Limits
from wire.uplink.backoff import Backoff
from wire.uplink.courier import Cadence, Courier, Origin
from wire.uplink.failure import FailureKind, UplinkFailure
from wire.uplink.spool import Spool

UNREACHABLE = UplinkFailure(FailureKind.UNREACHABLE, "Cannot reach it.", never_arrived=True)
NO_ANSWER = UplinkFailure(FailureKind.UNREACHABLE, "No answer in time.")
SPECS = Specs(hostname="rig")


class Trip:
    """`sample` samples every 10 s; `live` lets time pass as an agent's two threads would."""

    def __init__(
        self,
        moments: FakeMoments | None = None,
        folder: Path | None = None,
        limits: Limits = Limits(),  # noqa: B008 - immutable
    ) -> None:
        self.moments = moments or FakeMoments()
        self.folder, self.limits = folder, limits
        self.uplink = FakeUplink(self.moments.true_time)
        self.numbers = count()
        self.true_times: list[float] = []
        self.sampled = self.report_at = -math.inf
        self.courier = self.started()

    def started(self, epoch: int = 3) -> Courier:
        """A process that begins on what lies in the folder."""
        courier = Courier(
            self.uplink,
            Origin("m1", epoch, self.numbers.__next__),
            Backlog(Spool(self.folder, steady=lambda: self.moments.steady), self.limits),
            now=self.moments,
            backoff=Backoff(seeded()),
            cadence=Cadence(),
        )
        courier.describe(SPECS, ())
        return courier

    @property
    def backlog(self) -> Backlog:
        return self.courier.backlog

    def restart(self, epoch: int = 3) -> None:
        """As after a kill: the former process says nothing any more."""
        self.courier.backlog.spool.close()
        self.courier = self.started(epoch)

    def sample(self, times: int = 1) -> None:
        for _ in range(times):
            self.moments.advance(10)
            self.true_times.append(round(self.moments.true_time(), 3))
            self.courier.keep(self.moments(), {"load_1min": float(len(self.true_times))})

    def live(self, seconds: float) -> None:
        """Samples and reports on cadence, and where something changed at once."""
        until = self.moments.steady + seconds
        while True:
            sample_at = self.sampled + self.courier.cadence.sample_s
            due = max(min(self.report_at, sample_at, self.courier.hurry_at()), self.moments.steady)
            if due >= until:
                break
            self.moments.steady = due
            if due >= sample_at:
                self.sample_now()
                self.sampled = due
            else:
                self.report_at = due + self.courier.deliver()
        self.moments.steady = until

    def sample_now(self) -> None:
        self.true_times.append(round(self.moments.true_time(), 3))
        self.courier.keep(self.moments(), {"load_1min": float(len(self.true_times))})

    def deliver_all(self) -> list[float]:
        """Reports until nothing but the open block waits; returns the pauses that were kept."""
        pauses = []
        while self.courier.newest_due() or self.backlog.rows():
            pauses.append(self.courier.deliver())
            if self.courier.newest_due() or self.backlog.rows():
                self.moments.advance(pauses[-1])
        return pauses

    def arrived(self) -> list[float]:
        return self.uplink.arrived()
