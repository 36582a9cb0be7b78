"""Asks every collector and keeps what can be true; what cannot be had goes with its reason."""

from __future__ import annotations

import logging
import math
import threading
from dataclasses import replace
from pathlib import Path

import msgspec

from edge_sentry.collectors import Collect, Source
from edge_sentry.reading import Reading, Spec, merged
from wire.messages import Mining, Specs, Unread
from wire.metrics import BY_NAME, misreading, to_step

_LONGEST_TEXT = 200
_MOST_UNREAD = 200
# As wire.messages.Mining has them.
_MOST_MINING = 8
_LONGEST_ALGORITHM = 40
_LONGEST_COIN = 20
_HIGHEST_HASHRATE = 1e24

log = logging.getLogger(__name__)


class Sampler:
    """Reads all sources, one thread at a time. One that fails does not lose the others."""

    def __init__(self, sources: tuple[Source, ...], folder: Path) -> None:
        self._sources = sources
        self._folder = folder
        self._started: dict[str, Collect] = {}
        self._lock = threading.Lock()
        self._logged: set[str] = set()

    def sample(self) -> Reading:
        """Everything that can be read now. The first call starts the sources."""
        with self._lock:
            return believable(merged(*(self._read(source) for source in self._sources)))

    def _read(self, source: Source) -> Reading:
        try:
            if source.name not in self._started:
                self._started[source.name] = source.start(self._folder)
            return self._started[source.name]()
        except Exception as error:  # noqa: BLE001 - drivers fail in ways nobody lists; the reason is sent
            reason = f"{type(error).__name__}: {error}"
            self._log_once(source.name, reason, error)
            return Reading(unread=dict.fromkeys(source.metrics, reason))

    def _log_once(self, name: str, reason: str, error: Exception) -> None:
        line = f"Cannot read {name}: {reason}"
        if line not in self._logged and len(self._logged) < 100:
            self._logged.add(line)
            log.warning(line, exc_info=error)


def believable(reading: Reading) -> Reading:
    """Moves values outside their metric's bounds to the unread ones, and rounds the others to its step."""
    doubts = {name: _doubt(name, value) for name, value in reading.values.items()}
    reasons = {name: doubt for name, doubt in doubts.items() if doubt is not None}
    values = {
        name: float(to_step(BY_NAME[name], value))
        for name, value in reading.values.items()
        if name not in reasons
    }
    return replace(reading, values=values, unread={**reading.unread, **reasons})


def specs_of(reading: Reading, agent_version: str) -> Specs:
    """The specs as the wire has them."""
    known = {name: _shortened(spec) for name, spec in reading.specs.items()}
    return msgspec.convert({**known, "agent_version": agent_version}, Specs)


def unread_of(reading: Reading) -> tuple[Unread, ...]:
    """The reasons as the wire has them."""
    return tuple(
        Unread(part=part, reason=reason[:_LONGEST_TEXT])
        for part, reason in sorted(reading.unread.items())[:_MOST_UNREAD]
    )


def mining_of(reading: Reading) -> tuple[Mining, ...]:
    """The rows as the wire takes them; a hashrate that cannot be true counts as not read."""
    rows = [
        Mining(
            row.algorithm[:_LONGEST_ALGORITHM],
            _hashrate(row),
            row.unit,
            (row.coin or "")[:_LONGEST_COIN] or None,
        )
        for row in reading.mining
        if row.algorithm
    ]
    return tuple({(row.algorithm, row.coin): row for row in rows}.values())[:_MOST_MINING]


def _hashrate(row: Mining) -> float | None:
    known = row.hashrate is not None and math.isfinite(row.hashrate)
    return row.hashrate if known and 0 <= (row.hashrate or 0) <= _HIGHEST_HASHRATE else None


def _doubt(name: str, value: float) -> str | None:
    metric = BY_NAME.get(name)
    if metric is None:
        return "is not a metric that we know"
    reason = misreading(metric, value)
    return None if reason is None else f"read {value:g}, which {reason}"


def _shortened(spec: Spec) -> Spec:
    return spec[:_LONGEST_TEXT] if isinstance(spec, str) else spec
