"""Tells whether the process that answers on a program's port is one of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from edge_sentry.agent.readers import Target
from edge_sentry.miners.listener import Listener, listener_on, open_file


class _Door(NamedTuple):
    """The socket that was found to be of the run: what `pid` has open under `descriptor`."""

    pid: int
    descriptor: int
    socket: str


class Doorkeeper:
    """`pids` gives the processes of a playbook's run. Asked by several threads, about one target each."""

    def __init__(
        self,
        pids: Callable[[str], frozenset[int]],
        listener: Callable[[int], Listener | None] = listener_on,
        opened: Callable[[int, int], str | None] = open_file,
    ) -> None:
        self._pids = pids
        self._listener = listener
        self._opened = opened
        self._known: dict[Target, _Door] = {}

    def stranger(self, target: Target, port: int) -> str | None:
        """Who answers on the port and is none of the run, as a reason not to believe it; else None."""
        known = self._known.get(target)
        if known is not None and self._opened(known.pid, known.descriptor) == known.socket:
            return None
        found = self._listener(port)
        if found is None:
            return None
        if found.pid is None or found.pid not in self._pids(target.id):
            who = "that cannot be seen" if found.pid is None else f"(pid {found.pid})"
            return f"another process {who} answers on its port"
        socket = self._opened(found.pid, found.descriptor)
        if socket is not None:
            self._known[target] = _Door(found.pid, found.descriptor, socket)
        return None

    def keep_only(self, targets: set[Target]) -> None:
        """Forgets all others."""
        for gone in self._known.keys() - targets:
            self._known.pop(gone, None)
