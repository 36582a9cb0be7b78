"""The port to the system's processes: a run is a tree of processes known by its folder."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple, Protocol

from edge_sentry.supervisor.playbook import Playbook


class Process(NamedTuple):
    """One process for ever: the system may give `pid` away again, but never with the same `born`."""

    pid: int
    born: int


class Running(NamedTuple):
    """A run under way. `process` is the mining program itself as soon as it is known."""

    process: Process
    age_s: float


class Ending(NamedTuple):
    """How a run ended: an exit status, above 128 that of a signal; None when nobody could note it.

    `why`: what its script shows of the reason, "" for nothing.
    """

    status: int | None
    why: str = ""


class Force(IntEnum):
    """How firmly a run is told to end."""

    ASK = 1
    INSIST = 2
    KILL = 3


class Processes(Protocol):
    """One implementation for each system. Only what belongs to the run is ever looked at or ended."""

    def boot(self) -> str:
        """Differs after each boot of the machine; "" where the system does not tell."""

    def start(self, folder: Path, playbook: Playbook) -> None:
        """Starts the script in a session of its own; raises OSError, also when the run is not over."""

    def running(self, folder: Path) -> Running | None:
        """The run under way, whoever started it; cheap enough for every second."""

    def ending(self, folder: Path) -> Ending | None:
        """How the last run of this boot ended; None when there was none, or it is forgotten."""

    def forget(self, folder: Path) -> None:
        """The end of the last run has been noted."""

    def members(self, folder: Path) -> frozenset[Process]:
        """Every living process of the run, those included that left its session."""

    def signal(self, folder: Path, force: Force) -> None:
        """To every member; one that is gone meanwhile is no error."""


class Neighbours(Protocol):
    """The port to processes that are not ours. They are never touched."""

    def in_the_way(
        self,
        playbook: Playbook,
        executables: Iterable[str],
        ours: frozenset[int],
        watched_ports: Iterable[int] = (),
    ) -> str | None:
        """Who listens on the playbook's port; else who runs one of the executables; as a sentence.

        `ours`: the pids of all runs, which are no neighbours on any port but this. `watched_ports`: of
        programs that are watched and whose executable could not be learned: who listens there runs.
        """
