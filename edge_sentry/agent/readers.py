"""Reads each mining program about every 10 s, in few threads, so that a slow one delays no other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import NamedTuple

READ_EVERY_S = 10.0
MOST_THREADS = 4
_MOST_LOGGED = 100

log = logging.getLogger(__name__)


class Target(NamedTuple):
    """A program that is to be read. `run`: the pid of its run, 0 for one that is only watched.

    `hashrate_after`: as in a playbook, where there is no `port` to ask; `token` as its `api_token`.
    """

    id: str
    miner: str
    port: int | None
    managed: bool
    run: int = 0
    hashrate_after: str | None = None
    token: str | None = None


class Readers:
    """`read` is called for each target when it is due. With nothing to read no thread ever wakes."""

    def __init__(
        self,
        read: Callable[[Target], None],
        steady: Callable[[], float],
        every_s: float = READ_EVERY_S,
    ) -> None:
        self._read = read
        self._every_s = every_s
        self._steady = steady
        self._due: dict[Target, float] = {}
        self._busy: set[Target] = set()
        self._changed = threading.Condition()
        self._threads = 0
        self.mishaps = 0

    def want(self, targets: Iterable[Target]) -> None:
        """These from now on; one that is new is due at once."""
        wanted = set(targets)
        if wanted == self._due.keys():
            return
        with self._changed:
            now = self._steady()
            self._due = {target: self._due.get(target, now) for target in wanted}
            while self._threads < min(len(wanted), MOST_THREADS):
                self._threads += 1
                threading.Thread(target=self._work, name=f"read-{self._threads}", daemon=True).start()
            self._changed.notify_all()

    def _work(self) -> None:
        while True:
            target = self._next()
            try:
                self._read(target)
            except Exception:
                # One program's answer that nobody foresaw must not end the reading of the others.
                self.mishaps += 1
                if self.mishaps <= _MOST_LOGGED:
                    log.exception("Mishap %d while reading %s; going on", self.mishaps, target.id)
            finally:
                self._done(target)

    def _next(self) -> Target:
        """Waits until one is due that no other thread reads."""
        with self._changed:
            while True:
                idle = [target for target in self._due if target not in self._busy]
                first = min(idle, key=self._due.__getitem__, default=None)
                wait_s = None if first is None else self._due[first] - self._steady()
                if first is not None and wait_s is not None and wait_s <= 0:
                    self._busy.add(first)
                    self._due[first] = self._steady() + self._every_s
                    return first
                self._changed.wait(wait_s)

    def _done(self, target: Target) -> None:
        with self._changed:
            self._busy.discard(target)
            self._changed.notify()
