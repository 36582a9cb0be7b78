"""The agent's loops: sample on cadence, report on cadence, say goodbye; nothing ends them but a stop."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from edge_sentry.agent.mining import Findings
from edge_sentry.agent.sampler import Sampler, mining_of, specs_of, unread_of
from edge_sentry.agent.stop import Stop
from edge_sentry.reading import Reading
from wire.uplink.clock import Moment
from wire.uplink.courier import GOODBYE_S, Courier

MISHAP_PAUSE_S = 10.0
# A sample that is due so soon is taken now.
_EARLY_S = 0.5
# How long a thread sleeps before it looks whether it should do so any longer.
SLICE_S = 2.0

log = logging.getLogger(__name__)


class Mining(Protocol):
    """What an agent needs of a MiningPart. No call waits for a program or for the disk."""

    @property
    def mishaps(self) -> int:
        """Errors of its own."""

    def learn(self, at: Moment, reading: Reading) -> None:
        """Takes what the newest sample says of the rig."""

    def findings(self) -> Findings:
        """What is known of the programs now."""


class NoMining:
    """The mining part of an agent that has none, and why."""

    mishaps = 0

    def __init__(self, reason: str | None = None) -> None:
        self._reason = reason

    def learn(self, at: Moment, reading: Reading) -> None:
        """Nobody asks."""

    def findings(self) -> Findings:
        """The reason alone."""
        return Findings(trouble=self._reason)


class Agent:
    """One rig's agent. `sample` and `report` each do one round and return the seconds until the next.

    `changed` is called after every round of reporting. `mishaps` counts errors of our own; `found` is
    what the newest sample said of mining.
    """

    def __init__(
        self,
        sampler: Sampler,
        courier: Courier,
        *,
        now: Callable[[], Moment],
        agent_version: str,
        changed: Callable[[Agent], None],
        mining: Mining | None = None,
    ) -> None:
        self._sampler = sampler
        self._now = now
        self._agent_version = agent_version
        self._changed = changed
        self._mining = mining or NoMining()
        self._mishaps = 0
        self.courier = courier
        self.found = Findings()
        self._sampled = -math.inf
        self._sampling = threading.Lock()

    @property
    def mishaps(self) -> int:
        """Of all parts together."""
        return self._mishaps + self._mining.mishaps

    def sample(self) -> float:
        """Reads the rig, unless the other thread just did, and keeps the sample for the next report."""
        self._sample_if_older(self.courier.cadence.sample_s - _EARLY_S)
        return self.sample_at() - self.steady()

    def sample_at(self) -> float:
        """When, by the steady clock, the next sample is due at the present cadence."""
        return self._sampled + self.courier.cadence.sample_s

    def report(self) -> float:
        """Sends one report; the newest state with a fresh sample unless one was just taken."""
        if self.courier.newest_due():
            self.guarded(lambda: self._sample_if_older(self.courier.cadence.sample_s / 2))
        try:
            return self.courier.deliver()
        finally:
            self._changed(self)

    def goodbye(self) -> float:
        """Sends the newest state with a last sample, and that no more will come."""
        self._keep_sample(self._now())
        self.courier.goodbye()
        self._changed(self)
        return 0.0

    def close(self) -> None:
        """Ends what is kept running for the readings."""
        self._sampler.close()

    def steady(self) -> float:
        """Seconds that only ever run forwards."""
        return self._now().steady

    def _sample_if_older(self, age_s: float) -> float:
        """Who comes while the other thread samples waits for that sample."""
        with self._sampling:
            now = self._now()
            if now.steady - self._sampled >= age_s:
                self._keep_sample(now)
        return 0.0

    def _keep_sample(self, at: Moment) -> None:
        self._sampled = at.steady
        reading = self._sampler.sample()
        self.guarded(lambda: self._ask_mining(at, reading))
        reading = _with(self.found, reading)
        # In this order: a report that hurries has the sample that made it hurry.
        self.courier.keep(at, reading.values)
        specs = specs_of(reading, self._agent_version)
        self.courier.describe(specs, unread_of(reading), mining_of(reading), self.found.programs)

    def _ask_mining(self, at: Moment, reading: Reading) -> float:
        """What was found before is not found again when this fails."""
        self.found = Findings(trouble="the part that looks after mining programs failed; see the log")
        self._mining.learn(at, reading)
        self.found = self._mining.findings()
        return 0.0

    def guarded(self, step: Callable[[], float]) -> float:
        """One round that cannot end the agent: an error is logged and counted, then we go on."""
        try:
            return step()
        except Exception:
            # The outermost loop: a rig in a far hall must go on reporting whatever was not foreseen.
            self._mishaps += 1
            log.exception("Mishap %d; going on", self._mishaps)
            return MISHAP_PAUSE_S


def _with(found: Findings, reading: Reading) -> Reading:
    trouble = {} if found.trouble is None else {"mining": found.trouble}
    return replace(
        reading,
        values={**reading.values, **found.values},
        mining=(*reading.mining, *found.mining),
        unread={**reading.unread, **trouble},
    )


def run(agent: Agent, stop: Stop) -> None:
    """Samples and reports until asked to stop, then says goodbye within `GOODBYE_S`.

    The threads are daemons and this one only waits, so that neither a hanging driver nor a hanging
    network delays the end.
    """
    reporting = threading.Thread(target=_keep_reporting, args=(agent, stop), name="report", daemon=True)
    sampling = threading.Thread(target=_keep_sampling, args=(agent, stop), name="sample", daemon=True)
    reporting.start()
    sampling.start()
    stop.wait_forever()
    reporting.join(GOODBYE_S)


def _keep_sampling(agent: Agent, stop: Stop) -> None:
    stop.wait(SLICE_S)  # the first report takes the first sample
    _keep(agent.sample, agent, stop, sooner_at=agent.sample_at)


def _keep_reporting(agent: Agent, stop: Stop) -> None:
    _keep(agent.report, agent, stop, sooner_at=agent.courier.hurry_at)
    agent.guarded(agent.goodbye)


def _keep(step: Callable[[], float], agent: Agent, stop: Stop, *, sooner_at: Callable[[], float]) -> None:
    """Rests after each step as it asks, but not past `sooner_at`, which changes meanwhile."""
    while not stop.asked:
        until = agent.guarded(step) + agent.steady()
        while (left_s := min(until, sooner_at()) - agent.steady()) > 0 and not stop.asked:
            stop.wait(min(left_s, SLICE_S))
