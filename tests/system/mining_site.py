"""A supervisor over real processes in a test's folder; whatever it started is ended with the test."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from edge_sentry.agent.moment import system_now
from edge_sentry.supervisor.defaults import Defaults
from edge_sentry.supervisor.events import Event, Kind
from edge_sentry.supervisor.facts import Api, MinerFacts, RigFacts
from edge_sentry.supervisor.minder import Ports
from edge_sentry.supervisor.neighbours import SystemNeighbours
from edge_sentry.supervisor.playbook import Assignment, Playbook
from edge_sentry.supervisor.posix import PosixProcesses
from edge_sentry.supervisor.proc import read_stat
from edge_sentry.supervisor.processes import Process
from edge_sentry.supervisor.supervisor import Supervisor
from edge_sentry.supervisor.view import PlaybookView
from tests.system.processes import wait_for
from tests.system.supervising_agent import NoMachine

STAND_IN = Path(__file__).with_name("stand_in_miner.py")
# Impatient, so that tests are quick; what must not happen too soon is given more in its test.
QUICK = Defaults(
    back_off_s=(0.1, 0.2),
    crash_loop_exits=100,
    warm_up_s=1.0,
    longest_warm_up_s=60.0,
    api_silent_s=0.7,
    no_hashrate_s=0.5,
    gpu_stopped_s=0.5,
    insist_after_s=0.5,
    kill_after_s=1.0,
)


def write_playbook(place: Path, name: str, *arguments: str, version: int = 1, **more: Any) -> Playbook:
    """Its script, as an owner would write it, and the playbook that runs it."""
    token = token_of(place)
    script = place / f"{name}-{version}.sh"
    words = " ".join(f"'{word}'" for word in (sys.executable, "-SE", str(STAND_IN), token, *arguments))
    script.write_text(f"#!/bin/sh\nexec {words}\n")
    script.chmod(0o700)
    fixed = {
        "program": "stand-in",
        "executable": "no-such-program",
        "folder": str(place),
        "script": str(script),
    }
    return Playbook(id=name, version=version, **{**fixed, **more})


def token_of(folder: Path) -> str:
    """What all processes of a test have in their command line, and no other has."""
    return f"token-{os.getpid()}-{folder.name}"


def alive(token: str) -> set[Process]:
    """Every process with the token, whoever started it: looked for in another way than the product's."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            stat = read_stat(int(path.parent.name)) if token.encode() in path.read_bytes() else None
            if stat is not None and stat.lives:
                found.add(stat.process)
    return found


def end_all(folder: Path) -> None:
    """Those of this test that are left, and their launchers."""
    marked = f"EDGE_SENTRY_RUN={folder}".encode()
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if marked in path.read_bytes():
                os.kill(int(path.parent.name), signal.SIGKILL)
    for process in alive(token_of(folder)):
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


class LoopbackReadings:
    """The port `Readings` over the stand-ins' interface; believes only listeners among `pids`."""

    def __init__(self, ports: dict[str, int], pids: Callable[[str], frozenset[int]]) -> None:
        self._ports = ports
        self._pids = pids
        self._facts: dict[str, MinerFacts] = {}

    def read(self) -> None:
        for name, port in self._ports.items():
            self._facts[name] = self._read(name, port)

    def miner(self, playbook: str) -> MinerFacts | None:
        return self._facts.get(playbook)

    def rig(self) -> RigFacts | None:
        return None

    def _read(self, name: str, port: int) -> MinerFacts:
        at = system_now().steady
        if _listener(port) not in self._pids(name):
            return MinerFacts(at=at, api=Api.SILENT, reason="no process of this playbook listens")
        try:
            with socket.create_connection(("127.0.0.1", port), 0.5) as connection:
                rates = json.loads(connection.makefile().readline())
        except (OSError, ValueError) as error:
            return MinerFacts(at=at, api=Api.SILENT, reason=str(error))
        devices: dict[str, float | None] = {
            f"0000:0{place}:00.0": rate for place, rate in enumerate(rates, 1)
        }
        return MinerFacts(at=at, api=Api.READABLE, hashrates={"x": sum(rates)}, devices=devices)


def _listener(port: int) -> int | None:
    for each in psutil.net_connections("tcp"):
        if each.status == psutil.CONN_LISTEN and each.laddr and each.laddr.port == port:
            return each.pid
    return None


class Site:
    """One rig's folder with a supervisor on it, looked after by the test itself."""

    def __init__(self, folder: Path, ports: dict[str, int], defaults: Defaults = QUICK) -> None:
        self.folder, self._ports, self._defaults = folder, ports, defaults
        self.token = token_of(folder)
        self.restart_agent()

    def restart_agent(self) -> None:
        """Another supervisor takes over, knowing only what is on disk."""
        self.readings = LoopbackReadings(self._ports, self._pids)
        self.processes = PosixProcesses(os.environ)
        ports = Ports(self.processes, SystemNeighbours(), self.readings)
        self.supervisor = Supervisor(self.folder, ports, NoMachine(), now=system_now, defaults=self._defaults)

    def _pids(self, name: str) -> frozenset[int]:
        return self.supervisor.pids(name)

    def assign(self, *playbooks: Playbook) -> None:
        revision = self.supervisor.revision + 1
        self.supervisor.assign(Assignment(revision=revision, playbooks=playbooks))

    def until(self, what: str, look: Callable[[], Any]) -> Any:
        """Looks after the programs until something is so."""

        def round_and_look() -> Any:
            self.readings.read()
            self.supervisor.look()
            return look()

        return wait_for(what, round_and_look)

    def pass_s(self, seconds: float) -> None:
        """Looks after the programs for at least so long."""
        end = time.monotonic() + seconds
        self.until("time to pass", lambda: time.monotonic() > end)

    def view(self, name: str = "gpu") -> PlaybookView:
        (view,) = [each for each in self.supervisor.views() if each.id == name]
        return view

    def pid(self, name: str = "gpu") -> int:
        """Of the program, once it runs."""

        def program() -> int | None:
            pid = self.view(name).pid
            return pid if pid in {each.pid for each in alive(self.token)} else None

        pid: int = self.until(f"{name} to run", program)
        return pid

    def event(self, kind: Kind) -> Event:
        """The first of this kind, once there is one."""
        event: Event = self.until(
            f"an event {kind}", lambda: next((e for e in self.supervisor.events() if e.kind is kind), None)
        )
        return event

    def kinds(self) -> list[Kind]:
        return [event.kind for event in self.supervisor.events()]

    def end(self) -> None:
        """As an owner would: nothing is assigned any more. Then nothing may be left."""
        self.assign()
        self.until("all to have ended", lambda: not self.supervisor.views())
        assert alive(self.token) == set()
