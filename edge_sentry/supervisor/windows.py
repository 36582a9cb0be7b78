"""Processes on Windows: a named job for each run. Its logic is tested with a fake kernel; not yet run there.

The job's handle is inherited by the programs, so the job can be found by name as long as one of them
lives, and never has KILL_ON_JOB_CLOSE: the agent's end changes nothing. A process is born into its job.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from edge_sentry.settings.files import read_file, replace_file
from edge_sentry.settings.loading import load_if_readable
from edge_sentry.supervisor import batch
from edge_sentry.supervisor.launch import environment
from edge_sentry.supervisor.places import BATCH, LAUNCHER, OUTPUT, STATUS
from edge_sentry.supervisor.playbook import Playbook
from edge_sentry.supervisor.processes import Ending, Force, Process, Running


class Birth(NamedTuple):
    """What is to be started, in its job from its first instruction on."""

    job: str
    command: str
    folder: str
    output: Path
    environment: Mapping[str, str]


class Kernel(Protocol):
    """The few calls of the system that are needed. `born` is the creation time in 100 ns, UTC."""

    def create(self, birth: Birth) -> Process:
        """Raises OSError; FileExistsError when there is a job of this name."""

    def members(self, job: str) -> frozenset[Process]:
        """The living processes; empty when there is no such job."""

    def press_break(self, process: Process) -> None:
        """Ctrl-Break for the process and its console group; none when it is gone."""

    def end(self, job: str) -> None:
        """Ends all of its processes at once; none when there is no such job."""

    def age_s(self, process: Process) -> float:
        """Seconds since it was born."""


class WindowsProcesses:
    """The port `Processes`."""

    def __init__(self, environ: Mapping[str, str], kernel: Kernel) -> None:
        self._environ = environ
        self._kernel = kernel

    def boot(self) -> str:
        """Windows does not say; a process is known by its creation time, whatever the boot."""
        return ""

    def start(self, folder: Path, playbook: Playbook) -> None:
        if self._kernel.members(job_name(folder)):
            raise BlockingIOError("its last run is not over")
        self.forget(folder)
        replace_file(folder / BATCH, batch.text(folder, playbook.script).encode(), durable=False)
        birth = Birth(
            job=job_name(folder),
            command=batch.command(folder),
            folder=playbook.folder,
            output=folder / OUTPUT,
            environment=environment(self._environ, playbook, folder),
        )
        self._write(folder, self._kernel.create(birth))

    def running(self, folder: Path) -> Running | None:
        """Of a run whose start was not written down any more, the oldest process is the launcher."""
        members = self._kernel.members(job_name(folder))
        if not members:
            return None
        launcher = _read(folder)
        if launcher is None:
            launcher = min(members, key=lambda each: (each.born, each.pid))
            self._write(folder, launcher)
        if launcher not in members:
            return None
        return Running(launcher, self._kernel.age_s(launcher))

    def ending(self, folder: Path) -> Ending | None:
        if _read(folder) is None:
            return None
        try:
            return Ending(int(read_file(folder / STATUS)))
        except (OSError, ValueError):
            return Ending(None)

    def forget(self, folder: Path) -> None:
        for name in (LAUNCHER, STATUS):
            (folder / name).unlink(missing_ok=True)

    def members(self, folder: Path) -> frozenset[Process]:
        return self._kernel.members(job_name(folder))

    def signal(self, folder: Path, force: Force) -> None:
        """There are but two degrees: asking a second time would change nothing."""
        job, launcher = job_name(folder), _read(folder)
        if force is Force.KILL:
            self._kernel.end(job)
        elif force is Force.ASK and launcher is not None and launcher in self._kernel.members(job):
            self._kernel.press_break(launcher)

    def _write(self, folder: Path, launcher: Process) -> None:
        """A full disk costs nothing but a look at the job's members."""
        with suppress(OSError):
            replace_file(folder / LAUNCHER, msgspec.json.encode(launcher), durable=False)


def job_name(folder: Path) -> str:
    """The same for each agent on this data folder, and no other's."""
    return f"Local\\edge-sentry-{hashlib.sha256(str(folder).encode()).hexdigest()[:32]}"


def environment_block(variables: Mapping[str, str]) -> str:
    """As CreateProcessW wants it: sorted without regard to case, NUL after each, and one more at the end."""
    ordered = sorted(variables.items(), key=lambda each: each[0].upper())
    return "".join(f"{name}={text}\0" for name, text in ordered) + "\0"


def _read(folder: Path) -> Process | None:
    return load_if_readable(folder / LAUNCHER, Process)
