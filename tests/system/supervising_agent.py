"""An agent that only supervises, made to be killed: `supervising_agent FOLDER [POINT]`.

At POINT it kills itself as kill -9 does: "locked" before the fork, "forked" right after it, before
anything is noted; "slow" widens the time until the launcher has noted itself.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from edge_sentry.agent.moment import system_now
from edge_sentry.settings.lock import FolderLock
from edge_sentry.supervisor.defaults import Defaults
from edge_sentry.supervisor.facts import MinerFacts, RigFacts
from edge_sentry.supervisor.minder import Ports
from edge_sentry.supervisor.neighbours import SystemNeighbours
from edge_sentry.supervisor.playbook import Playbook
from edge_sentry.supervisor.posix import PosixProcesses
from edge_sentry.supervisor.supervisor import Supervisor

_LOOK_EVERY_S = 0.05
_QUICK = Defaults(back_off_s=(0.1, 0.2), crash_loop_exits=100, insist_after_s=0.5, kill_after_s=1.0)


class NoMachine:
    """The port `Machine`; a test reboots nothing."""

    def uptime_s(self) -> float:
        return 1.0

    def reboot(self) -> None:
        raise AssertionError("a test reboots nothing")


class NoReadings:
    """The port `Readings` of an agent that reads nothing."""

    def miner(self, playbook: str) -> MinerFacts | None:
        return None

    def rig(self) -> RigFacts | None:
        return None


class DyingProcesses(PosixProcesses):
    """The port `Processes` of an agent that dies in the midst of a start."""

    def __init__(self, point: str, shell: str) -> None:
        super().__init__(os.environ, shell)
        self._point = point

    def _spawn(self, folder: Path, playbook: Playbook, strays: list[int]) -> None:
        self._die_at("locked")
        super()._spawn(folder, playbook, strays)
        self._die_at("forked")
        self._die_at("slow")

    def _die_at(self, point: str) -> None:
        if self._point == point:
            os.kill(os.getpid(), signal.SIGKILL)


def _slow_shell(folder: Path) -> str:
    shell = folder / "slow-shell"
    shell.write_text('#!/bin/sh\nsleep 0.3\nexec /bin/sh "$@"\n')
    shell.chmod(0o700)
    return str(shell)


def main() -> None:
    folder, point = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    FolderLock(folder)
    shell = _slow_shell(folder) if point == "slow" else "/bin/sh"
    ports = Ports(DyingProcesses(point, shell), SystemNeighbours(), NoReadings())
    supervisor = Supervisor(folder, ports, NoMachine(), now=system_now, defaults=_QUICK)
    while True:
        supervisor.look()
        time.sleep(_LOOK_EVERY_S)


if __name__ == "__main__":
    main()
