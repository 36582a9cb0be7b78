"""One reading of one mining program: from its API, believed only from its own process, or from its log."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from edge_sentry.agent.doorkeeper import Doorkeeper
from edge_sentry.agent.readers import Target
from edge_sentry.miners.ask import read_miner
from edge_sentry.miners.log_lines import reading_of
from edge_sentry.miners.normal_form import MinerReading, State, Trouble
from edge_sentry.miners.table import MINERS
from edge_sentry.supervisor.facts import MinerFacts
from edge_sentry.supervisor.told import facts_of
from wire.uplink.clock import Moment

# So old may the newest line of a log be whose figures are believed: many programs write one a minute.
LOG_FRESH_S = 90.0
_LINES = 60
_BEGINS = "--- started"

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
        last_lines: Callable[[str, int], list[str]],
        now: Callable[[], Moment],
        ask: Ask | None = None,
    ) -> None:
        self._doorkeeper = doorkeeper
        self._last_lines = last_lines
        self._now = now
        self._ask = ask or _asked
        self._tails: dict[str, tuple[list[str], float]] = {}
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
            self._tails.pop(gone, None)
        self._doorkeeper.keep_only(targets)

    def _read(self, target: Target, at: Moment) -> MinerReading | None:
        if target.port is None:
            return self._in_log(target, at)
        stranger = self._doorkeeper.stranger(target, target.port) if target.managed else None
        if stranger is not None:
            return MinerReading(
                miner=target.miner,
                read_at=round(at.wall, 3),
                state=State.API_DOWN,
                trouble=Trouble.ANOTHER_PROGRAM,
                reason=stranger,
            )
        return self._ask(target.miner, target.port, target.token)

    def _in_log(self, target: Target, at: Moment) -> MinerReading | None:
        lines = self._last_lines(target.id, _LINES)
        before, changed_at = self._tails.get(target.id, ([], at.steady))
        if lines != before:
            changed_at = at.steady
        self._tails[target.id] = (lines, changed_at)
        if at.steady - changed_at > LOG_FRESH_S:
            return None
        return reading_of(target.miner, _of_this_run(lines), target.hashrate_after or "", at.wall)


def _of_this_run(lines: list[str]) -> list[str]:
    begins = [place for place, line in enumerate(lines) if line.startswith(_BEGINS)]
    return lines[begins[-1] + 1 :] if begins else lines


def _asked(miner: str, port: int, token: str | None) -> MinerReading:
    return read_miner(MINERS[miner], port, token)
