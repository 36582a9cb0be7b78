"""Work on one store that takes turns call by call, so that a test chooses how it interleaves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from cloud.domain.keys import Key
from cloud.ports import Item, Page, Ports, Put, Write
from tests.fakes.store import MemoryStore
from tests.fakes.world import World


class TurnStore:
    """The port `Store`, which waits for its turn before each call."""

    def __init__(self, within: MemoryStore, wait: Callable[[], None]) -> None:
        self._within, self._wait = within, wait

    def get(self, key: Key) -> Item | None:
        self._wait()
        return self._within.get(key)

    def get_many(self, keys: Sequence[Key], *, stale_ok: bool = False) -> dict[Key, Item]:
        self._wait()
        return self._within.get_many(keys)

    def query(
        self,
        pk: str,
        first: str,
        last: str,
        *,
        forwards: bool = True,
        limit: int = 1000,
        after: str | None = None,
    ) -> Page:
        self._wait()
        return self._within.query(pk, first, last, forwards=forwards, limit=limit, after=after)

    def write(self, write: Write) -> bool:
        self._wait()
        return self._within.write(write)

    def write_all(self, writes: Sequence[Put]) -> list[bool]:
        self._wait()
        return self._within.write_all(writes)

    def commit(self, writes: Sequence[Write]) -> bool:
        self._wait()
        return self._within.commit(writes)


class Worker:
    """Does one job, call by call: `step` lets it make its next call of the store."""

    def __init__(self, world: World, job: Callable[[Ports], object]) -> None:
        self._turn, self._paused = threading.Semaphore(0), threading.Semaphore(0)
        self.over = False
        ports = replace(world.ports, store=TurnStore(world.store, self._wait))
        self._thread = threading.Thread(target=self._run, args=(ports, job))
        self._thread.start()
        self._paused.acquire()

    def _wait(self) -> None:
        self._paused.release()
        self._turn.acquire()

    def _run(self, ports: Ports, job: Callable[[Ports], object]) -> None:
        try:
            job(ports)
        finally:
            self.over = True
            self._paused.release()

    def step(self) -> None:
        if not self.over:
            self._turn.release()
            self._paused.acquire()

    def finish(self) -> None:
        while not self.over:
            self.step()
        self._thread.join()


def interleave(
    world: World, jobs: Sequence[Callable[[Ports], object]], turns: Sequence[int], order: Sequence[int]
) -> None:
    """Runs the jobs at once: call by call as `turns` say, and then each to its end in that order."""
    workers = [Worker(world, job) for job in jobs]
    for turn in turns:
        workers[turn].step()
    for number in order:
        workers[number].finish()
