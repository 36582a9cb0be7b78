"""The port `Eyes` on the machine itself."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Generic, TypeVar

import psutil

from edge_sentry.agent.sampler import Sampler
from edge_sentry.checks.sight import Open, Readings, Seen
from edge_sentry.collectors import COLLECTORS
from edge_sentry.service.machine import ThisMachine, system_processes
from edge_sentry.service.system import Account, Outcome
from edge_sentry.settings.identity import Identity
from edge_sentry.supervisor.places import MINING, RUNS
from wire.uplink.inquiry import Answer, ask_without_token

_PATIENCE_S = 4.0
# Loads are measured between two samples.
_BETWEEN_S = 0.3

Result = TypeVar("Result")


class _Once(Generic[Result]):
    """Several checks ask the same at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: Result | Exception | None = None

    def get(self, look: Callable[[], Result]) -> Result:
        with self._lock:
            if self._kept is None:
                try:
                    self._kept = look()
                except Exception as error:  # noqa: BLE001 - kept for whoever asks next, and raised
                    self._kept = error
            if isinstance(self._kept, Exception):
                raise self._kept
            return self._kept


class SystemEyes:
    """The port `Eyes`."""

    def __init__(self) -> None:
        self._machine = ThisMachine(timeout_s=_PATIENCE_S)
        self._answer = _Once[Answer]()
        self._processes = _Once[tuple[Seen, ...]]()

    def run(self, command: Sequence[str]) -> Outcome:
        return self._machine.run(command)

    def account(self, name: str) -> Account | None:
        return self._machine.account(name)

    def groups(self, user: str) -> frozenset[str] | None:
        account = self._machine.account(user)
        if account is None or sys.platform == "win32":
            return None
        import grp  # noqa: PLC0415 - not on Windows

        numbers = set(os.getgrouplist(user, account.gid))
        return frozenset(each.gr_name for each in grp.getgrall() if each.gr_gid in numbers)

    def system_groups(self) -> frozenset[str]:
        if sys.platform == "win32":
            return frozenset()
        import grp  # noqa: PLC0415 - not on Windows

        return frozenset(each.gr_name for each in grp.getgrall())

    def processes(self) -> tuple[Seen, ...]:
        return self._processes.get(_processes)

    def open_ports(self) -> tuple[Open, ...]:
        try:
            sockets = psutil.net_connections("tcp")
        except psutil.AccessDenied as error:
            raise PermissionError(None, "it shows sockets to administrators only") from error
        listening = [each for each in sockets if each.status == psutil.CONN_LISTEN and each.laddr]
        return tuple(Open(each.laddr.ip, each.laddr.port, each.pid) for each in listening if each.laddr)

    def ours(self, folder: Path) -> frozenset[int]:
        processes = system_processes()
        found: set[int] = set()
        with suppress(FileNotFoundError, NotADirectoryError):
            for run in (folder / MINING / RUNS).iterdir():
                found.update(each.pid for each in processes.members(run))
        return frozenset(found)

    def resolve(self, host: str) -> tuple[str, ...]:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        return tuple(dict.fromkeys(str(each[4][0]) for each in found))

    def ask(self, identity: Identity) -> Answer:
        return self._answer.get(lambda: ask(identity))

    def read_sources(self) -> Readings:
        # Elsewhere, so that no reading is missing in the running sentry's own memory of the cards.
        with tempfile.TemporaryDirectory(prefix="edge-sentry-") as folder:
            sources = tuple(each._replace(budget_s=min(each.budget_s, _PATIENCE_S)) for each in COLLECTORS)
            sampler = Sampler(sources, Path(folder))
            with closing(sampler):
                sampler.sample()
                time.sleep(_BETWEEN_S)
                reading = sampler.sample()
        return Readings(len(COLLECTORS), len(reading.devices), reading.unread)


def ask(identity: Identity) -> Answer:
    """Asks without the token; raises UplinkFailure."""
    return ask_without_token(identity.url, allow_http=identity.allow_http)


def _processes() -> tuple[Seen, ...]:
    found = []
    for process in psutil.process_iter(["name", "username", "cmdline"]):
        known = process.info
        command = " ".join(known["cmdline"] or ())
        found.append(Seen(process.pid, known["name"] or "", known["username"] or "", command))
    return tuple(found)
