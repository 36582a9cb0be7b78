"""One simulated rig: enrols, samples and reports by the same courier as a real one."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from random import Random

import urllib3

from edge_sentry.agent.sampler import mining_of, specs_of, unread_of
from edge_sentry.playbooks.kept import pinned
from edge_sentry.playbooks.web import fetch_document
from edge_sentry.simulator.assigned import PretendedAssignment
from edge_sentry.simulator.figures import Figures
from edge_sentry.simulator.plan import Plan
from edge_sentry.simulator.soak import Ledger, QuickMoments, SoakUplink
from wire.messages import AgentKind, Enrolment, EnrolmentReply
from wire.uplink.backlog import Backlog, Limits
from wire.uplink.backoff import Backoff
from wire.uplink.client import CommanderClient, connection_pool
from wire.uplink.clock import Moment
from wire.uplink.courier import GOODBYE_S, NOT_ACCEPTED_PAUSE_S, Cadence, Courier, Origin
from wire.uplink.failure import NOT_ACCEPTED, UplinkFailure
from wire.uplink.spool import Spool

Assigned = Callable[[EnrolmentReply], PretendedAssignment | None]

WORKERS = 12
_LIMITS = Limits(bytes=4 * 1024 * 1024)


class SimulatedRig:
    """Does what is due at each `turn`. `phase`, 0 to 1, is its place among the others.

    Its spool is in memory: a simulation that is started again knows nothing and enrols anew.
    """

    def __init__(
        self,
        client: CommanderClient,
        uplink: SoakUplink,
        figures: Figures,
        *,
        phase: float,
        random: Random,
        version: str,
        assigned: Assigned = lambda _: None,
    ) -> None:
        """`assigned`: makes what is assigned to it of an enrolment; None where nothing ever is."""
        self._client = client
        self._uplink = uplink
        self._figures = figures
        self._phase = phase
        self._now = uplink.now
        self._version = version
        self._backoff = Backoff(random)
        self._assigned_by = assigned
        self._assigned: PretendedAssignment | None = None
        self._courier: Courier | None = None
        self._not_enrolled: UplinkFailure | None = None
        self._sampled = -math.inf
        self._report_due = 0.0

    @property
    def failure(self) -> UplinkFailure | None:
        """Why the last attempt failed; None when it did not, or none was made yet."""
        return self._not_enrolled if self._courier is None else self._courier.tally.failure

    @property
    def accepted(self) -> bool:
        """Whether a report of this rig was ever accepted."""
        return self._courier is not None and self._courier.tally.accepted_at is not None

    def turn(self) -> float:
        """Does what is due; returns the moment of the steady clock at which more will be."""
        if self._courier is None:
            try:
                self._courier = self._enrolled()
            except UplinkFailure as failure:
                return self._now().steady + self._pause_s(failure)
            return self._first_report(self._courier)
        return self._later_turn(self._courier)

    def goodbye(self) -> bool:
        """Says that it stops; True when that arrived."""
        if self._courier is None:
            return False
        self._sample(self._courier)
        return self._courier.goodbye(GOODBYE_S * self._uplink.scale)

    def _first_report(self, courier: Courier) -> float:
        """At once, so that the rig is seen; the second one comes early to spread the fleet evenly."""
        began = self._now().steady
        self._sample(courier)
        pause_s = courier.deliver()
        if courier.tally.failure is None and self._phase:
            pause_s = courier.bring_forward(self._phase)
        self._report_due = began + pause_s
        return self._next_due(courier)

    def _later_turn(self, courier: Courier) -> float:
        if self._assigned is not None:
            self._assigned.work(courier.cadence.report_s)
        began = self._now().steady
        reports = began >= min(self._report_due, courier.hurry_at())
        fresh = began - self._sampled < courier.cadence.sample_s / 2
        if began >= self._sample_due(courier) or (reports and courier.newest_due() and not fresh):
            self._sample(courier)
        if reports or began >= courier.hurry_at():
            self._report_due = courier.deliver() + self._now().steady
        return self._next_due(courier)

    def _sample_due(self, courier: Courier) -> float:
        return self._sampled + courier.cadence.sample_s

    def _next_due(self, courier: Courier) -> float:
        return min(self._sample_due(courier), self._report_due, courier.hurry_at())

    def _sample(self, courier: Courier) -> None:
        now = self._now()
        self._sampled = now.steady
        assigned = self._assigned
        playbooks = () if assigned is None else assigned.playbooks
        reading = self._figures.at(now.steady, [each.program for each in playbooks])
        programs = () if assigned is None else assigned.programs()
        courier.describe(specs_of(reading, self._version), unread_of(reading), mining_of(reading), programs)
        courier.keep(now, reading.values)

    def _enrolled(self) -> Courier:
        sent = self._now()
        specs = specs_of(self._figures.at(sent.steady), self._version)
        reply = self._client.enrol(
            Enrolment(
                kind=AgentKind.CPU_GPU,
                agent_version=self._version,
                hostname=specs.hostname or "",
                sent_at=round(sent.wall, 3),
                hardware=specs.hardware,
            )
        )
        self._backoff.reset()
        courier = self._courier_of(reply)
        if not isinstance(self._now, QuickMoments):
            courier.learn(sent, reply.server_at)
        return courier

    def _courier_of(self, reply: EnrolmentReply) -> Courier:
        self._assigned = self._assigned_by(reply)
        return Courier(
            self._uplink,
            Origin(reply.machine or reply.agent, reply.epoch, count().__next__),
            Backlog(Spool(None), _LIMITS),
            now=self._now,
            backoff=self._backoff,
            cadence=Cadence.of(reply),
            news=self._assigned,
        )

    def _pause_s(self, failure: UplinkFailure) -> float:
        self._not_enrolled = failure
        if failure.kind in NOT_ACCEPTED:
            return NOT_ACCEPTED_PAUSE_S
        return max(self._backoff.next_s(), failure.retry_after_s or 0.0)


def rigs_of(plan: Plan, now: Callable[[], Moment], version: str) -> list[SimulatedRig]:
    """All rigs of a plan over shared connections; raises UplinkFailure for a bad address or token."""
    ledger = None if plan.ledger is None else Ledger(Path(plan.ledger))
    pool: urllib3.PoolManager = connection_pool(WORKERS)
    rigs = []
    for index, planned in enumerate(plan.rigs):
        client = CommanderClient(plan.url, planned.token, allow_http=plan.allow_http, pool=pool)
        random = Random(f"{plan.seed}:jitter:{index}")  # noqa: S311 - jitter, no secret
        uplink = SoakUplink(
            client, now, random, scale=plan.time_scale, duplicates=plan.duplicates, ledger=ledger
        )
        figures = Figures(plan.seed, index, hardware_of(planned.token))
        rigs.append(
            SimulatedRig(
                client,
                uplink,
                figures,
                phase=index / len(plan.rigs),
                random=random,
                version=version,
                assigned=partial(_assigned, pool, random, now, fails=fails(plan, index)),
            )
        )
    return rigs


def _assigned(
    pool: urllib3.PoolManager,
    random: Random,
    now: Callable[[], Moment],
    reply: EnrolmentReply,
    *,
    fails: bool,
) -> PretendedAssignment | None:
    kept = pinned(None, reply)
    fetch = partial(fetch_document, pool)
    return None if kept is None else PretendedAssignment(kept, fetch, random, fails=fails, now=now)


def fails(plan: Plan, index: int) -> bool:
    """Of a share of the rigs, spread evenly from the first one on."""
    return math.ceil((index + 1) * plan.fail) > math.ceil(index * plan.fail)


def hardware_of(token: str) -> tuple[str, ...]:
    """A simulated rig's own hardware: the same at each start, whatever its place in the plan."""
    digest = hashlib.sha256(f"hardware:{token}".encode()).digest()
    return (f"mac 02:{digest[:5].hex(':')}",)


def summary(rigs: Sequence[SimulatedRig]) -> str:
    """How they fare, in one line however many they are."""
    accepted = sum(rig.accepted for rig in rigs)
    failures = [rig.failure for rig in rigs if rig.failure is not None]
    line = f"{accepted:,} of {len(rigs):,} rigs had a report accepted"
    return f"{line}; {len(failures):,} fail now: {failures[0].sentence}" if failures else line
