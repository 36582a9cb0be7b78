"""A rig without processes: a fake for each port of the supervisor, and time that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from edge_sentry.supervisor.defaults import Defaults
from edge_sentry.supervisor.events import Event, Kind
from edge_sentry.supervisor.facts import Api, GpuFacts, MinerFacts, RigFacts
from edge_sentry.supervisor.minder import Ports
from edge_sentry.supervisor.playbook import Assignment, Playbook
from edge_sentry.supervisor.processes import Ending, Force, Process, Running
from edge_sentry.supervisor.supervisor import Supervisor
from edge_sentry.supervisor.view import PlaybookView
from tests.fakes.moments import FakeMoments

FIRST, SECOND = "0000:01:00.0", "0000:02:00.0"
READ_EVERY_S = 10.0


def playbook(name: str = "gpu", version: int = 1, **more: Any) -> Playbook:
    """One for a program that does not exist."""
    fixed = {
        "program": "stand-in",
        "executable": "stand-in",
        "folder": "/nowhere",
        "script": "/nowhere/start.sh",
    }
    return Playbook(id=name, version=version, **{**fixed, **more})


class FakeProcesses:
    """The port `Processes`. `obeys`: what a run needs to be told to end."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._next_pid = 100
        self.boot_id = "first"
        self.obeys: int = Force.ASK
        self.fails: Exception | None = None
        self.unreadable: OSError | None = None
        self.runs: dict[str, tuple[Process, float]] = {}
        self.left: dict[str, frozenset[Process]] = {}
        self.endings: dict[str, Ending] = {}
        self.started: list[tuple[str, int]] = []
        self.signals: list[tuple[str, Force]] = []

    def boot(self) -> str:
        return self.boot_id

    def start(self, folder: Path, playbook: Playbook) -> None:
        if self.fails is not None:
            raise self.fails
        if folder.name in self.runs or self.left.get(folder.name):
            raise BlockingIOError("its last run is not over")
        self._next_pid += 1
        self.runs[folder.name] = (Process(self._next_pid, self._next_pid), self._now())
        self.endings.pop(folder.name, None)
        self.started.append((folder.name, playbook.version))

    def running(self, folder: Path) -> Running | None:
        if self.unreadable is not None:
            raise self.unreadable
        run = self.runs.get(folder.name)
        return None if run is None else Running(run[0], self._now() - run[1])

    def ending(self, folder: Path) -> Ending | None:
        return self.endings.get(folder.name)

    def forget(self, folder: Path) -> None:
        self.endings.pop(folder.name, None)

    def members(self, folder: Path) -> frozenset[Process]:
        run = self.runs.get(folder.name)
        return self.left.get(folder.name, frozenset()) | (frozenset() if run is None else {run[0]})

    def signal(self, folder: Path, force: Force) -> None:
        self.signals.append((folder.name, force))
        if force >= self.obeys:
            self.left.pop(folder.name, None)
            if folder.name in self.runs:
                self.exit(folder.name, 130)

    def exit(self, name: str, status: int | None) -> None:
        """The program ends by itself."""
        del self.runs[name]
        self.endings[name] = Ending(status)


class FakeReadings:
    """The port `Readings`: keeps saying what it was told, with the time of the last reading."""

    def __init__(self) -> None:
        self.at = 0.0
        self.says: dict[str, dict[str, Any]] = {}
        self.rig_says: dict[str, Any] | None = None

    def miner(self, playbook: str) -> MinerFacts | None:
        says = self.says.get(playbook)
        return None if says is None else MinerFacts(at=self.at, **says)

    def rig(self) -> RigFacts | None:
        return None if self.rig_says is None else RigFacts(at=self.at, **self.rig_says)


class FakeMachine:
    """The port `Machine`."""

    def __init__(self) -> None:
        self.up_s = 1e6
        self.reboots = 0
        self.fails: OSError | None = None

    def uptime_s(self) -> float:
        return self.up_s

    def reboot(self) -> None:
        if self.fails is not None:
            raise self.fails
        self.reboots += 1


