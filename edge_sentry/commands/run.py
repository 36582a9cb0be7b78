"""`edge-sentry run`: the agent itself, until a signal ends it."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from random import Random

from edge_sentry.agent.loop import Agent, NoMining
from edge_sentry.agent.loop import run as run_agent
from edge_sentry.agent.mining import MiningPart
from edge_sentry.agent.moment import system_now
from edge_sentry.agent.news import RigNews
from edge_sentry.agent.sampler import Sampler
from edge_sentry.agent.stop import Stop, stop_on_signals, stop_when_closed
from edge_sentry.collectors import COLLECTORS, Source
from edge_sentry.commands import console
from edge_sentry.commands.enrol import enrolled_anew
from edge_sentry.playbooks.keeper import Keeper
from edge_sentry.playbooks.pool_guard import PoolGuard
from edge_sentry.playbooks.probe import Probe
from edge_sentry.playbooks.shelf import Shelf, load_pinned
from edge_sentry.playbooks.web import Web
from edge_sentry.settings.folder import SettingsError, prepare
from edge_sentry.settings.identity import Identity, load_identity
from edge_sentry.settings.loading import Unreadable
from edge_sentry.settings.lock import FolderLock
from edge_sentry.settings.sequence import Sequence
from edge_sentry.settings.status import Status, save_status
from edge_sentry.settings.version import program_version
from edge_sentry.supervisor.facts import Readings
from edge_sentry.supervisor.supervisor import Supervisor
from edge_sentry.supervisor.system import system_machine, system_ports
from wire.uplink.backlog import Backlog
from wire.uplink.backoff import Backoff
from wire.uplink.client import CommanderClient
from wire.uplink.courier import Cadence, Courier, Origin
from wire.uplink.failure import NOT_ACCEPTED
from wire.uplink.spool import Spool

# So that the first report has a CPU load: it is measured between two samples.
_FIRST_LOAD_S = 0.3

log = logging.getLogger(__name__)


def run(folder: Path, *, until_stdin_closes: bool, sources: tuple[Source, ...] = COLLECTORS) -> int:
    """Exit code, 0 after a stop that was asked for; raises SettingsError before anything runs."""
    stop = Stop()
    stop_on_signals(stop)
    if until_stdin_closes:
        stop_when_closed(stop)
    console.log_to_stderr()
    identity = load_identity(folder)
    if identity is None:
        raise SettingsError("This machine is not enrolled. Begin with: edge-sentry enrol")
    prepare(folder)
    FolderLock(folder)  # until the process ends
    agent = _agent(folder, identity, sources)
    stop.wait(_FIRST_LOAD_S)
    log.info("Reporting as %s to %s", identity.name, identity.url)
    run_agent(agent, stop)
    agent.close()
    log.info("Stopped")
    return 0


def _agent(folder: Path, identity: Identity, sources: tuple[Source, ...]) -> Agent:
    client = CommanderClient(identity.url, identity.token, allow_http=identity.allow_http)
    mining, trouble = _mining(folder, identity)
    keeper = None if mining is None else _keeper(folder, identity, mining)
    courier = Courier(
        client,
        _origin(folder, identity),
        _backlog(folder, identity),
        now=system_now,
        backoff=Backoff(Random()),  # noqa: S311 - jitter, no secret
        cadence=Cadence(),
        news=None if mining is None else RigNews(mining, keeper),
    )
    sampler = Sampler(sources, folder)
    sampler.sample()
    return Agent(
        sampler,
        courier,
        now=system_now,
        agent_version=program_version(),
        changed=_StatusWriter(folder, keeper),
        mining=mining or NoMining(trouble),
    )


def _mining(folder: Path, identity: Identity) -> tuple[MiningPart | None, str | None]:
    """At work already, so that programs do not wait for anything else; None, and why, where it cannot be."""

    def supervise(readings: Readings) -> Supervisor:
        return Supervisor(folder, system_ports(readings), system_machine(), now=system_now)

    try:
        part = MiningPart(folder, identity.machine, supervise, now=system_now)
    except Exception as error:
        # Whatever lies in its folder: a rig whose programs nobody looks after still tells its figures.
        why = (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__
        trouble = f"mining programs are not looked after: {why}"
        log.exception("Going on without mining")
        return None, trouble
    part.start()
    return part, None


def _keeper(folder: Path, identity: Identity, mining: MiningPart) -> Keeper | None:
    """At work already; None where no key is pinned, so that nothing can be believed."""
    try:
        kept = load_pinned(folder, identity.farm, identity.machine)
    except Unreadable as error:
        log.warning("Nothing new is accepted: %s. Enrol again with: edge-sentry enrol", error)
        return None
    if kept is None:
        return None
    keeper = Keeper(kept, Shelf(folder), mining, Web(), now=system_now)
    keeper.start()
    probe = Probe(lambda: system_now().steady)
    PoolGuard(keeper.lineup, mining, probe, now=system_now).start()
    return keeper


def _origin(folder: Path, identity: Identity) -> Origin:
    def renew() -> Origin:
        return _origin(folder, enrolled_anew(folder, identity))

    return Origin(identity.machine, identity.epoch, Sequence(folder).next, renew)


def _backlog(folder: Path, identity: Identity) -> Backlog:
    """Begun here right after an enrolment; a spool that was lost later needs a new one."""
    backlog = Backlog(Spool(folder))
    if backlog.is_new and not Sequence(folder).used:
        backlog.begin(identity.machine, identity.epoch)
    return backlog


class _StatusWriter:
    """Writes status.json; a full disk is told once and hinders nothing."""

    def __init__(self, folder: Path, keeper: Keeper | None) -> None:
        self._folder, self._keeper = folder, keeper
        self._started_at = system_now().wall
        self._failed = False

    def __call__(self, agent: Agent) -> None:
        try:
            save_status(self._folder, status_of(agent, self._started_at, self._keeper))
            self._failed = False
        except OSError as error:
            if not self._failed:
                log.warning("Cannot write the status file: %s", error.strerror)
            self._failed = True


def status_of(agent: Agent, started_at: float, keeper: Keeper | None = None) -> Status:
    """What `edge-sentry status` will read."""
    courier, now = agent.courier, system_now()
    tally, offset_s = courier.tally, courier.clock.offset_s(now)
    backlog, size = courier.backlog, courier.backlog.size()
    return Status(
        pid=os.getpid(),
        started_at=round(started_at, 3),
        written_at=round(now.wall, 3),
        accepted_at=tally.accepted_at,
        failed_at=tally.failed_at,
        failure=tally.failure.sentence if tally.failure is not None else None,
        not_accepted=tally.failure is not None and tally.failure.kind in NOT_ACCEPTED,
        unsent=size.samples,
        dropped=backlog.dropped,
        refused=backlog.refused,
        mishaps=agent.mishaps,
        clock_offset_s=None if offset_s is None else round(offset_s, 3),
        spool_blocks=size.blocks,
        spool_bytes=size.bytes,
        spool_oldest_at=size.oldest_at,
        spool_trouble=backlog.spool.trouble,
        sample_interval_s=courier.cadence.sample_s,
        report_interval_s=courier.cadence.report_s,
        programs=agent.found.programs,
        mining=agent.found.mining,
        assignment=None if keeper is None else keeper.state(),
    )
