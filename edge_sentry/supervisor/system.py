"""Chooses what the supervisor runs on: the one place that knows which system this is."""

from __future__ import annotations

import os
import sys

from edge_sentry.supervisor.facts import Readings
from edge_sentry.supervisor.minder import Ports
from edge_sentry.supervisor.neighbours import SystemNeighbours
from edge_sentry.supervisor.processes import Processes
from edge_sentry.supervisor.reboot import Machine, SystemMachine, call


def system_ports(readings: Readings) -> Ports:
    """The processes of this system."""
    return Ports(_processes(), SystemNeighbours(), readings)


def system_machine() -> Machine:
    """This machine. Whether it may be rebooted is the supervisor's to know."""
    return SystemMachine(call)


def _processes() -> Processes:
    if sys.platform == "win32":
        from edge_sentry.supervisor.kernel32 import WindowsKernel  # noqa: PLC0415 - there is none elsewhere
        from edge_sentry.supervisor.windows import WindowsProcesses  # noqa: PLC0415

        return WindowsProcesses(os.environ, WindowsKernel())
    from edge_sentry.supervisor.posix import PosixProcesses  # noqa: PLC0415 - nor of this on Windows

    return PosixProcesses(os.environ)
