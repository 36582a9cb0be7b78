"""Gives each of thousands of simulated rigs its turn, with few threads."""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from wire.uplink.clock import Moment

WORKERS = 12
START_APART_S = 0.02
GOODBYE_S = 6.0
MISHAP_PAUSE_S = 10.0

T = TypeVar("T")

log = logging.getLogger(__name__)


class Turns(Protocol):
    """What a fleet needs of a rig."""

    def turn(self) -> float:
        """Does what is due; returns when, by the steady clock, it wants its next turn."""
        ...

    def goodbye(self) -> bool:
        """Says that it stops; True when that arrived."""
        ...


class Fleet:
    """A queue of turns by their time, and workers that take the earliest when it is due."""

    def __init__(self, rigs: Sequence[Turns], now: Callable[[], Moment], time_scale: float = 1) -> None:
        """`now` may run `time_scale` times faster than real time."""
        self._rigs = rigs
        self._now = now
        self._time_scale = time_scale
        start = now().steady
        # Apart, so that a thousand rigs do not enrol in one burst.
        self._turns = [(start + index * START_APART_S * time_scale, index) for index in range(len(rigs))]
        self._changed = threading.Condition()
        self._stopping = False
        self._goodbyes = 0
        self._workers = [
            threading.Thread(target=self._work, name=f"rigs-{number}", daemon=True)
            for number in range(min(WORKERS, len(rigs)))
        ]

    def start(self) -> None:
        """Returns at once."""
        for worker in self._workers:
            worker.start()

    def stop(self, limit_s: float = GOODBYE_S) -> int:
        """Lets every rig say goodbye, for at most `limit_s` seconds; returns how many could."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        until = time.monotonic() + limit_s
        for worker in self._workers:
            worker.join(max(0.0, until - time.monotonic()))
        return self._goodbyes

    def _work(self) -> None:
        while (index := self._next_turn()) is not None:
            due = self._guarded(index, self._rigs[index].turn, self._now().steady + MISHAP_PAUSE_S)
            with self._changed:
                heapq.heappush(self._turns, (due, index))
                self._changed.notify()
        self._see_off()

    def _next_turn(self) -> int | None:
        """Waits for a rig whose turn is due; None when the fleet stops."""
        with self._changed:
            while not self._stopping:
                wait_s = self._turns[0][0] - self._now().steady if self._turns else None
                if wait_s is not None and wait_s <= 0:
                    return heapq.heappop(self._turns)[1]
                self._changed.wait(None if wait_s is None else wait_s / self._time_scale)
        return None

    def _see_off(self) -> None:
        """Takes only rigs that wait: one at its turn is seen off by the worker that gives it."""
        while True:
            with self._changed:
                if not self._turns:
                    return
                index = self._turns.pop()[1]
            said = self._guarded(index, self._rigs[index].goodbye, False)
            with self._changed:
                self._goodbyes += said

    def _guarded(self, index: int, step: Callable[[], T], otherwise: T) -> T:
        try:
            return step()
        except Exception:
            # The outermost loop of a simulated agent: one rig's error must not end its worker.
            log.exception("Mishap of simulated rig %d; going on", index + 1)
            return otherwise
