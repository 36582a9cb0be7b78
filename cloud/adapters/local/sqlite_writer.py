"""The one thread that writes to the SQLite file.

It takes whatever waits, commits it together (synchronous=FULL) and only then answers: an answer
means that the write survives a power cut, and a busy farm shares its syncs.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from cloud.ports import Change, StoreUnavailable

_GROUP_MAX = 200

Changes = list[Change]
Job = Callable[[sqlite3.Connection, Changes], bool]
"""Works inside a savepoint, notes what it changed; False takes its changes back."""


@dataclass(slots=True)
class _Order:
    """A job and the promise of its answer."""

    job: Job
    answer: Future[bool] = field(default_factory=Future)


class SqliteWriter:
    """`on_changes` is told, by the writer thread and after the commit, of each change of a watched item."""

    def __init__(
        self, connection: sqlite3.Connection, on_changes: Callable[[Sequence[Change]], None]
    ) -> None:
        self._connection, self._on_changes = connection, on_changes
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def carry_out(self, job: Job) -> bool:
        """Waits until the job is committed; raises StoreUnavailable when it could not be."""
        order = _Order(job)
        with self._lock:
            if self._closed:
                raise StoreUnavailable("The store is closed.")
            self._orders.put(order)
        return order.answer.result()

    def close(self) -> None:
        """Finishes what was ordered, then lets go of the file."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._orders.put(None)
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        last = False
        while not last:
            group, last = self._next_group()
            if group:
                self._commit(group)

    def _next_group(self) -> tuple[list[_Order], bool]:
        group: list[_Order] = []
        while not group or (len(group) < _GROUP_MAX and not self._orders.empty()):
            order = self._orders.get()
            if order is None:
                return group, True
            group.append(order)
        return group, False

    def _commit(self, group: Sequence[_Order]) -> None:
        changes: Changes = []
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            outcomes = [self._attempt(order.job, changes) for order in group]
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._give_up(group, error)
            return
        for order, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, Exception):
                order.answer.set_exception(outcome)
            else:
                order.answer.set_result(outcome)
        if changes:
            self._on_changes(changes)

    def _attempt(self, job: Job, changes: Changes) -> bool | Exception:
        done: Changes = []
        self._connection.execute("SAVEPOINT job")
        outcome = self._outcome(job, done)
        if not self._connection.in_transaction:
            # SQLite itself gave the whole transaction up (a full disk), and with it the group.
            raise sqlite3.OperationalError(str(outcome))
        if outcome is not True:
            self._connection.execute("ROLLBACK TO job")
        self._connection.execute("RELEASE job")
        if outcome is True:
            changes += [change for change in done if change.item.watched]
        return outcome

    def _outcome(self, job: Job, done: Changes) -> bool | Exception:
        try:
            return job(self._connection, done)
        except sqlite3.Error as error:
            return StoreUnavailable(str(error))
        except Exception as error:  # noqa: BLE001 - it is raised where the job was ordered
            return error

    def _give_up(self, group: Sequence[_Order], error: sqlite3.Error) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        for order in group:
            order.answer.set_exception(StoreUnavailable(str(error)))
