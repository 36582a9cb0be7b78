"""One reading of one mining program: from its API, believed only from its own process, or from its log."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from edge_sentry.agent.doorkeeper import Doorkeeper
from edge_sentry.agent.log_reader import LogReader, Logs
from edge_sentry.agent.readers import Target
from edge_sentry.miners.ask import read_miner
from edge_sentry.miners.normal_form import MinerReading, State, Trouble
from edge_sentry.miners.table import MINERS
from edge_sentry.supervisor.facts import MinerFacts
from edge_sentry.supervisor.told import facts_of
from wire.uplink.clock import Moment

Ask = Callable[[str, int, str | None], MinerReading]


class Seen(NamedTuple):
    """What is known of a program: the newest reading, and the newest with figures and when that was."""

    target: Target
    newest: MinerReading
    facts: MinerFacts
    told: MinerReading | None = None
    told_at: float = 0.0


class ProgramReader:
    """`seen` has the newest by program; threads may read different programs at once."""

    def __init__(
        self,
        doorkeeper: Doorkeeper,
        logs: Logs,
        now: Callable[[], Moment],
        ask: Ask | None = None,
    ) -> None:
        self._doorkeeper = doorkeeper
        self._logs = LogReader(logs)
        self._now = now
        self._ask = ask or _asked
        self.seen: dict[str, Seen] = {}

    def facts(self, program: str) -> MinerFacts | None:
        """What the supervisor may judge by."""
        seen = self.seen.get(program)
        return None if seen is None else seen.facts

    def read(self, target: Target) -> None:
        """Takes as long as the program takes to answer, bounded."""
        at = self._now()
        reading = self._read(target, at)
        if reading is None:
            return
        before = self.seen.get(target.id)
        seen = Seen(target, reading, facts_of(reading, at.steady))
        if reading.trouble is None:
            seen = seen._replace(told=reading, told_at=at.steady)
        elif before is not None and before.target == target:
            seen = seen._replace(told=before.told, told_at=before.told_at)
        self.seen[target.id] = seen

    def keep_only(self, targets: set[Target]) -> None:
        """Forgets what is no longer read."""
        programs = {each.id for each in targets}
        for gone in self.seen.keys() - programs:
            self.seen.pop(gone, None)
            self._logs.forget(gone)
        self._doorkeeper.keep_only(targets)

    def _read(self, target: Target, at: Moment) -> MinerReading | None:
        if target.port is None:
            return self._logs.read(target, at, told=self._told(target))
        stranger = self._stranger(target, at)
        if stranger is not None:
            return stranger
        reading = self._ask(target.miner, target.port, target.token)
        # Again: whoever answered may have opened the port since.
        return (self._stranger(target, at) if reading.trouble is None else None) or reading

    def _stranger(self, target: Target, at: Moment) -> MinerReading | None:
        """What is told instead of figures when another process than the run's holds the port."""
        if target.port is None or not target.managed:
            return None
        reason = self._doorkeeper.stranger(target, target.port)
        if reason is None:
            return None
        return MinerReading(
            miner=target.miner,
            read_at=round(at.wall, 3),
            state=State.API_DOWN,
            trouble=Trouble.ANOTHER_PROGRAM,
            reason=reason,
        )

    def _told(self, target: Target) -> bool:
        """Whether this run ever told figures."""
        before = self.seen.get(target.id)
        return before is not None and before.target == target and before.told is not None


def _asked(miner: str, port: int, token: str | None) -> MinerReading:
    return read_miner(MINERS[miner], port, token)
