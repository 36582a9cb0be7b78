"""`asic-edge run`: reads the devices and reports, until a signal ends it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple, Protocol

from asic_edge.agent.backlog import Backlog
from asic_edge.agent.backlog_tables import OF_AN_EDGE
from asic_edge.agent.courier import Courier, Keeping, Uplink
from asic_edge.agent.dating import Dating
from asic_edge.agent.loop import MOST_ROUND_S, Edge, Parts
from asic_edge.agent.moment import system_now
from asic_edge.agent.notices import Notices
from asic_edge.agent.origin import Origin
from asic_edge.agent.registry import Registry
from asic_edge.agent.sequence import Sequence
from asic_edge.agent.stop import stop_on_signals, stop_when_closed
from asic_edge.agent.strays import Strays
from asic_edge.agent.watching import Kept, Watching
from asic_edge.commands import console
from asic_edge.commands.enrol import enrolled_anew
from asic_edge.descriptors import DESCRIPTORS, DescriptorLimit, raise_descriptor_limit
from asic_edge.errands.asking import Asked, Devices
from asic_edge.errands.errands import Errands
from asic_edge.gate import Gate
from asic_edge.login import Login
from asic_edge.native.client import NativeReader
from asic_edge.roster.entries import Entry
from asic_edge.rounds import Limits, Reading
from asic_edge.settings.folder import SettingsError, prepare
from asic_edge.settings.identity import Identity, load_identity
from asic_edge.settings.lock import taken
from asic_edge.settings.logins import load_rules
from asic_edge.settings.version import program_version
from asic_edge.snapshot import Identity as DeviceIdentity
from asic_edge.ways import Ways
from wire.uplink.backoff import Backoff
from wire.uplink.client import CommanderClient
from wire.uplink.clock import Moment
from wire.uplink.spool import Spool

LEAST_ROUND_S = 1.0
LOGINS_KEPT_S = 5.0

log = logging.getLogger(__name__)


class Asking(Asked, Reading, Protocol):
    """What is needed of `Ways`."""


class Setting(NamedTuple):
    """What differs in tests: how devices are asked, by which clocks, and the way to the commander."""

    ways: Asking
    uplink: Uplink
    enrol: Callable[[], int]
    agent: str
    now: Callable[[], Moment] = system_now
    limits: Limits | None = None


def run(folder: Path, *, until_stdin_closes: bool, round_s: float | None = None) -> int:
    """Exit code, 0 after a stop that was asked for; raises SettingsError before anything runs."""
    if round_s is not None and not LEAST_ROUND_S <= round_s <= MOST_ROUND_S:
        raise SettingsError(f"A round takes {LEAST_ROUND_S:.0f} to {MOST_ROUND_S:.0f} s.")
    console.log_to_stderr()
    identity = load_identity(folder)
    if identity is None:
        raise SettingsError("This edge is not enrolled. Begin with: asic-edge enrol")
    prepare(folder)
    lock = taken(folder)
    try:
        asyncio.run(_run(folder, identity, round_s, until_stdin_closes=until_stdin_closes))
    finally:
        lock.release()
    log.info("Stopped")
    return 0


async def _run(folder: Path, identity: Identity, round_s: float | None, *, until_stdin_closes: bool) -> None:
    stop = asyncio.Event()
    stop_on_signals(stop)
    if until_stdin_closes:
        stop_when_closed(stop)
    trouble = _too_few_descriptors()
    native = NativeReader()
    try:
        client = CommanderClient(identity.url, identity.token, allow_http=identity.allow_http)
        setting = Setting(
            Ways(native, logins=_Logins(folder).login_of),
            client,
            lambda: enrolled_anew(folder, identity),
            identity.agent,
        )
        edge = await asyncio.to_thread(edge_of, folder, identity.epoch, setting, round_s)
        edge.add_trouble(trouble)
        log.info("Reporting as %s to %s", identity.name, identity.url)
        await edge.run(stop)
    finally:
        await native.close()


def edge_of(folder: Path, enrolled_in: int, setting: Setting, round_s: float | None) -> Edge:
    """All parts put together; raises SettingsError."""
    now, gate, random = setting.now, Gate(), Random()  # noqa: S311 - jitter, no secret
    backlog = Backlog(Spool(folder, tables=OF_AN_EDGE))
    backlog.resume()
    dating = Dating(now(), (backlog.clock_offset_ms or 0) / 1000)
    registry = Registry(folder)
    origin = Origin(Sequence(folder), backlog, enrolled_in, setting.enrol)
    courier = Courier(
        setting.uplink,
        Keeping(origin, backlog, registry, dating),
        now=now,
        backoff=Backoff(random),
        agent_version=program_version(),
        round_s=round_s or MOST_ROUND_S,
    )
    notices = Notices(folder)
    kept = Kept(backlog, registry, dating)
    watching = Watching(setting.ways, gate, kept, now=now, events=notices.events, limits=setting.limits)
    devices = Devices(setting.ways, gate)

    def number_of(machine: str) -> int | None:
        return next(iter(registry.numbers_of({machine})), None)

    def entry_at(address: str) -> Entry | None:
        device = watching.hall.at(address)
        return None if device is None else device.entry

    errands = Errands(
        folder,
        setting.agent,
        devices,
        number_of=number_of,
        entry_at=entry_at,
        clock=watching.clock,
    )
    strays = Strays(folder, devices, watching.hall, notices.tell, clock=watching.clock)
    parts = Parts(folder, gate, watching, courier, notices, errands, strays)
    return Edge(parts, round_s=round_s)


class _Logins:
    """As they are kept; looked at again every few seconds, since `credentials` changes them meanwhile."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._rules = folder, load_rules(folder)
        self._looked = system_now().steady

    def login_of(self, identity: DeviceIdentity) -> Login | None:
        """What was given for this device."""
        now = system_now().steady
        if now - self._looked > LOGINS_KEPT_S:
            self._looked = now
            try:
                self._rules = load_rules(self._folder)
            except SettingsError as error:
                log.warning("%s", error)
        return self._rules.login_of(identity)


def _too_few_descriptors() -> str:
    """Raises the limit, or says that it is too low; few devices are read all the same."""
    try:
        raise_descriptor_limit(DESCRIPTORS)
    except DescriptorLimit as error:
        log.warning("%s", error)
        return str(error)
    return ""
