"""Asks pools whether they take a connection; whoever asks never waits for the answer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import NamedTuple

CONNECT_WITHIN_S = 5.0


class Outcome(NamedTuple):
    """Of the newest attempt that ended, at a moment of the steady clock."""

    at: float
    works: bool


class Probe:
    """Of each pool one attempt at a time, so that names that nobody resolves do not pile up threads."""

    def __init__(
        self, steady: Callable[[], float], connect: Callable[[str], bool] | None = None, *, aside: bool = True
    ) -> None:
        """`connect` may take long. `aside`: in threads of its own; else the caller waits."""
        self._steady, self._connect, self._aside = steady, connect or takes_connections, aside
        self._under_way: set[str] = set()
        self._outcomes: dict[str, Outcome] = {}

    def ask(self, address: str) -> None:
        """Begins an attempt unless one is under way."""
        if address in self._under_way:
            return
        self._under_way.add(address)
        if self._aside:
            threading.Thread(target=self._try, args=(address,), name="pool", daemon=True).start()
        else:
            self._try(address)

    def newest(self, address: str) -> Outcome | None:
        """None before the first one has ended."""
        return self._outcomes.get(address)

    def keep_only(self, addresses: set[str]) -> None:
        """Forgets the others."""
        self._outcomes = {each: found for each, found in self._outcomes.items() if each in addresses}

    def _try(self, address: str) -> None:
        works = False
        try:
            works = self._connect(address)
        finally:
            self._outcomes[address] = Outcome(self._steady(), works)
            self._under_way.discard(address)


def takes_connections(address: str) -> bool:
    """Whether a TCP connection to "host:port" comes about; nothing is sent."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), CONNECT_WITHIN_S):
            return True
    except (OSError, ValueError):
        return False
