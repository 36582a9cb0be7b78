"""The agent's loops: sample on cadence, report on cadence, say goodbye; nothing ends them but a stop."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable

from edge_sentry.agent.sampler import Sampler, specs_of, unread_of
from edge_sentry.agent.stop import Stop
from wire.uplink.clock import Moment
from wire.uplink.courier import GOODBYE_S, Courier

MISHAP_PAUSE_S = 10.0
# Two samples closer than this are one: the load between them would say nothing.
_SHORTEST_GAP_S = 0.5

log = logging.getLogger(__name__)


class Agent:
    """One rig's agent. `sample` and `report` each do one round and return the seconds until the next.

    `changed` is called after every round of reporting. `mishaps` counts errors of our own.
    """

    def __init__(
        self,
        sampler: Sampler,
        courier: Courier,
        *,
        now: Callable[[], Moment],
        agent_version: str,
        changed: Callable[[Agent], None],
    ) -> None:
        self._sampler = sampler
        self._now = now
        self._agent_version = agent_version
        self._changed = changed
        self.courier = courier
        self.mishaps = 0
        self._sampled = -math.inf

    def sample(self) -> float:
        """Reads the rig, unless that was just done, and keeps the sample for the next report."""
        began = self._now()
        if self._age_s(began) >= _SHORTEST_GAP_S:
            self._keep_sample(began)
        return self.courier.cadence.sample_s - (self._now().steady - began.steady)

    def report(self) -> float:
        """Sends one report; the newest state with a fresh sample unless one was just taken."""
        if self.courier.newest_due() and self._age_s(self._now()) > self.courier.cadence.sample_s / 2:
            self.sample()
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

    def _age_s(self, now: Moment) -> float:
        return now.steady - self._sampled

    def _keep_sample(self, at: Moment) -> None:
        self._sampled = at.steady
        reading = self._sampler.sample()
        self.courier.describe(specs_of(reading, self._agent_version), unread_of(reading))
        self.courier.keep(at, reading.values)

    def guarded(self, step: Callable[[], float]) -> float:
        """One round that cannot end the agent: an error is logged and counted, then we go on."""
        try:
            return step()
        except Exception:
            # The outermost loop: a rig in a far hall must go on reporting whatever was not foreseen.
            self.mishaps += 1
            log.exception("Mishap %d; going on", self.mishaps)
            return MISHAP_PAUSE_S


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
    stop.wait(agent.courier.cadence.sample_s)  # the first report takes the first sample
    _keep(agent.sample, agent, stop)


def _keep_reporting(agent: Agent, stop: Stop) -> None:
    _keep(agent.report, agent, stop)
    agent.guarded(agent.goodbye)


def _keep(step: Callable[[], float], agent: Agent, stop: Stop) -> None:
    while not stop.asked:
        stop.wait(agent.guarded(step))
