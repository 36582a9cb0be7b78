"""Finds mining programs that somebody else started: they are in the way of a playbook, and never touched."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import PurePath
from typing import Protocol

from edge_sentry.supervisor.playbook import Playbook


class OtherProcess(Protocol):
    """What is asked of a process; psutil has it of the system's."""

    def exe(self) -> str:
        """The path of its program. Raises psutil.AccessDenied where another user's may not be known."""

    def name(self) -> str:
        """The name that everybody may see."""

    def status(self) -> str:
        """As psutil.STATUS_…"""


class SystemNeighbours:
    """The port `Neighbours`. A look costs some milliseconds, so it is for starts alone."""

    def in_the_way(
        self,
        playbook: Playbook,
        executables: Iterable[str],
        ours: frozenset[int],
        watched_ports: Iterable[int] = (),
    ) -> str | None:
        """A port that is in use is always in the way: our program's interface could not listen there."""
        if playbook.api_port is not None:
            for pid in _listeners(playbook.api_port):
                return f"port {playbook.api_port} is in use by {_named(pid)}"
        for port in watched_ports:
            for pid in set(_listeners(port)) - ours:
                return f"{_named(pid)} on port {port}, which somebody else started, runs already"
        return _same_program(executables, ours)


def _same_program(executables: Iterable[str], ours: frozenset[int]) -> str | None:
    import psutil  # noqa: PLC0415 - only when something is started

    wanted = {_plain(executable) for executable in executables if executable}
    for pid in psutil.pids() if wanted else ():
        name = "" if pid in ours else _executable(pid)
        if name and _plain(name) in wanted:
            return f"{name} (pid {pid}), which somebody else started, runs already"
    return None


def executable_of(process: OtherProcess) -> str:
    """Its file name, "" where it may not be known.

    Another user's path is hidden from a service without rights; the name then has to do: a program that
    root started mines on the same cards.
    """
    import psutil  # noqa: PLC0415

    try:
        return PurePath(process.exe()).name
    except psutil.AccessDenied:
        return "" if process.status() == psutil.STATUS_ZOMBIE else process.name()


def _listeners(port: int) -> list[int | None]:
    """Who listens there; empty where the system does not say."""
    import psutil  # noqa: PLC0415

    with suppress(psutil.Error, OSError):
        return [
            each.pid
            for each in psutil.net_connections("tcp")
            if each.status == psutil.CONN_LISTEN and each.laddr and each.laddr.port == port
        ]
    return []


def _executable(pid: int) -> str:
    """Its file name, "" where it may not be known."""
    import psutil  # noqa: PLC0415

    with suppress(psutil.Error, OSError):
        return executable_of(psutil.Process(pid))
    return ""


def _plain(executable: str) -> str:
    """How names of programs are compared."""
    return executable.lower().removesuffix(".exe")


def _named(pid: int | None) -> str:
    return (
        "a process that cannot be seen" if pid is None else f"{_executable(pid) or 'a process'} (pid {pid})"
    )
