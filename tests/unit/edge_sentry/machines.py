"""A rig whose sources say what a test wants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from edge_sentry.agent.loop import SLICE_S, Agent, NoMining
from edge_sentry.agent.loop import Mining as MiningPart
from edge_sentry.agent.sampler import Sampler
from edge_sentry.collectors import Source
from edge_sentry.reading import Reading
from edge_sentry.simulator.figures import Figures
from tests.fakes.moments import FakeMoments, seeded
from tests.fakes.uplink import FakeUplink
from wire.messages import Mining
from wire.uplink.backlog import Backlog
from wire.uplink.backoff import Backoff
from wire.uplink.courier import Cadence, Courier, Origin
from wire.uplink.spool import Spool

# A data folder in which nothing can be written, so that nothing is left behind.
NOWHERE = Path("/nowhere")


def source(collect: Callable[[], Reading], *metrics: str, name: str = "fake") -> Source:
    """A row of COLLECTORS."""
    return Source(name, metrics, lambda _folder: collect)


@dataclass
class FakeRig:
    """An agent in time that a test moves; `run` plays both loops of the agent as its threads would.

    `unread` and `mining` are read with each sample, and all `figures` where there are some.
    """

    moments: FakeMoments = field(default_factory=FakeMoments)
    load: float = 1.0
    unread: dict[str, str] = field(default_factory=dict)
    mining: tuple[Mining, ...] = ()
    figures: Figures | None = None
    part: MiningPart = field(default_factory=NoMining)

    def __post_init__(self) -> None:
        self.uplink = FakeUplink(self.moments.true_time)
        self.rounds = 0
        courier = Courier(
            self.uplink,
            Origin("m1", 1, count().__next__),
            Backlog(Spool(None)),
            now=self.moments,
            backoff=Backoff(seeded()),
            cadence=Cadence(),
        )
        reads = source(self._read, "load_1min")
        self.agent = Agent(
            Sampler((reads,), NOWHERE),
            courier,
            now=self.moments,
            agent_version="1",
            changed=self._changed,
            mining=self.part,
        )
        self._report_at = self.moments.steady
        self._sample_at = self.moments.steady + SLICE_S

    def _read(self) -> Reading:
        if self.figures is not None:
            return self.figures.at(self.moments.steady)
        return Reading({"load_1min": self.load}, {}, dict(self.unread), self.mining)

    def _changed(self, _agent: Agent) -> None:
        self.rounds += 1

    def run(self, seconds: float) -> None:
        """Lets so much time pass."""
        until = self.moments.steady + seconds
        while (due := max(min(self._due_report(), self._due_sample()), self.moments.steady)) < until:
            self.moments.steady = due
            if due >= self._due_report():
                self._report_at = due + self.agent.guarded(self.agent.report)
            else:
                self._sample_at = due + self.agent.guarded(self.agent.sample)
        self.moments.steady = until

    def _due_report(self) -> float:
        return min(self._report_at, self.agent.courier.hurry_at())

    def _due_sample(self) -> float:
        return min(self._sample_at, self.agent.sample_at())

    def arrived(self) -> list[float]:
        """The times of all samples that the commander keeps."""
        return self.uplink.arrived()
