"""The reading of a program without an API: the newest hashrate of its log, as long as the log grows."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from edge_sentry.agent.readers import Target
from edge_sentry.miners.log_lines import reading_of
from edge_sentry.miners.normal_form import MinerReading, State, Trouble
from wire.uplink.clock import Moment

# So old may the newest line of a log be whose figures are believed: many programs write one a minute.
LOG_FRESH_S = 90.0
# After so long a silence a program counts as one that gives no answer. Some write only when 4 KB are full:
# so as long as three of its own longest silences is borne too.
LOG_SILENT_S = 300.0
_TIMES_ITS_LONGEST = 3
_LINES = 60
_BEGINS = "--- started"
_NOTHING_NEW = "its log says nothing new"


class Logs(Protocol):
    """What programs wrote, by playbook."""

    def last_lines(self, playbook: str, count: int) -> list[str]:
        """Redacted, oldest first."""

    def log_grown_bytes(self, playbook: str) -> int:
        """How much it wrote, counted since whenever; a new run may count on."""


class _Growth(NamedTuple):
    """Of one run: how much there was at `at`, when it last grew, and its longest silence before that."""

    run: int
    grown_bytes: int
    at: float
    longest_s: float = 0.0


class LogReader:
    """Lines may repeat word for word: only their bytes tell that they are new."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._growths: dict[str, _Growth] = {}

    def read(self, target: Target, at: Moment, *, told: bool) -> MinerReading | None:
        """None where nothing can be said. `told`: whether this run wrote a hashrate before."""
        growth = self._followed(target, at)
        silent_s = at.steady - growth.at
        if silent_s <= LOG_FRESH_S:
            lines = _of_this_run(self._logs.last_lines(target.id, _LINES))
            return reading_of(target.miner, lines, target.hashrate_after or "", at.wall)
        if not told or silent_s <= max(LOG_SILENT_S, _TIMES_ITS_LONGEST * growth.longest_s):
            return None
        return MinerReading(
            miner=target.miner,
            read_at=round(at.wall, 3),
            state=State.API_DOWN,
            trouble=Trouble.NO_ANSWER,
            reason=_NOTHING_NEW,
        )

    def forget(self, program: str) -> None:
        """It is no longer read."""
        self._growths.pop(program, None)

    def _followed(self, target: Target, at: Moment) -> _Growth:
        grown_bytes = self._logs.log_grown_bytes(target.id)
        before = self._growths.get(target.id)
        if before is None or before.run != target.run:
            before = _Growth(target.run, grown_bytes, at.steady)
        elif before.grown_bytes != grown_bytes:
            longest_s = max(before.longest_s, at.steady - before.at)
            before = _Growth(target.run, grown_bytes, at.steady, longest_s)
        self._growths[target.id] = before
        return before


def _of_this_run(lines: list[str]) -> list[str]:
    begins = [place for place, line in enumerate(lines) if line.startswith(_BEGINS)]
    return lines[begins[-1] + 1 :] if begins else lines