class FakeNeighbours:
    """The port `Neighbours`: ports in use, and programs that others run."""

    def __init__(self) -> None:
        self.ports: set[int] = set()
        self.programs: set[str] = set()

    def in_the_way(
        self,
        playbook: Playbook,
        executables: Iterable[str],
        ours: frozenset[int],
        watched_ports: Iterable[int] = (),
    ) -> str | None:
        for port in self.ports & {playbook.api_port, *watched_ports}:
            return f"port {port} is in use by somebody"
        found = self.programs & set(executables)
        return f"{found.pop()}, which somebody else started, runs already" if found else None


class Rig:
    """A supervisor on fakes. It says what a healthy program says unless told otherwise."""

    def __init__(self, folder: Path, *playbooks: Playbook, defaults: Defaults | None = None) -> None:
        self.folder = folder
        self.moments = FakeMoments()
        self.defaults = defaults
        self.processes = FakeProcesses(lambda: self.moments.steady)
        self.readings = FakeReadings()
        self.machine = FakeMachine()
        self.neighbours = FakeNeighbours()
        self.shares_every_s: float | None = 60.0
        self._shares = 0.0
        self._counted = 1
        self.restart_agent()
        if playbooks:
            self.supervisor.assign(Assignment(revision=1, playbooks=playbooks))
            self.supervisor.look()

    def restart_agent(self) -> None:
        """A new supervisor, as after kill -9 of the old one: nothing is said good-bye to."""
        ports = Ports(self.processes, self.neighbours, self.readings)
        self.supervisor = Supervisor(
            self.folder, ports, self.machine, now=self.moments, defaults=self.defaults
        )

    def assign(self, *playbooks: Playbook, revision: int = 2, **more: Any) -> None:
        """Another assignment."""
        self.supervisor.assign(Assignment(revision=revision, playbooks=playbooks, **more))

    def says(self, name: str = "gpu", **facts: Any) -> None:
        """What the program says from now on, beside what was said before."""
        self.readings.says[name] = {"api": Api.READABLE, **self.readings.says.get(name, {}), **facts}

    def healthy(self, name: str = "gpu") -> None:
        """Two cards hash, the pool is there, shares come."""
        self.readings.says.pop(name, None)
        devices = {FIRST: 50.0, SECOND: 50.0}
        self.says(name, hashrates={"kawpow": 100.0}, devices=devices, rejected=0, pool_connected=True)

    def cards(self, **more: Any) -> None:
        """Two cool cards."""
        gpus = {FIRST: GpuFacts(temperature_c=60), SECOND: GpuFacts(temperature_c=60)}
        self.readings.rig_says = {"gpus": gpus, **more}

    def pass_s(self, seconds: float) -> None:
        """A look each second, a reading each `READ_EVERY_S`."""
        for _ in range(round(seconds)):
            self.moments.advance(1.0)
            if self.moments.steady - self.readings.at >= READ_EVERY_S:
                self._read()
            self.supervisor.look()

    def _read(self) -> None:
        """The counters of a program begin at 0 with it."""
        self.readings.at = self.moments.steady
        if self.starts != self._counted:
            self._counted, self._shares = self.starts, 0.0
        if self.shares_every_s is not None:
            self._shares += READ_EVERY_S / self.shares_every_s
        for says in self.readings.says.values():
            if says["api"] is Api.READABLE:
                says["accepted"] = int(self._shares)

    def view(self, name: str = "gpu") -> PlaybookView:
        (view,) = [each for each in self.supervisor.views() if each.id == name]
        return view

    def pid(self, name: str = "gpu") -> int | None:
        return self.view(name).pid

    def events(self, *kinds: Kind) -> list[Event]:
        """All, or those of some kinds; oldest first."""
        return [each for each in self.supervisor.events() if not kinds or each.kind in kinds]

    def counters_begin_anew(self) -> None:
        """As some programs do with each connection to the pool."""
        self._shares = 0.0

    def kinds(self) -> list[str]:
        return [each.kind.value + " over" * each.over for each in self.supervisor.events()]

    @property
    def starts(self) -> int:
        return len(self.processes.started)
