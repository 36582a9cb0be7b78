"""What is accepted and which pool each playbook mines for; both in the form that the supervisor keeps."""

from __future__ import annotations

import threading
from collections.abc import Callable

from edge_sentry.playbooks.ports import Work
from edge_sentry.playbooks.shelf import Record
from edge_sentry.supervisor.playbook import Playbook
from edge_sentry.supervisor.versions import unpacked
from wire.assignments import AssignedPlaybook

ToRun = Callable[[AssignedPlaybook, int], Playbook]


class Lineup:
    """Used by two threads: one accepts documents, one changes pools."""

    def __init__(self, work: Work, to_run: ToRun, record: Record | None) -> None:
        self._work, self._to_run = work, to_run
        self._lock = threading.Lock()
        self._record = record

    @property
    def playbooks(self) -> tuple[AssignedPlaybook, ...]:
        """Those of the accepted document; none before the first one."""
        record = self._record
        return () if record is None else record.document.playbooks

    def pools(self) -> dict[str, int]:
        """Of each playbook whose pools the sentry changes: for which of them it mines."""
        return {each.playbook: self._pool(each) for each in self.playbooks if len(each.scripts) > 1}

    def accept(self, record: Record) -> None:
        """From now on this one, from the first pool on where the playbook is another."""
        with self._lock:
            self._record = record

    def settle(self) -> None:
        """Hands over what the supervisor does not have yet. Raises OSError or ValueError."""
        with self._lock:
            self._hand_over({})

    def change_pool(self, playbook: str, pool: int) -> None:
        """Raises OSError or ValueError."""
        with self._lock:
            self._hand_over({playbook: pool})

    def wanted(self) -> dict[str, int]:
        """The version of each playbook that is to run, as the supervisor counts them."""
        return {each.playbook: self._to_run(each, self._pool(each)).version for each in self.playbooks}

    def _hand_over(self, pools: dict[str, int]) -> None:
        record = self._record
        if record is None:
            return
        runs = tuple(
            self._to_run(each, pools.get(each.playbook, self._pool(each)))
            for each in record.document.playbooks
        )
        if (record.revision, runs) != self._work.assigned:
            self._work.assign(record.revision, runs)

    def _pool(self, playbook: AssignedPlaybook) -> int:
        """Where it was before a restart of the agent too: the supervisor's version tells it."""
        for each in self._work.assigned.playbooks:
            known = unpacked(each.version)
            if each.packed and (each.id, known.number) == (playbook.playbook, playbook.version):
                return min(known.pool, len(playbook.scripts) - 1)
        return 0
